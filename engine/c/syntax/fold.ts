import type { CType, IntType } from '../types/types.ts';
import type { BinaryOp, CompareOp } from './ast.ts';

/** An integer brought into the range of a type, as the low bits of two's complement. */
export function wrap(value: bigint, type: CType): bigint {
  if (type.kind !== 'int') return BigInt.asUintN(64, value);
  if (type.isBool === true) return value === 0n ? 0n : 1n;
  return type.signed ? BigInt.asIntN(type.size * 8, value) : BigInt.asUintN(type.size * 8, value);
}

/** The value of an operation on two constants, or null where it has none. */
export function foldInt(op: BinaryOp, a: bigint, b: bigint, type: IntType): bigint | null {
  const bits = BigInt(type.size * 8);
  switch (op) {
    case '+':
      return wrap(a + b, type);
    case '-':
      return wrap(a - b, type);
    case '*':
      return wrap(a * b, type);
    case '/':
      return b === 0n || wrap(a / b, type) !== a / b ? null : a / b;
    case '%':
      return b === 0n || (b === -1n && wrap(-a, type) !== -a) ? null : a % b;
    case '&':
      return wrap(a & b, type);
    case '|':
      return wrap(a | b, type);
    case '^':
      return wrap(a ^ b, type);
    case '<<':
      return b < 0n || b >= bits ? null : wrap(a << b, type);
    case '>>':
      return b < 0n || b >= bits ? null : a >> b;
  }
}

export function foldFloat(op: BinaryOp, a: number, b: number): number | null {
  switch (op) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    default:
      return null;
  }
}

export function foldCompare<T extends bigint | number>(op: CompareOp, a: T, b: T): boolean {
  switch (op) {
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
  }
}

/** A constant converted to an integer type: gcc lets it saturate where it does not fit (fold_convert_const_int_from_real). */
export function floatToInt(value: number, type: IntType): bigint {
  if (type.isBool === true) return value === 0 ? 0n : 1n;
  if (Number.isNaN(value)) return 0n;
  const bits = BigInt(type.size * 8);
  const least = type.signed ? -(2n ** (bits - 1n)) : 0n;
  const most = (type.signed ? 2n ** (bits - 1n) : 2n ** bits) - 1n;
  if (value >= Number(most)) return most;
  return value <= Number(least) ? least : BigInt(Math.trunc(value));
}
