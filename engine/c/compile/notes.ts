import type { Place } from '../source/place.ts';
import type { Expr } from '../syntax/ast.ts';
import { alignOf, sizeOf, type CType } from '../types/types.ts';

/**
 * What an instruction does in the words of C: for whoever checks a program while it runs. The processor never looks at
 * them.
 */
export type Note = AccessNote | IndexNote | CallNote;

/** A load or store that an lvalue of the source stands for. */
export interface AccessNote {
  readonly kind: 'access';
  readonly place: Place;
  /** Index in TYPE_CLASSES. */
  readonly type: number;
  /** Through a union or a packed struct: any type, any alignment. */
  readonly any: boolean;
  /** Bytes of the unit that belong to a bit-field. */
  readonly field: { readonly first: number; readonly count: number } | null;
  /** An index that is a constant, outside of its array. */
  readonly outOf: { readonly index: number; readonly length: number } | null;
}

/** An element of an array whose length is known. */
export interface IndexNote {
  readonly kind: 'index';
  readonly place: Place;
  readonly length: number;
  /** Its address alone may also be the one behind the last element. */
  readonly accessed: boolean;
}

/** A call, with the types of its arguments as the source has them. */
export interface CallNote {
  readonly kind: 'call';
  readonly place: Place;
  readonly args: readonly CType[];
}

/**
 * Types that may name the same object, as gcc tells them apart; 0 for characters and whatever may name anything.
 * Source: C17 6.5 p7; gcc alias.c get_alias_set: signed and unsigned are one, all pointers are one.
 */
export const TYPE_CLASSES = ['', '_Bool', 'short', 'int', 'long', 'long long', 'float', 'double', 'pointer'] as const;

export function typeClass(type: CType): number {
  switch (type.kind) {
    case 'pointer':
      return 8;
    case 'float':
      return type.size === 4 ? 6 : 7;
    case 'int':
      if (type.isBool === true) return 1;
      if (type.size === 8) return type.rank > 4 ? 5 : 4;
      return type.size === 4 ? 3 : type.size === 2 ? 2 : 0;
    default:
      return 0;
  }
}

/** By byte of an object: the class of its declared type; 0 where anything may be, and in padding. */
export function typeClasses(type: CType): Uint8Array {
  const classes = new Uint8Array(sizeOf(type));
  fill(classes, type, 0);
  return classes;
}

function fill(classes: Uint8Array, type: CType, at: number): void {
  if (type.kind === 'array') {
    const size = sizeOf(type.of);
    if (size === 0 || typeClassIsFree(type.of)) return;
    for (let i = 0; i < (type.length ?? 0); i++) fill(classes, type.of, at + i * size);
  } else if (type.kind === 'record') {
    if (type.def.isUnion) return;
    for (const member of type.def.members ?? [])
      if (member.bits === null) fill(classes, member.type, at + member.offset);
  } else if (type.kind !== 'void' && type.kind !== 'function') {
    classes.fill(typeClass(type), at, at + sizeOf(type));
  }
}

const typeClassIsFree = (type: CType): boolean => type.kind === 'int' && typeClass(type) === 0;

/** By byte of an object: 1 where it has padding. */
export function paddingOf(type: CType): Uint8Array {
  const padding = new Uint8Array(sizeOf(type));
  if (type.kind === 'record') {
    if (type.def.isUnion) return padding;
    padding.fill(1);
    for (const member of type.def.members ?? []) {
      if (member.bits === null) padding.set(paddingOf(member.type), member.offset);
      else padding.fill(0, member.offset, member.offset + member.bits.unit);
    }
  } else if (type.kind === 'array' && (type.of.kind === 'record' || type.of.kind === 'array')) {
    const one = paddingOf(type.of);
    for (let i = 0; i < (type.length ?? 0); i++) padding.set(one, i * one.length);
  }
  return padding;
}

/** What a load or store of this lvalue is. */
export function accessNote(e: Expr, place: Place): AccessNote {
  const bits = e.kind === 'member' ? e.member.bits : null;
  let any = bits !== null;
  let outOf: AccessNote['outOf'] = null;
  for (let at: Expr = e; ;) {
    outOf ??= at.kind === 'deref' ? constantOutside(at.pointer) : null;
    if (at.kind === 'member') {
      if (at.record.type.kind === 'record' && at.record.type.def.isUnion) any = true;
      if (at.member.offset % alignOf(at.member.type) !== 0 || isPacked(at.record.type, at.member.type)) any = true;
      at = at.record;
    } else if (at.kind === 'deref' && at.pointer.kind === 'pointer-add' && at.pointer.pointer.kind === 'address') {
      at = at.pointer.pointer.of;
    } else break;
  }
  const field =
    bits === null
      ? null
      : { first: bits.shift >> 3, count: ((bits.shift + bits.width - 1) >> 3) - (bits.shift >> 3) + 1 };
  return { kind: 'access', place, type: typeClass(e.type), any, field, outOf };
}

/** A struct whose own alignment is below a member's lies anywhere. */
const isPacked = (record: CType, member: CType): boolean => alignOf(record) < alignOf(member);

function constantOutside(pointer: Expr): AccessNote['outOf'] {
  if (pointer.kind !== 'pointer-add' || pointer.count.kind !== 'int') return null;
  const length = arrayLength(pointer.pointer);
  const index = Number(pointer.count.value) * (pointer.negative ? -1 : 1);
  return length === null || (index >= 0 && index < length) ? null : { index, length };
}

/**
 * Elements of the array that decays to the pointer; null when nobody knows, also for the arrays of at most one element
 * that end a struct and stand for any number.
 */
export function arrayLength(pointer: Expr): number | null {
  if (pointer.kind !== 'address' || pointer.of.type.kind !== 'array') return null;
  const { length } = pointer.of.type;
  return length === null || (length <= 1 && pointer.of.kind === 'member') ? null : length;
}
