import { charValue, numberValue, quotedBytes } from '../source/literals.ts';
import { refuse, type Place } from '../source/place.ts';
import * as T from '../types/types.ts';
import type { BinaryOp, CompareOp, Expr, Local } from './ast.ts';
import { builtinCall, isBuiltin } from './builtins.ts';
import type { Core } from './core.ts';
import * as typing from './typing.ts';

/** From weakest to strongest; all are left-associative. C17 6.5.5 to 6.5.14. */
const LEVELS: readonly (readonly string[])[] = [
  ['||'], ['&&'], ['|'], ['^'], ['&'], ['==', '!='], ['<', '<=', '>', '>='], ['<<', '>>'], ['+', '-'], ['*', '/', '%'],
]; // prettier-ignore
const ASSIGNMENTS = ['=', '*=', '/=', '%=', '+=', '-=', '<<=', '>>=', '&=', '^=', '|='];

/** Expressions: C17 6.5. */
export class Expressions {
  constructor(private readonly core: Core) {}

  expression(): Expr {
    const { core } = this;
    let left = this.assignment();
    while (core.is(',')) {
      const { place } = core.next();
      const right = typing.rvalue(this.assignment());
      left = { kind: 'comma', type: right.type, place, left: typing.rvalue(left), right };
    }
    return left;
  }

  /** A whole number known before the program runs. */
  constant(): bigint {
    const { place } = this.core;
    const value = typing.rvalue(this.conditional());
    if (value.kind !== 'int') return refuse(place, 'a constant whole number is needed here');
    return value.value;
  }

  assignment(): Expr {
    const { core } = this;
    const left = this.conditional();
    const { text, kind, place } = core.token;
    if (kind !== 'sign' || !ASSIGNMENTS.includes(text)) return left;
    core.next();
    const right = this.assignment();
    if (text === '=') return typing.assign(left, right, place);
    return typing.update(text.slice(0, -1) as BinaryOp, left, right, 'after', place);
  }

  private conditional(): Expr {
    const { core } = this;
    const test = this.level(0);
    if (!core.is('?')) return test;
    const { place } = core.next();
    // GNU: a ?: b
    const yes = core.is(':') ? test : this.expression();
    core.expect(':', 'of the ?: expression');
    return typing.conditional(test, yes, this.conditional(), place);
  }

  private level(n: number): Expr {
    if (n === LEVELS.length) return this.cast();
    const { core } = this;
    let left = this.level(n + 1);
    while (core.token.kind === 'sign' && LEVELS[n]!.includes(core.token.text)) {
      const { text, place } = core.next();
      const right = this.level(n + 1);
      if (text === '&&' || text === '||') left = typing.logical(text, left, right, place);
      else if (n === 5 || n === 6) left = typing.compare(text as CompareOp, left, right, place);
      else left = typing.binary(text as BinaryOp, left, right, place);
    }
    return left;
  }

  private cast(): Expr {
    const { core } = this;
    if (!core.is('(') || !this.typeAfterParenthesis()) return this.unary();
    const { place } = core.next();
    const type = core.parts.typeName();
    core.expect(')', 'behind the type');
    if (core.is('{')) return this.postfix(core.parts.compoundLiteral(type, place));
    return typing.cast(this.cast(), type, place);
  }

  private typeAfterParenthesis(): boolean {
    const { core } = this;
    const { text, kind } = core.ahead(1);
    if (kind !== 'name') return false;
    const entity = core.scopes.find(text);
    if (entity !== null) return entity.kind === 'typedef';
    return TYPE_STARTS.has(text);
  }

  private unary(): Expr {
    const { core } = this;
    const { text, kind, place } = core.token;
    if (kind === 'name') return this.namedUnary(text, place);
    if (kind !== 'sign') return this.postfix(this.primary());
    switch (text) {
      case '++':
      case '--': {
        core.next();
        const one = typing.intConst(1, T.INT, place);
        return typing.update(text === '++' ? '+' : '-', this.unary(), one, 'after', place);
      }
      case '&': {
        core.next();
        const operand = this.cast();
        if (operand.type.kind === 'function') return typing.rvalue(operand);
        if (!typing.isLvalue(operand))
          refuse(place, 'only variables, members and what pointers lead to have an address');
        return typing.addressOf(operand, place);
      }
      case '*':
        core.next();
        return dereference(this.cast(), place);
      case '+':
      case '-':
      case '~':
        core.next();
        return typing.unary(text, this.cast(), place);
      case '!':
        core.next();
        return typing.logicalNot(this.cast(), place);
      default:
        return this.postfix(this.primary());
    }
  }

  private namedUnary(text: string, place: Place): Expr {
    const { core } = this;
    if (text === 'sizeof') {
      core.next();
      return this.sizeOf(place);
    }
    if (text === '_Alignof' || text === '__alignof__') {
      core.next();
      const type = core.is('(') && this.typeAfterParenthesis() ? this.parenthesizedType() : this.unary().type;
      return typing.intConst(T.alignOf(type), T.ULONG, place);
    }
    if (text === '__extension__') {
      core.next();
      return this.cast();
    }
    return this.postfix(this.primary());
  }

  private sizeOf(place: Place): Expr {
    const { core } = this;
    if (!core.is('(') || !this.typeAfterParenthesis()) return typing.sizeExpr(this.sizedOperand(), place);
    const type = this.parenthesizedType();
    if (core.is('{')) return typing.sizeExpr(this.postfix(core.parts.compoundLiteral(type, place)).type, place);
    const pending = core.takePending();
    const size = typing.sizeExpr(type, place);
    if (pending.length === 0) return size;
    return { kind: 'statements', type: T.ULONG, place, body: pending, value: size };
  }

  /** The operand is not evaluated, so its effects do not count. */
  private sizedOperand(): T.CType {
    const operand = this.unary();
    if (operand.kind === 'member' && operand.member.bits !== null) refuse(operand.place, 'a bit-field has no size');
    return operand.type;
  }

  private parenthesizedType(): T.CType {
    const { core } = this;
    core.expect('(', 'before the type');
    const type = core.parts.typeName();
    core.expect(')', 'behind the type');
    return type;
  }

  private postfix(start: Expr): Expr {
    const { core } = this;
    let e = start;
    for (;;) {
      const { place } = core;
      if (core.takes('[')) {
        const index = this.expression();
        core.expect(']', 'behind the index');
        e = dereference(typing.binary('+', e, index, place), place);
      } else if (core.takes('(')) e = this.call(e, place);
      else if (core.takes('.')) e = this.member(e, place);
      else if (core.takes('->')) e = this.member(dereference(e, place), place);
      else if (core.is('++') || core.is('--')) {
        const op = core.next().text === '++' ? '+' : '-';
        e = typing.update(op, e, typing.intConst(1, T.INT, place), 'before', place);
      } else return e;
    }
  }

  private member(record: Expr, place: Place): Expr {
    const name = this.core.expectName('the name of a member');
    const { type } = record;
    if (type.kind !== 'record') return refuse(place, `${T.typeName(type)} has no members`);
    if (type.def.members === null) return refuse(place, `${T.typeName(type)} is not complete here`);
    const member = T.findMember(type.def, name.text);
    if (member === null) return refuse(name.place, `${T.typeName(T.unqualified(type))} has no member ${name.text}`);
    const memberType = T.qualify(member.type, type.isConst === true, type.isVolatile === true);
    return { kind: 'member', type: memberType, place: name.place, record, member };
  }

  private call(callee: Expr, place: Place): Expr {
    const { core } = this;
    const args: Expr[] = [];
    while (!core.is(')')) {
      args.push(this.assignment());
      if (!core.takes(',')) break;
    }
    core.expect(')', 'behind the arguments');
    const pointer = typing.rvalue(callee);
    const signature = pointer.type.kind === 'pointer' ? pointer.type.to : null;
    if (signature?.kind !== 'function') return refuse(place, `${T.typeName(callee.type)} is no function`);
    const wanted = signature.params.length;
    const tooMany = args.length > wanted && !signature.variadic && !signature.unprototyped;
    if (args.length < wanted || tooMany) {
      const name = callee.kind === 'var' ? callee.variable.name : 'the function';
      refuse(
        place,
        `${name} takes ${wanted}${signature.variadic ? ' or more' : ''} arguments, ${args.length} are given`,
      );
    }
    const converted = args.map((arg, i) => {
      const param = signature.params[i];
      return param === undefined ? defaultPromoted(arg) : typing.assignable(arg, param.type, arg.place);
    });
    return { kind: 'call', type: signature.returns, place: callee.place, callee: pointer, signature, args: converted };
  }

  private primary(): Expr {
    const { core } = this;
    const { kind, text, place } = core.token;
    if (kind === 'number') {
      core.next();
      const number = numberValue(text, place);
      return number.kind === 'int' ? typing.intConst(number.value, number.type, place) : { ...number, place };
    }
    if (kind === 'char') return typing.intConst(charValue(core.next()), T.INT, place);
    if (kind === 'string') return this.string();
    if (core.takes('(')) return this.parenthesized(place);
    if (!core.isName() && text !== '_Generic') {
      return refuse(
        place,
        kind === 'end' ? 'the text ends inside an expression' : `${text} cannot stand here: an expression is needed`,
      );
    }
    if (text === '_Generic') return this.generic();
    core.next();
    if (isBuiltin(text)) return builtinCall(core, text, place, this);
    return this.name(text, place);
  }

  private parenthesized(place: Place): Expr {
    const { core } = this;
    if (!core.is('{')) {
      const inner = this.expression();
      core.expect(')', 'at the end of the parentheses');
      return inner;
    }
    if (core.function === null) refuse(place, 'statements cannot stand outside of functions');
    const block = core.parts.block();
    core.expect(')', 'behind the }');
    const body = block.kind === 'block' ? [...block.body] : [block];
    const last = body.at(-1);
    if (last?.kind !== 'expr') return { kind: 'statements', type: T.VOID, place, body, value: null };
    body.pop();
    const value = typing.rvalue(last.expr);
    return { kind: 'statements', type: T.unqualified(value.type), place, body, value };
  }

  private string(): Expr {
    const { core } = this;
    const { place } = core;
    const bytes: number[] = [];
    while (core.token.kind === 'string') for (const byte of quotedBytes(core.next())) bytes.push(byte);
    return core.literal(bytes, place);
  }

  name(text: string, place: Place): Expr {
    const { core } = this;
    const entity = core.scopes.find(text);
    if (entity === null) {
      if (text === '__func__' || text === '__FUNCTION__' || text === '__PRETTY_FUNCTION__') {
        return core.literal([...new TextEncoder().encode(core.function?.name ?? '')], place);
      }
      const hint = core.is('(') ? `; declare it, or include the header that does` : '';
      return refuse(place, `${text} is not declared${hint}`);
    }
    switch (entity.kind) {
      case 'typedef':
        return refuse(place, `${text} is a type: a value is needed here`);
      case 'enumerator':
        return typing.intConst(entity.value, entity.type, place);
      case 'vla': {
        const pointer = variable(entity.pointer, place);
        return { kind: 'deref', type: entity.type, place, pointer };
      }
      default:
        return { kind: 'var', type: entity.type, place, variable: entity };
    }
  }

  private generic(): Expr {
    const { core } = this;
    const { place } = core.next();
    core.expect('(', 'behind _Generic');
    const { type } = typing.rvalue(this.assignment());
    let chosen: Expr | null = null;
    let fallback: Expr | null = null;
    while (core.takes(',')) {
      const other = core.takes('default') ? null : core.parts.typeName();
      core.expect(':', 'behind the type');
      const value = this.assignment();
      if (other === null) fallback = value;
      else if (T.sameType(T.unqualified(type), other)) chosen ??= value;
    }
    core.expect(')', 'at the end of _Generic');
    return chosen ?? fallback ?? refuse(place, `_Generic has no case for ${T.typeName(type)}`);
  }
}

const TYPE_STARTS = new Set(
  (
    'void char short int long float double signed unsigned _Bool struct union enum const volatile typeof __typeof__ ' +
    '_Complex _Atomic __int128'
  ).split(' '),
);

export const variable = (local: Local, place: Place): Expr => ({
  kind: 'var',
  type: local.type,
  place,
  variable: local,
});

export function dereference(e: Expr, place: Place): Expr {
  const pointer = typing.rvalue(e);
  if (pointer.type.kind !== 'pointer') return refuse(place, `${T.typeName(pointer.type)} is no pointer`);
  const { to } = pointer.type;
  if (to.kind === 'record' && to.def.members === null) refuse(place, `${T.typeName(to)} is not complete here`);
  return { kind: 'deref', type: to, place, pointer };
}

/** Arguments that no parameter names: C17 6.5.2.2. */
function defaultPromoted(arg: Expr): Expr {
  const value = typing.rvalue(arg);
  if (value.type.kind === 'void') refuse(arg.place, 'this argument has no value (void)');
  if (value.type.kind === 'float') return typing.convert(value, T.DOUBLE);
  return value.type.kind === 'int' ? typing.promote(value) : value;
}
