import { refuse, type Place } from '../source/place.ts';
import * as T from '../types/types.ts';
import type { Case, Label, Stmt } from './ast.ts';
import type { Core, FunctionContext } from './core.ts';
import * as typing from './typing.ts';

/** Statements: C17 6.8. */
export class Statements {
  constructor(private readonly core: Core) {}

  block(): Stmt {
    const { core } = this;
    const { place } = core;
    core.expect('{', 'at the start of the block');
    core.scopes.enter();
    const stmt = this.blockBody(place);
    core.scopes.leave(core.place);
    return stmt;
  }

  /** The statements up to the closing }; the scope is the caller's. */
  blockBody(place: Place): Stmt {
    const { core } = this;
    const body: Stmt[] = [];
    while (!core.takes('}')) {
      if (core.token.kind === 'end') refuse(core.place, 'the text ends inside a block: a } is missing');
      const isLabel = core.isName() && core.isAt(1, ':');
      if (!isLabel && core.parts.startsType()) body.push(...core.parts.declaration());
      else body.push(this.statement());
    }
    return { kind: 'block', body, hasVla: body.some(declaresVla), place };
  }

  statement(): Stmt {
    const { core } = this;
    const { place, token } = core;
    if (core.is('{')) return this.block();
    if (core.isName() && core.isAt(1, ':')) return this.label(place);
    if (token.kind === 'name') {
      const found = this.keyword(token.text, place);
      if (found !== null) return found;
    }
    if (core.takes(';')) return { kind: 'block', body: [], hasVla: false, place };
    const expr = core.parts.expression();
    core.expect(';', 'at the end of the statement');
    return this.withPending({ kind: 'expr', expr, place });
  }

  private withPending(stmt: Stmt): Stmt {
    const pending = this.core.takePending();
    return pending.length === 0 ? stmt : { kind: 'block', body: [...pending, stmt], hasVla: false, place: stmt.place };
  }

  private get context(): FunctionContext {
    return this.core.function!;
  }

  private keyword(text: string, place: Place): Stmt | null {
    const { core } = this;
    switch (text) {
      case 'if':
        return this.ifElse(place);
      case 'while': {
        core.next();
        const test = this.parenthesized('while');
        return { kind: 'loop', init: null, test, after: null, body: this.loopBody(), testFirst: true, place };
      }
      case 'do':
        return this.doWhile(place);
      case 'for':
        return this.forLoop(place);
      case 'switch':
        return this.switchCase(place);
      case 'case':
      case 'default':
        return this.caseLabel(text, place);
      case 'return':
        return this.returning(place);
      case 'break':
      case 'continue': {
        core.next();
        const inside = this.context.loops > 0 || (text === 'break' && this.context.switches.length > 0);
        if (!inside) refuse(place, `${text} stands outside of any loop${text === 'break' ? ' or switch' : ''}`);
        core.expect(';', `behind ${text}`);
        return { kind: text, place };
      }
      case 'goto': {
        core.next();
        if (core.is('*')) refuse(place, 'computed goto is not in the lab’s C');
        const name = core.expectName('the name of a label');
        core.expect(';', 'behind the label');
        return { kind: 'goto', label: this.labelOf(name.text, name.place).label, place };
      }
      case 'asm':
      case '__asm__':
        return refuse(place, 'inline assembly is not in the lab’s C');
      default:
        return null;
    }
  }

  private parenthesized(after: string) {
    const { core } = this;
    core.expect('(', `behind ${after}`);
    const test = typing.condition(core.parts.expression());
    core.expect(')', `behind the condition of ${after}`);
    return test;
  }

  private ifElse(place: Place): Stmt {
    const { core } = this;
    core.next();
    const test = this.parenthesized('if');
    const yes = this.statement();
    const no = core.takes('else') ? this.statement() : null;
    return { kind: 'if', test, yes, no, place };
  }

  private loopBody(): Stmt {
    this.context.loops++;
    const body = this.statement();
    this.context.loops--;
    return body;
  }

  private doWhile(place: Place): Stmt {
    const { core } = this;
    core.next();
    const body = this.loopBody();
    if (!core.takes('while')) refuse(core.place, 'while is missing behind the body of do');
    const test = this.parenthesized('while');
    core.expect(';', 'behind do … while (…)');
    return { kind: 'loop', init: null, test, after: null, body, testFirst: false, place };
  }

  private forLoop(place: Place): Stmt {
    const { core } = this;
    core.next();
    core.expect('(', 'behind for');
    core.scopes.enter();
    let init: Stmt | null = null;
    if (core.parts.startsType()) init = { kind: 'block', body: core.parts.declaration(), hasVla: false, place };
    else if (!core.takes(';')) {
      init = { kind: 'expr', expr: core.parts.expression(), place };
      core.expect(';', 'in the head of for');
    }
    const test = core.is(';') ? null : typing.condition(core.parts.expression());
    core.expect(';', 'in the head of for');
    const after = core.is(')') ? null : core.parts.expression();
    core.expect(')', 'at the end of the head of for');
    const body = this.loopBody();
    core.scopes.leave(core.place);
    return { kind: 'loop', init, test, after, body, testFirst: true, place };
  }

  private switchCase(place: Place): Stmt {
    const { core } = this;
    core.next();
    core.expect('(', 'behind switch');
    const value = typing.promote(core.parts.expression());
    if (!T.isInteger(value.type)) refuse(place, 'switch needs a whole number');
    core.expect(')', 'behind the value of switch');
    const cases: Case[] = [];
    this.context.switches.push({ cases, type: value.type });
    const body = this.statement();
    this.context.switches.pop();
    return { kind: 'switch', value, body, cases, place };
  }

  private caseLabel(text: string, place: Place): Stmt {
    const { core } = this;
    core.next();
    const around = this.context.switches.at(-1);
    if (around === undefined) return refuse(place, `${text} stands outside of any switch`);
    const from = text === 'default' ? null : this.caseValue(around.type);
    const to = from !== null && core.takes('...') ? this.caseValue(around.type) : from;
    core.expect(':', `behind ${text}`);
    const twice = around.cases.some((known) => (from === null ? known.from === null : overlaps(known, from, to!)));
    if (twice)
      refuse(place, from === null ? 'default stands twice in the switch' : `case ${from} stands twice in the switch`);
    const label: Label = { name: text };
    around.cases.push({ from, to, label });
    return { kind: 'label', label, body: this.labelled(), place };
  }

  private caseValue(type: T.CType): bigint {
    const { core } = this;
    const value = core.parts.constant();
    const converted = typing.convert(typing.intConst(value, T.LLONG, core.place), type);
    return converted.kind === 'int' ? converted.value : value;
  }

  /** What a label stands before; C23 and gcc let it be a declaration, or the end of the block. */
  private labelled(): Stmt {
    const { core } = this;
    const { place } = core;
    if (core.is('}')) return { kind: 'block', body: [], hasVla: false, place };
    const isLabel = core.isName() && core.isAt(1, ':');
    if (!isLabel && core.parts.startsType())
      return { kind: 'block', body: core.parts.declaration(), hasVla: false, place };
    return this.statement();
  }

  private returning(place: Place): Stmt {
    const { core } = this;
    core.next();
    const { returns } = this.context.type;
    if (core.takes(';')) return { kind: 'return', value: null, place };
    const raw = core.parts.expression();
    core.expect(';', 'behind the value of return');
    if (returns.kind === 'void') {
      if (raw.type.kind !== 'void') refuse(place, 'a function that returns void cannot return a value');
      return { kind: 'return', value: raw, place };
    }
    return this.withPending({ kind: 'return', value: typing.assignable(raw, returns, place), place });
  }

  private label(place: Place): Stmt {
    const { core } = this;
    const { text } = core.next();
    core.next();
    core.attributes();
    const known = this.labelOf(text, place);
    if (known.placed) refuse(place, `the label ${text} stands twice in the function`);
    known.placed = true;
    return { kind: 'label', label: known.label, body: this.labelled(), place };
  }

  private labelOf(name: string, place: Place) {
    const { labels } = this.context;
    let known = labels.get(name);
    if (known === undefined) {
      known = { label: { name }, placed: false, place };
      labels.set(name, known);
    }
    return known;
  }
}

const overlaps = (known: Case, from: bigint, to: bigint): boolean =>
  known.from !== null && known.from <= to && from <= known.to!;

/** Does a statement of a block move the stack pointer for an array of variable length? */
function declaresVla(stmt: Stmt): boolean {
  if (stmt.kind !== 'expr' || stmt.expr.kind !== 'assign') return false;
  return stmt.expr.value.kind === 'builtin' && stmt.expr.value.name === 'vla';
}
