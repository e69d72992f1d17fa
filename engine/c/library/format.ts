import { exponentText, fixedText, generalText, hexFloatText } from './float-text.ts';

/** Where the values of conversions come from: C's variable arguments, eight bytes each. */
export interface FormatArguments {
  /** The n-th argument's eight bytes, from 0. */
  bits(n: number): bigint;
  double(n: number): number;
  /** Bytes up to a zero, at most so many. */
  string(address: number, limit: number): Uint8Array;
  /** %n: how many bytes were written so far. */
  store(address: number, size: number, count: number): void;
  /** %m */
  errorText(): string;
}

interface Directive {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | null;
  readonly length: string;
  readonly conversion: string;
}

const DIRECTIVE =
  /^%(?:(\d+)\$)?([-+ #0']*)(\*(?:(\d+)\$)?|\d+)?(?:\.(\*(?:(\d+)\$)?|-?\d*))?(hh|h|ll|l|z|j|t|L|q)?([a-zA-Z%])/;

const latin = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
};

/**
 * What printf would write, one character a byte. Source: C17 7.21.6.1; glibc 2.36 stdio-common/vfprintf-internal.c for
 * what the standard leaves open: (nil), (null), unknown conversions printed as they are.
 */
export function formatText(format: Uint8Array, args: FormatArguments): string {
  const text = latin(format);
  let out = '';
  let next = 0;
  for (let i = 0; i < text.length;) {
    const percent = text.indexOf('%', i);
    if (percent < 0) return out + text.slice(i);
    out += text.slice(i, percent);
    const match = DIRECTIVE.exec(text.slice(percent, percent + 64));
    if (match === null) {
      out += '%';
      i = percent + 1;
      continue;
    }
    i = percent + match[0].length;
    const [, position, flags, width, widthAt, precision, precisionAt, length, conversion] = match;
    const take = (at: string | undefined): number => (at === undefined ? next++ : Number(at) - 1);
    const star = (given: string, at: string | undefined): number =>
      given.startsWith('*') ? Number(BigInt.asIntN(32, args.bits(take(at)))) : Number(given);
    const columns = width === undefined ? 0 : star(width, widthAt);
    const digits = precision === undefined ? null : precision === '' ? 0 : star(precision, precisionAt);
    const directive: Directive = {
      flags: columns < 0 ? `${flags}-` : flags!,
      width: Math.abs(columns),
      precision: digits !== null && digits < 0 ? null : digits,
      length: length ?? '',
      conversion: conversion!,
    };
    if (conversion === '%') out += '%';
    else if (conversion === 'm') out += padded(directive, '', args.errorText());
    else if (!'diouxXcspneEfFgGaA'.includes(conversion!)) out += match[0];
    else out += convert(directive, args, take(position), out.length);
  }
  return out;
}

function convert(d: Directive, args: FormatArguments, n: number, written: number): string {
  switch (d.conversion) {
    case 'c':
      return padded(d, '', String.fromCharCode(Number(args.bits(n) & 0xffn)));
    case 's': {
      const address = Number(args.bits(n));
      if (address === 0) return padded(d, '', d.precision !== null && d.precision < 6 ? '' : '(null)');
      return padded(d, '', latin(args.string(address, d.precision ?? Infinity)));
    }
    case 'p': {
      const address = BigInt.asUintN(64, args.bits(n));
      return address === 0n
        ? padded(d, '', '(nil)')
        : integerText({ ...d, conversion: 'x', flags: `${d.flags}#` }, address);
    }
    case 'n':
      args.store(Number(args.bits(n)), sizeOfLength(d.length), written);
      return '';
    case 'd':
    case 'i':
      return integerText(d, BigInt.asIntN(sizeOfLength(d.length) * 8, args.bits(n)));
    case 'o':
    case 'u':
    case 'x':
    case 'X':
      return integerText(d, BigInt.asUintN(sizeOfLength(d.length) * 8, args.bits(n)));
    default:
      return floatText(d, args.double(n));
  }
}

const SIZES: Readonly<Record<string, number>> = { '': 4, hh: 1, h: 2, l: 8, ll: 8, q: 8, z: 8, j: 8, t: 8, L: 8 };
const sizeOfLength = (length: string): number => SIZES[length]!;

function signOf(d: Directive, negative: boolean): string {
  return negative ? '-' : d.flags.includes('+') ? '+' : d.flags.includes(' ') ? ' ' : '';
}

function integerText(d: Directive, value: bigint): string {
  const size = value < 0n ? -value : value;
  const radix = 'xX'.includes(d.conversion) ? 16 : d.conversion === 'o' ? 8 : 10;
  let digits = size.toString(radix);
  if (d.precision === 0 && size === 0n) digits = '';
  digits = digits.padStart(d.precision ?? 1, '0');
  const alternate = d.flags.includes('#');
  if (alternate && radix === 8 && !digits.startsWith('0')) digits = `0${digits}`;
  let prefix = 'di'.includes(d.conversion) || d.conversion === 'x' ? signOf(d, value < 0n) : '';
  if (d.conversion === 'x') prefix = '';
  if (alternate && radix === 16 && size !== 0n) prefix = '0x';
  const whole =
    d.precision === null
      ? padded(d, prefix, digits)
      : padded({ ...d, flags: d.flags.replaceAll('0', '') }, prefix, digits);
  return d.conversion === 'X' ? whole.toUpperCase() : whole;
}

function floatText(d: Directive, value: number): string {
  const lower = d.conversion.toLowerCase();
  const sign = signOf(d, value < 0 || Object.is(value, -0) || (Number.isNaN(value) && isNegativeNan(value)));
  const finish = (text: string): string => (d.conversion === lower ? text : text.toUpperCase());
  if (!Number.isFinite(value)) {
    const plain = { ...d, flags: d.flags.replaceAll('0', '') };
    return finish(padded(plain, sign, Number.isNaN(value) ? 'nan' : 'inf'));
  }
  const alternate = d.flags.includes('#');
  const precision = d.precision ?? 6;
  const size = Math.abs(value);
  if (lower === 'a') {
    const hex = hexFloatText(size, d.precision, alternate);
    return finish(padded(d, `${sign}0x`, hex.slice(2)));
  }
  const text = (lower === 'f' ? fixedText : lower === 'e' ? exponentText : generalText)(size, precision, alternate);
  return finish(padded(d, sign, text));
}

const isNegativeNan = (value: number): boolean => new Int32Array(new Float64Array([value]).buffer)[1]! < 0;

/** Fills up to the width: blanks left or right, or zeros behind the sign. */
function padded(d: Directive, prefix: string, body: string): string {
  const missing = d.width - prefix.length - body.length;
  if (missing <= 0) return prefix + body;
  if (d.flags.includes('-')) return prefix + body + ' '.repeat(missing);
  const zeros = d.flags.includes('0') && !'csp'.includes(d.conversion);
  return zeros ? prefix + '0'.repeat(missing) + body : ' '.repeat(missing) + prefix + body;
}
