/** Exact decimal and hexadecimal text of doubles, rounded half to even as glibc does (stdio-common/printf_fp.c). */

/** A finite double as ±m × 2^e with a whole m. */
function partsOf(value: number): { mantissa: bigint; exponent: number } {
  const bits = new BigUint64Array(new Float64Array([Math.abs(value)]).buffer)[0]!;
  const biased = Number(bits >> 52n);
  const fraction = bits & ((1n << 52n) - 1n);
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | (1n << 52n), exponent: biased - 1075 };
}

/** |value| × 10^digits, rounded half to even. */
function scaled(value: number, digits: number): bigint {
  const { mantissa, exponent } = partsOf(value);
  let top = mantissa;
  let bottom = 1n;
  if (digits >= 0) top *= 10n ** BigInt(digits);
  else bottom *= 10n ** BigInt(-digits);
  if (exponent >= 0) top <<= BigInt(exponent);
  else bottom <<= BigInt(-exponent);
  const quotient = top / bottom;
  const twice = (top % bottom) * 2n;
  return twice > bottom || (twice === bottom && (quotient & 1n) === 1n) ? quotient + 1n : quotient;
}

/** %f without its sign. @param alternate keeps the point without digits behind it */
export function fixedText(value: number, precision: number, alternate: boolean): string {
  const digits = scaled(value, precision)
    .toString()
    .padStart(precision + 1, '0');
  const whole = digits.slice(0, digits.length - precision);
  if (precision === 0) return alternate ? `${whole}.` : whole;
  return `${whole}.${digits.slice(-precision)}`;
}

/** The digits and the decimal exponent of %e. */
function exponential(value: number, precision: number): { digits: string; exponent: number } {
  if (value === 0) return { digits: '0'.repeat(precision + 1), exponent: 0 };
  let exponent = Math.floor(Math.log10(Math.abs(value)));
  for (;;) {
    const digits = scaled(value, precision - exponent).toString();
    if (digits.length === precision + 1) return { digits, exponent };
    // The logarithm was off by one, or rounding made one digit more.
    exponent += digits.length > precision + 1 ? 1 : -1;
  }
}

/** %e without its sign. */
export function exponentText(value: number, precision: number, alternate: boolean): string {
  const { digits, exponent } = exponential(value, precision);
  const point = precision > 0 || alternate ? '.' : '';
  const size = Math.abs(exponent).toString().padStart(2, '0');
  return `${digits[0]}${point}${digits.slice(1)}e${exponent < 0 ? '-' : '+'}${size}`;
}

/** %g without its sign. */
export function generalText(value: number, precision: number, alternate: boolean): string {
  const wanted = precision === 0 ? 1 : precision;
  const { exponent } = exponential(value, wanted - 1);
  const text =
    exponent < -4 || exponent >= wanted
      ? exponentText(value, wanted - 1, alternate)
      : fixedText(value, wanted - 1 - exponent, alternate);
  if (alternate || !text.includes('.')) return text;
  const [mantissa, power] = text.split('e');
  const short = mantissa!.replace(/\.?0+$/, '');
  return power === undefined ? short : `${short}e${power}`;
}

/** %a without its sign. @param precision null for as many digits as it takes */
export function hexFloatText(value: number, precision: number | null, alternate: boolean): string {
  if (value === 0) {
    const zeros = '0'.repeat(precision ?? 0);
    return `0x0${zeros === '' && !alternate ? '' : '.'}${zeros}p+0`;
  }
  const { mantissa, exponent } = partsOf(value);
  const normal = mantissa >> 52n !== 0n;
  let digits = mantissa & ((1n << 52n) - 1n);
  let lead = normal ? 1n : 0n;
  let text: string;
  if (precision !== null && precision < 13) {
    const drop = BigInt(4 * (13 - precision));
    const all = (lead << 52n) | digits;
    const half = 1n << (drop - 1n);
    const rest = all & ((1n << drop) - 1n);
    let kept = all >> drop;
    if (rest > half || (rest === half && (kept & 1n) === 1n)) kept += 1n;
    const fractionBits = BigInt(4 * precision);
    lead = kept >> fractionBits;
    digits = kept & ((1n << fractionBits) - 1n);
    text = precision === 0 ? '' : digits.toString(16).padStart(precision, '0');
  } else {
    text = digits.toString(16).padStart(13, '0');
    text = precision === null ? text.replace(/0+$/, '') : text.padEnd(precision, '0');
  }
  const power = normal ? exponent + 52 : -1022;
  return `0x${lead}${text !== '' || alternate ? '.' : ''}${text}p${power < 0 ? '-' : '+'}${Math.abs(power)}`;
}
