import { refuse, type Place } from '../source/place.ts';
import * as T from '../types/types.ts';
import type { Expr, Local } from './ast.ts';
import type { Core } from './core.ts';
import type { Specifiers } from './specifiers.ts';
import { binary, convert, sizeExpr } from './typing.ts';

export interface Declared {
  readonly name: string | null;
  readonly type: T.CType;
  readonly place: Place;
  /** Of a function: its parameters as variables, and the statements that compute the sizes of their types. */
  readonly params?: readonly Local[];
}

type Wrap = (base: T.CType) => T.CType;
interface Shape {
  readonly name: string | null;
  readonly place: Place;
  readonly wrap: Wrap;
  readonly params?: readonly Local[];
}

/** Declarators: C17 6.7.6. */
export class Declarators {
  /** Set by whoever puts the parser together. */
  specifiers!: () => Specifiers;

  constructor(private readonly core: Core) {}

  declarator(base: T.CType): Declared {
    const { name, place, wrap, params } = this.shape(true);
    if (name === null) refuse(place, 'a name is missing in the declaration');
    return { name, place, type: wrap(base), ...(params ? { params } : {}) };
  }

  abstract(base: T.CType): T.CType {
    const { name, place, wrap } = this.shape(false);
    if (name !== null) refuse(place, `${name} cannot stand in a type name`);
    return wrap(base);
  }

  private shape(wantsName: boolean): Shape {
    const { core } = this;
    const pointers: Wrap[] = [];
    while (core.takes('*')) pointers.push(this.pointer());
    core.attributes();
    const point: Wrap = (base) => pointers.reduce((type, wrap) => wrap(type), base);
    const { place } = core;
    let inner: Shape | null = null;
    let name: string | null = null;
    if (core.is('(') && this.nests(wantsName)) {
      core.next();
      inner = this.shape(wantsName);
      core.expect(')', 'in the declaration');
    } else if (core.isName()) name = core.next().text;
    const { wrap: suffix, params } = this.suffix(place);
    core.attributes();
    const wrap: Wrap = (base) => suffix(point(base));
    if (inner === null) return { name, place, wrap, ...(params ? { params } : {}) };
    const inside = inner;
    // `int (f)(void)` has its parameters outside the parentheses.
    const found = inside.params ?? params;
    return { ...inside, wrap: (base) => inside.wrap(wrap(base)), ...(found ? { params: found } : {}) };
  }

  private pointer(): Wrap {
    const { core } = this;
    let isConst = false;
    let isVolatile = false;
    for (; ['const', 'volatile', 'restrict', '__restrict', '__restrict__'].includes(core.token.text); core.next()) {
      isConst ||= core.is('const');
      isVolatile ||= core.is('volatile');
    }
    return (to) => T.qualify(T.pointerTo(to), isConst, isVolatile);
  }

  /** Does ( open a nested declarator, or the parameters of an abstract function type? */
  private nests(wantsName: boolean): boolean {
    const { core } = this;
    if (wantsName) return true;
    const next = core.ahead(1);
    if (next.text === '*' || next.text === '(' || next.text === '[') return true;
    return next.kind === 'name' && core.scopes.find(next.text)?.kind !== 'typedef' && !this.startsTypeAhead();
  }

  private startsTypeAhead(): boolean {
    const { core } = this;
    // Only keywords of types are left; a plain name would be the name that is declared.
    return core.isAt(1, ')') || !/^[A-Za-z_]\w*$/.test(core.ahead(1).text) || TYPE_WORDS.has(core.ahead(1).text);
  }

  private suffix(place: Place): { wrap: Wrap; params?: readonly Local[] } {
    const { core } = this;
    if (core.takes('(')) return this.parameters(place);
    if (!core.takes('[')) return { wrap: (base) => base };
    while (['static', 'const', 'restrict', 'volatile'].includes(core.token.text)) core.next();
    if (core.is('*') && core.isAt(1, ']')) core.next();
    const length = core.is(']') ? null : core.parts.assignment();
    const at = core.place;
    core.expect(']', 'behind the length of the array');
    const rest = this.suffix(place).wrap;
    return { wrap: (base) => this.array(rest(base), length, at) };
  }

  private array(of: T.CType, length: Expr | null, place: Place): T.CType {
    if (of.kind === 'function' || of.kind === 'void') refuse(place, `there are no arrays of ${T.typeName(of)}`);
    if (!T.isComplete(of)) refuse(place, `there are no arrays of ${T.typeName(of)}: it is not complete here`);
    if (length === null) return T.arrayOf(of, null);
    if (!T.isInteger(length.type)) refuse(place, 'the length of an array must be a whole number');
    if (length.kind === 'int' && !T.isVla(of)) {
      if (length.value < 0n) refuse(place, 'the length of an array cannot be negative');
      if (length.value * BigInt(T.sizeOf(of)) > 2n ** 46n) refuse(place, 'the array is too large');
      return T.arrayOf(of, Number(length.value));
    }
    if (this.core.function === null && !this.inPrototype)
      refuse(place, 'the length of an array outside of functions must be a constant');
    const bytes = binary('*', convert(length, T.ULONG), sizeExpr(of, place), place);
    return { kind: 'array', of, length: null, vlaBytes: this.core.keepSize(bytes) };
  }

  private inPrototype = false;

  private parameters(place: Place): { wrap: Wrap; params: readonly Local[] } {
    const { core } = this;
    const locals: Local[] = [];
    const unprototyped = core.is(')');
    let variadic = false;
    core.scopes.enter();
    const wasInside = this.inPrototype;
    this.inPrototype = true;
    if (core.is('void') && core.isAt(1, ')')) core.next();
    while (!core.is(')')) {
      if (core.takes('...')) {
        variadic = true;
        break;
      }
      if (core.isName() && !core.parts.startsType()) {
        const known =
          core.isAt(1, ',') || core.isAt(1, ')')
            ? 'parameters without types (K&R) are'
            : `${core.token.text} is no type:`;
        refuse(
          core.place,
          known.endsWith('are') ? `${known} not in the lab’s C` : `${core.token.text} is not declared as a type`,
        );
      }
      const { type } = this.specifiers();
      const shape = this.shape(false);
      const local = core.addLocal(shape.name ?? '', adjusted(shape.wrap(type)), shape.place, true);
      if (shape.name !== null) core.scopes.declare(shape.name, local);
      if (local.type.kind === 'void') refuse(shape.place, 'a parameter cannot be void');
      locals.push(local);
      if (!core.takes(',')) break;
    }
    this.inPrototype = wasInside;
    core.scopes.leave(core.place);
    core.expect(')', 'behind the parameters');
    const params = locals.map(({ name, type }) => ({ name: name === '' ? null : name, type }));
    const wrap: Wrap = (returns) => {
      if (returns.kind === 'array' || returns.kind === 'function')
        refuse(place, `a function cannot return ${T.typeName(returns)}`);
      return { kind: 'function', returns: T.unqualified(returns), params, variadic, unprototyped };
    };
    return { wrap, params: locals };
  }
}

const TYPE_WORDS = new Set(
  'void char short int long float double signed unsigned _Bool struct union enum const volatile'.split(' '),
);

/** C17 6.7.6.3: arrays and functions are passed as pointers. */
function adjusted(type: T.CType): T.CType {
  if (type.kind === 'array') return T.pointerTo(type.of);
  return type.kind === 'function' ? T.pointerTo(type) : type;
}
