/**
 * The types of the C subset with their sizes and alignments on x86-64. Source: System V ABI, AMD64 supplement,
 * figure 3.1. Sizes and alignments are in bytes.
 */
import type { Expr } from '../syntax/ast.ts';

interface Qualified {
  readonly isConst?: boolean;
  readonly isVolatile?: boolean;
}

export interface VoidType extends Qualified {
  readonly kind: 'void';
}
export interface IntType extends Qualified {
  readonly kind: 'int';
  readonly name: string;
  readonly size: 1 | 2 | 4 | 8;
  readonly signed: boolean;
  /** C17 6.3.1.1: decides which type an expression of two has. */
  readonly rank: number;
  readonly isBool?: boolean;
}
export interface FloatType extends Qualified {
  readonly kind: 'float';
  readonly name: string;
  readonly size: 4 | 8;
}
export interface PointerType extends Qualified {
  readonly kind: 'pointer';
  readonly to: CType;
}
export interface ArrayType extends Qualified {
  readonly kind: 'array';
  readonly of: CType;
  /** Elements; null while unknown, and for arrays of variable length. */
  readonly length: number | null;
  /** Of an array of variable length: its size in bytes, computed once where it is declared. */
  readonly vlaBytes?: Expr;
}
export interface FunctionType extends Qualified {
  readonly kind: 'function';
  readonly returns: CType;
  readonly params: readonly Param[];
  readonly variadic: boolean;
  /** Declared with (): takes anything. */
  readonly unprototyped: boolean;
}
export interface Param {
  readonly name: string | null;
  readonly type: CType;
}
/** Struct or union. Completed in place, as pointers to it may exist before. */
export interface RecordType extends Qualified {
  readonly kind: 'record';
  /** Shared by all qualified copies of the type. */
  readonly def: RecordDef;
}
export interface RecordDef {
  readonly isUnion: boolean;
  readonly tag: string | null;
  members: readonly Member[] | null;
  size: number;
  align: number;
}
export interface Member {
  /** null for an anonymous struct or union. */
  readonly name: string | null;
  readonly type: CType;
  readonly offset: number;
  /** Of a bit-field: `width` bits from bit `shift` of the `unit` bytes at `offset`. */
  readonly bits: { readonly shift: number; readonly width: number; readonly unit: 1 | 2 | 4 | 8 } | null;
}

export type CType = VoidType | IntType | FloatType | PointerType | ArrayType | FunctionType | RecordType;

const int = (name: string, size: 1 | 2 | 4 | 8, signed: boolean, rank: number): IntType => ({
  kind: 'int',
  name,
  size,
  signed,
  rank,
});

export const VOID: VoidType = { kind: 'void' };
export const BOOL: IntType = { ...int('_Bool', 1, false, 0), isBool: true };
export const CHAR = int('char', 1, true, 1);
export const SCHAR = int('signed char', 1, true, 1);
export const UCHAR = int('unsigned char', 1, false, 1);
export const SHORT = int('short', 2, true, 2);
export const USHORT = int('unsigned short', 2, false, 2);
export const INT = int('int', 4, true, 3);
export const UINT = int('unsigned int', 4, false, 3);
export const LONG = int('long', 8, true, 4);
export const ULONG = int('unsigned long', 8, false, 4);
export const LLONG = int('long long', 8, true, 5);
export const ULLONG = int('unsigned long long', 8, false, 5);
export const FLOAT: FloatType = { kind: 'float', name: 'float', size: 4 };
export const DOUBLE: FloatType = { kind: 'float', name: 'double', size: 8 };

export const pointerTo = (to: CType): PointerType => ({ kind: 'pointer', to });
export const arrayOf = (of: CType, length: number | null): ArrayType => ({ kind: 'array', of, length });

export const isInteger = (t: CType): t is IntType => t.kind === 'int';
export const isArithmetic = (t: CType): t is IntType | FloatType => t.kind === 'int' || t.kind === 'float';
export const isScalar = (t: CType): t is IntType | FloatType | PointerType => isArithmetic(t) || t.kind === 'pointer';
export const isVla = (t: CType): t is ArrayType => t.kind === 'array' && (t.vlaBytes !== undefined || isVla(t.of));
/** A type whose values carry more than 32 bits of an integer or an address. */
export const isWide = (t: CType): boolean =>
  t.kind === 'pointer' || t.kind === 'array' || (t.kind === 'int' && t.size === 8);

/** Has the type a size? VLAs have one at run time. */
export function isComplete(t: CType): boolean {
  if (t.kind === 'array') return (t.length !== null || t.vlaBytes !== undefined) && isComplete(t.of);
  if (t.kind === 'record') return t.def.members !== null;
  return t.kind !== 'void' && t.kind !== 'function';
}

/** sizeof in bytes. GNU C: void and functions count 1. VLAs have to be asked at run time. */
export function sizeOf(t: CType): number {
  switch (t.kind) {
    case 'void':
    case 'function':
      return 1;
    case 'int':
    case 'float':
      return t.size;
    case 'pointer':
      return 8;
    case 'array':
      return (t.length ?? 0) * sizeOf(t.of);
    case 'record':
      return t.def.size;
  }
}

/** _Alignof in bytes. */
export function alignOf(t: CType): number {
  if (t.kind === 'array') return alignOf(t.of);
  return t.kind === 'record' ? t.def.align : sizeOf(t);
}

/**
 * Alignment of a variable: an array of 16 bytes or more gets at least 16. Source: System V ABI, AMD64, 3.1.2
 * "Aggregates and Unions"; gcc ix86_local_alignment gives it to automatic variables as well.
 */
export function variableAlign(t: CType): number {
  return t.kind === 'array' && sizeOf(t) >= 16 ? Math.max(16, alignOf(t)) : alignOf(t);
}

/** The type without const and volatile: what its values have. */
export function unqualified<T extends CType>(t: T): T {
  if (t.isConst !== true && t.isVolatile !== true) return t;
  const { isConst: _const, isVolatile: _volatile, ...rest } = t;
  return rest as T;
}

/** A qualified array is an array of qualified elements: C17 6.7.3. */
export function qualify(t: CType, isConst: boolean, isVolatile: boolean): CType {
  if (!isConst && !isVolatile) return t;
  if (t.kind === 'array') return { ...t, of: qualify(t.of, isConst, isVolatile) };
  return { ...t, ...(isConst ? { isConst } : {}), ...(isVolatile ? { isVolatile } : {}) };
}

/** Compatible types of C17 6.2.7, qualifiers of the top level left out. */
export function sameType(a: CType, b: CType): boolean {
  if (a.kind === 'int' && b.kind === 'int') return a.name === b.name;
  if (a.kind === 'float' && b.kind === 'float') return a.size === b.size;
  if (a.kind === 'pointer' && b.kind === 'pointer') return sameType(a.to, b.to);
  if (a.kind === 'array' && b.kind === 'array') {
    return (a.length === null || b.length === null || a.length === b.length) && sameType(a.of, b.of);
  }
  if (a.kind === 'record' && b.kind === 'record') return a.def === b.def;
  if (a.kind === 'function' && b.kind === 'function') return sameSignature(a, b);
  return a.kind === 'void' && b.kind === 'void';
}

function sameSignature(a: FunctionType, b: FunctionType): boolean {
  if (!sameType(a.returns, b.returns)) return false;
  if (a.unprototyped || b.unprototyped) return true;
  const fits = a.params.length === b.params.length && a.variadic === b.variadic;
  return fits && a.params.every((param, i) => sameType(param.type, b.params[i]!.type));
}

/** The type in C's words, for messages. */
export function typeName(t: CType): string {
  const qualifiers = `${t.isConst === true ? 'const ' : ''}${t.isVolatile === true ? 'volatile ' : ''}`;
  switch (t.kind) {
    case 'void':
      return `${qualifiers}void`;
    case 'int':
    case 'float':
      return `${qualifiers}${t.name}`;
    case 'pointer':
      return `${typeName(t.to)} *${qualifiers}`.trim();
    case 'array':
      return `${typeName(t.of)}[${t.length ?? ''}]`;
    case 'record':
      return `${qualifiers}${t.def.isUnion ? 'union' : 'struct'} ${t.def.tag ?? '(without a name)'}`;
    case 'function':
      return `${typeName(t.returns)} (${t.params.map((param) => typeName(param.type)).join(', ')}${t.variadic ? ', ...' : ''})`;
  }
}

/** A member by its name, looked for in anonymous members too, with its place in the whole record. */
export function findMember(def: RecordDef, name: string): Member | null {
  for (const member of def.members ?? []) {
    if (member.name === name) return member;
    if (member.name !== null || member.type.kind !== 'record') continue;
    const inner = findMember(member.type.def, name);
    if (inner !== null) return { ...inner, offset: inner.offset + member.offset };
  }
  return null;
}
