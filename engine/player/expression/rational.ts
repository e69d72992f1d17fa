/** An exact fraction in lowest terms, denominator above 0: thirds of a shared page add up to whole pages again. */
export interface Rational {
  readonly n: bigint;
  readonly d: bigint;
}

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** @param d not 0 */
export function rational(n: bigint, d = 1n): Rational {
  const sign = d < 0n ? -1n : 1n;
  const common = gcd(n, d < 0n ? -d : d) || 1n;
  return { n: (sign * n) / common, d: (sign * d) / common };
}

/** @param value a whole number */
export const whole = (value: number): Rational => ({ n: BigInt(value), d: 1n });

/** Decimal digits with an optional point: `3`, `0.25`. */
export function fromDecimal(text: string): Rational {
  const [left = '0', right = ''] = text.split('.');
  return rational(BigInt(left + right), 10n ** BigInt(right.length));
}

/** A finite double as the shortest decimal that names it: parameters such as 0.1 mean a tenth. */
export function fromNumber(value: number): Rational {
  const [mantissa, exponent = '0'] = String(Math.abs(value)).split('e');
  const power = BigInt(Math.abs(Number(exponent)));
  const base = fromDecimal(mantissa!);
  const scaled =
    Number(exponent) < 0 ? rational(base.n, base.d * 10n ** power) : rational(base.n * 10n ** power, base.d);
  return value < 0 ? { n: -scaled.n, d: scaled.d } : scaled;
}

export const add = (a: Rational, b: Rational): Rational => rational(a.n * b.d + b.n * a.d, a.d * b.d);
export const subtract = (a: Rational, b: Rational): Rational => rational(a.n * b.d - b.n * a.d, a.d * b.d);
export const multiply = (a: Rational, b: Rational): Rational => rational(a.n * b.n, a.d * b.d);
/** Null for a division by zero. */
export const divide = (a: Rational, b: Rational): Rational | null =>
  b.n === 0n ? null : rational(a.n * b.d, a.d * b.n);

/** Below 0, 0 or above 0, as a is below, equal to or above b. */
export function compare(a: Rational, b: Rational): number {
  const difference = a.n * b.d - b.n * a.d;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** `7` or `7/3`. */
export const formatRational = ({ n, d }: Rational): string => (d === 1n ? `${n}` : `${n}/${d}`);
