/** Arithmetic on 64-bit words held as two signed halves of 32 bits in an Int32Array: low at i, high at i + 1. */
import { CODES, Fault, SIGNALS } from './machine.ts';

const TWO32 = 4294967296;
const SAFE_HIGH = 0x200000;

/** The upper 32 bits of the product of two unsigned words. */
function highProduct(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const low = a0 * b0;
  const middle = a1 * b0 + Math.floor(low / 65536);
  const other = a0 * b1 + (middle % 65536);
  return (a1 * b1 + Math.floor(middle / 65536) + Math.floor(other / 65536)) | 0;
}

/** r[d] = r[a] × (bl, bh) */
export function multiply(r: Int32Array, d: number, a: number, bl: number, bh: number): void {
  const al = r[a]!;
  const ah = r[a + 1]!;
  r[d + 1] = (highProduct(al, bl) + Math.imul(al, bh) + Math.imul(ah, bl)) | 0;
  r[d] = Math.imul(al, bl);
}

const divisionByZero = (): never => {
  throw new Fault(SIGNALS.SIGFPE, CODES.FPE_INTDIV, 0, 'division by zero');
};

/** r[d] = r[a] / r[b] or its remainder, signed. Source: Intel SDM, IDIV: a quotient that does not fit traps too. */
export function divideSigned(r: Int32Array, d: number, a: number, b: number, remainder: boolean): void {
  const ah = r[a + 1]!;
  const bh = r[b + 1]!;
  if ((r[b]! | bh) === 0) divisionByZero();
  if (ah >= -SAFE_HIGH && ah < SAFE_HIGH && bh >= -SAFE_HIGH && bh < SAFE_HIGH) {
    const x = ah * TWO32 + (r[a]! >>> 0);
    const y = bh * TWO32 + (r[b]! >>> 0);
    setNumber(r, d, remainder ? x % y : Math.trunc(x / y));
    return;
  }
  const x = (BigInt(ah) << 32n) | BigInt(r[a]! >>> 0);
  const y = (BigInt(bh) << 32n) | BigInt(r[b]! >>> 0);
  if (y === -1n && x === -(2n ** 63n)) divisionByZero();
  setBig(r, d, remainder ? x % y : x / y);
}

export function divideUnsigned(r: Int32Array, d: number, a: number, b: number, remainder: boolean): void {
  const ah = r[a + 1]! >>> 0;
  const bh = r[b + 1]! >>> 0;
  if ((r[b]! | bh) === 0) divisionByZero();
  if (ah < SAFE_HIGH && bh < SAFE_HIGH) {
    const x = ah * TWO32 + (r[a]! >>> 0);
    const y = bh * TWO32 + (r[b]! >>> 0);
    setNumber(r, d, remainder ? x % y : Math.floor(x / y));
    return;
  }
  const x = (BigInt(ah) << 32n) | BigInt(r[a]! >>> 0);
  const y = (BigInt(bh) << 32n) | BigInt(r[b]! >>> 0);
  setBig(r, d, remainder ? x % y : x / y);
}

/** A whole number below 2^53 in size. */
export function setNumber(r: Int32Array, d: number, value: number): void {
  r[d] = value | 0;
  r[d + 1] = Math.floor(value / TWO32) | 0;
}

export function setBig(r: Int32Array, d: number, value: bigint): void {
  r[d] = Number(BigInt.asIntN(32, value));
  r[d + 1] = Number(BigInt.asIntN(32, value >> 32n));
}

export const bigOf = (r: Int32Array, i: number): bigint => (BigInt(r[i + 1]!) << 32n) | BigInt(r[i]! >>> 0);

/** Shifts take the count's low six bits, as the processor does. */
export function shiftLeft(r: Int32Array, d: number, a: number, count: number): void {
  const n = count & 63;
  const low = r[a]!;
  const high = r[a + 1]!;
  if (n === 0) {
    r[d] = low;
    r[d + 1] = high;
  } else if (n < 32) {
    r[d] = low << n;
    r[d + 1] = (high << n) | (low >>> (32 - n));
  } else {
    r[d] = 0;
    r[d + 1] = low << (n - 32);
  }
}

export function shiftRight(r: Int32Array, d: number, a: number, count: number, signed: boolean): void {
  const n = count & 63;
  const low = r[a]!;
  const high = r[a + 1]!;
  const fill = signed ? high >> 31 : 0;
  if (n === 0) {
    r[d] = low;
    r[d + 1] = high;
  } else if (n < 32) {
    r[d] = (low >>> n) | (high << (32 - n));
    r[d + 1] = signed ? high >> n : high >>> n;
  } else {
    r[d] = n === 32 ? high : signed ? high >> (n - 32) : high >>> (n - 32);
    r[d + 1] = fill;
  }
}

/** CVTTSD2SI with 64 bits. */
export function fromDouble(r: Int32Array, d: number, value: number): void {
  const whole = Math.trunc(value);
  if (!(whole >= -(2 ** 63) && whole < 2 ** 63)) {
    r[d] = 0;
    r[d + 1] = -0x80000000;
    return;
  }
  const high = Math.floor(whole / TWO32);
  r[d + 1] = high;
  r[d] = (whole - high * TWO32) | 0;
}

/** As gcc converts to unsigned long: from 2^63 on by way of the difference. */
export function fromDoubleUnsigned(r: Int32Array, d: number, value: number): void {
  if (value >= 2 ** 63) {
    fromDouble(r, d, value - 2 ** 63);
    r[d + 1]! ^= -0x80000000;
  } else fromDouble(r, d, value);
}

/** The nearest float, rounded once. */
export function toFloat(r: Int32Array, i: number, signed: boolean): number {
  const high = signed ? r[i + 1]! : r[i + 1]! >>> 0;
  if (high >= -SAFE_HIGH && high < SAFE_HIGH) return Math.fround(high * TWO32 + (r[i]! >>> 0));
  // The bits that a double would round away only have to be seen, not kept.
  const sticky = (r[i]! & 0x7ff) !== 0 ? 0x800 : 0;
  return Math.fround(high * TWO32 + (((r[i]! & ~0xfff) | (r[i]! & 0x800) | sticky) >>> 0));
}
