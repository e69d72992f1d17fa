import { quotedBytes } from '../source/literals.ts';
import { refuse, type Place } from '../source/place.ts';
import * as T from '../types/types.ts';
import type { Expr, Stmt } from './ast.ts';
import type { Core } from './core.ts';
import * as typing from './typing.ts';

/** What an initialiser gives to one object: a value, or initialisers for its parts by element or member number. */
export interface Init {
  type: T.CType;
  value: Expr | null;
  readonly parts: Map<number, Init>;
  readonly place: Place;
  /** Of a union: the member that was named last. */
  chosen: number;
}

const blank = (type: T.CType, place: Place): Init => ({ type, value: null, parts: new Map(), place, chosen: 0 });

/** Initialisers: C17 6.7.9. */
export class Initializers {
  constructor(private readonly core: Core) {}

  /** Reads an initialiser. An array of unknown length gets its length: the type is in the result. */
  read(type: T.CType): Init {
    const init = blank(type, this.core.place);
    this.fill(init);
    return init;
  }

  private fill(init: Init): void {
    const { core } = this;
    const { type } = init;
    if (type.kind === 'array' && isCharArray(type) && this.string(init)) return;
    if (type.kind === 'array' || type.kind === 'record') {
      if (core.is('{')) this.list(init);
      else this.whole(init, core.parts.assignment());
      return;
    }
    const braces = core.takes('{');
    init.value = typing.assignable(core.parts.assignment(), type, init.place);
    if (!braces) return;
    core.takes(',');
    core.expect('}', 'behind the initialiser');
  }

  /** A record from another; arrays take lists and strings alone. */
  private whole(init: Init, value: Expr): void {
    if (init.type.kind === 'array') {
      const copied = value.kind === 'statements' && T.sameType(value.type, init.type);
      if (!copied) refuse(init.place, 'an array is initialised by a list in { }, or a string');
      init.value = value;
      init.type = value.type;
    } else init.value = typing.assignable(value, init.type, init.place);
  }

  /** "text" or {"text"}. @returns false when something else stands here */
  private string(init: Init): boolean {
    const { core } = this;
    const braced = core.is('{') && core.ahead(1).kind === 'string';
    if (core.token.kind !== 'string' && !braced) return false;
    if (braced) core.next();
    const bytes: number[] = [];
    while (core.token.kind === 'string') for (const byte of quotedBytes(core.next())) bytes.push(byte);
    if (braced) {
      core.takes(',');
      core.expect('}', 'behind the string');
    }
    const { of, length } = init.type as T.ArrayType;
    const size = length ?? bytes.length + 1;
    if (length === null) init.type = { ...init.type, length: size } as T.ArrayType;
    for (let i = 0; i < size; i++) {
      const part = blank(of, init.place);
      part.value = typing.convert(typing.intConst(bytes[i] ?? 0, T.INT, init.place), of);
      init.parts.set(i, part);
    }
    return true;
  }

  private list(init: Init): void {
    const { core } = this;
    core.next();
    let at = 0;
    let highest = 0;
    while (!core.takes('}')) {
      if (core.is('[') || core.is('.')) at = this.designated(init);
      else this.element(init, at);
      highest = Math.max(highest, ++at);
      if (!core.takes(',') && !core.is('}')) core.expect('}', 'at the end of the initialiser');
    }
    if (init.type.kind === 'array' && init.type.length === null) init.type = { ...init.type, length: highest };
  }

  /** One element without braces around it, or with. */
  private element(init: Init, index: number): void {
    const open = init.type.kind === 'array' && init.type.length === null;
    const part = open || index < partCount(init.type) ? this.part(init, index, this.core.place) : null;
    if (part === null) refuse(this.core.place, `the initialiser has more values than ${T.typeName(init.type)} takes`);
    this.nested(part);
  }

  /** Inside a list: an aggregate without braces takes as many values as it needs. */
  private nested(init: Init): void {
    const { core } = this;
    const { type } = init;
    if (core.is('{') || !(type.kind === 'array' || type.kind === 'record')) {
      this.fill(init);
      return;
    }
    if (type.kind === 'array' && isCharArray(type) && core.token.kind === 'string') {
      this.fill(init);
      return;
    }
    if (type.kind === 'record') {
      const value = core.parts.assignment();
      if (T.sameType(T.unqualified(value.type), T.unqualified(type))) {
        init.value = value;
        return;
      }
      this.flat(init, value);
      return;
    }
    this.flat(init, core.parts.assignment());
  }

  /** Fills an aggregate from values without braces; the first one has been read already. */
  private flat(init: Init, first: Expr | null): void {
    const { core } = this;
    const count = partCount(init.type);
    for (let i = 0; i < count; i++) {
      if (i > 0 || first === null) {
        if (!core.is(',') || core.isAt(1, '}') || core.isAt(1, '.') || core.isAt(1, '[')) return;
        core.next();
      }
      const part = this.part(init, i, core.place)!;
      if (i > 0 || first === null) this.nested(part);
      else if (part.type.kind === 'array' || part.type.kind === 'record') {
        if (T.sameType(T.unqualified(first.type), T.unqualified(part.type))) part.value = first;
        else this.flat(part, first);
      } else part.value = typing.assignable(first, part.type, part.place);
    }
  }

  /** [2].x = …: @returns the index at the outermost level */
  private designated(init: Init): number {
    const { core } = this;
    let target = init;
    let outer = -1;
    let last = -1;
    while (core.is('[') || core.is('.')) {
      const { place } = core;
      if (core.takes('[')) {
        if (target.type.kind !== 'array') return refuse(place, `${T.typeName(target.type)} has no elements`);
        const from = Number(core.parts.constant());
        last = core.takes('...') ? Number(core.parts.constant()) : from;
        core.expect(']', 'behind the index');
        if (outer < 0) outer = from;
        if (last > from) return this.range(target, from, last);
        target = this.part(target, from, place) ?? refuse(place, `the index ${from} is outside of the array`);
      } else {
        core.next();
        const name = core.expectName('the name of a member');
        const { type } = target;
        const path = type.kind === 'record' ? memberPath(type.def, name.text) : null;
        if (path === null) return refuse(name.place, `${T.typeName(type)} has no member ${name.text}`);
        if (outer < 0) outer = path[0]!;
        for (const index of path) target = this.part(target, index, place)!;
      }
    }
    core.expect('=', 'behind the designator');
    target.parts.clear();
    target.value = null;
    this.nested(target);
    return outer;
  }

  /** GNU: [1 ... 5] = value, evaluated once for all. */
  private range(init: Init, from: number, to: number): number {
    this.core.expect('=', 'behind the designator');
    const first =
      this.part(init, from, this.core.place) ?? refuse(this.core.place, `the index ${from} is outside of the array`);
    this.nested(first);
    for (let i = from + 1; i <= to; i++) {
      const part = this.part(init, i, first.place) ?? refuse(first.place, `the index ${i} is outside of the array`);
      part.value = first.value;
      first.parts.forEach((inner, index) => part.parts.set(index, inner));
    }
    return to;
  }

  private part(init: Init, index: number, place: Place): Init | null {
    const { type } = init;
    const known = init.parts.get(index);
    if (known !== undefined) {
      init.chosen = index;
      return known;
    }
    const length = namedParts(type);
    if (index < 0 || index >= length) return null;
    if (type.kind === 'record' && type.def.isUnion) init.parts.clear();
    const partType = type.kind === 'array' ? type.of : (type as T.RecordType).def.members![index]!.type;
    const part = blank(partType, place);
    init.parts.set(index, part);
    init.chosen = index;
    return part;
  }
}

const isCharArray = (type: T.ArrayType): boolean =>
  type.of.kind === 'int' && type.of.size === 1 && type.of.isBool !== true;

/** Values that an aggregate takes: a union takes one. */
function partCount(type: T.CType): number {
  if (type.kind === 'array') return type.length ?? 0;
  if (type.kind !== 'record') return 1;
  const members = type.def.members!.length;
  return type.def.isUnion ? Math.min(members, 1) : members;
}

/** Parts that a designator can name: any member of a union, any element while the length is open. */
function namedParts(type: T.CType): number {
  if (type.kind === 'array') return type.length ?? Infinity;
  return type.kind === 'record' ? type.def.members!.length : 0;
}

/** Numbers of the members that lead to a name, through anonymous ones. */
function memberPath(def: T.RecordDef, name: string): number[] | null {
  for (const [i, member] of def.members!.entries()) {
    if (member.name === name) return [i];
    if (member.name !== null || member.type.kind !== 'record') continue;
    const inner = memberPath(member.type.def, name);
    if (inner !== null) return [i, ...inner];
  }
  return null;
}

/** Does every byte but padding get a value, so that gcc does not clear the object first? */
function isComplete(init: Init): boolean {
  if (init.value !== null) return true;
  const { type } = init;
  if (type.kind === 'record' && type.def.isUnion)
    return [...init.parts.values()].every(isComplete) && init.parts.size > 0;
  return init.parts.size === partCount(type) && [...init.parts.values()].every(isComplete);
}

/** The statements that initialise a variable: cleared first where something is left out, then value by value. */
export function initStatements(target: Expr, init: Init): Stmt[] {
  const { place } = init;
  const body: Stmt[] = [];
  const add = (expr: Expr): void => {
    body.push({ kind: 'expr', expr, place });
  };
  if (init.value === null && !isComplete(init)) add({ kind: 'zero', type: T.VOID, place, target });
  const isAllZero = (part: Init): boolean =>
    part.value !== null
      ? part.value.kind === 'int' && part.value.value === 0n
      : [...part.parts.values()].every(isAllZero);
  const cleared = body.length > 0;
  const visit = (at: Expr, part: Init): void => {
    if (part.value !== null) {
      const plain = { ...at, type: T.unqualified(at.type) } as Expr;
      add({ kind: 'assign', type: plain.type, place: part.place, target: plain, value: part.value });
      return;
    }
    for (const [index, inner] of [...part.parts].sort(([a], [b]) => a - b)) {
      if (!cleared || !isAllZero(inner)) visit(partOf(at, part.type, index), inner);
    }
  };
  visit(target, init);
  return body;
}

/** The lvalue of an element or a member. */
function partOf(whole: Expr, type: T.CType, index: number): Expr {
  const { place } = whole;
  if (type.kind === 'array') {
    const pointer = typing.rvalue({ ...whole, type } as Expr);
    return {
      kind: 'deref',
      type: T.unqualified(type.of),
      place,
      pointer: typing.pointerAdd(pointer, typing.intConst(index, T.LONG, place), false, place),
    };
  }
  const member = (type as T.RecordType).def.members![index]!;
  return { kind: 'member', type: T.unqualified(member.type), place, record: whole, member };
}
