import { DOUBLE, FLOAT, INT, LLONG, LONG, UINT, ULLONG, ULONG, type FloatType, type IntType } from '../types/types.ts';
import { refuse, type Place } from './place.ts';
import type { Token } from './token.ts';

const SIMPLE_ESCAPES: Readonly<Record<string, number>> = {
  n: 10, t: 9, r: 13, 0: 0, a: 7, b: 8, f: 12, v: 11, e: 27, '\\': 92, "'": 39, '"': 34, '?': 63,
}; // prettier-ignore

/** The bytes between the quotes of a string or character constant, escapes replaced, in UTF-8. */
export function quotedBytes(token: Token): number[] {
  const { text, place } = token;
  if (/^[LuU]['"]/.test(text)) refuse(place, 'wide characters are not in the lab’s C');
  const body = text.slice(text.search(/['"]/) + 1, -1);
  const bytes: number[] = [];
  for (let i = 0; i < body.length;) {
    if (body[i] !== '\\') {
      const point = body.codePointAt(i)!;
      bytes.push(...utf8(point));
      i += point > 0xffff ? 2 : 1;
      continue;
    }
    const escape = /^\\(?:x([0-9a-fA-F]+)|([0-7]{1,3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|\r?\n|([^]))/.exec(
      body.slice(i),
    )!;
    if (escape === null) refuse(place, 'the escape has no end');
    const [all, hex, octal, u4, u8, simple] = escape;
    if (hex !== undefined) bytes.push(Number.parseInt(hex, 16) & 0xff);
    else if (octal !== undefined) bytes.push(Number.parseInt(octal, 8) & 0xff);
    else if (u4 !== undefined || u8 !== undefined) bytes.push(...utf8(Number.parseInt((u4 ?? u8)!, 16)));
    else if (simple !== undefined) bytes.push(SIMPLE_ESCAPES[simple] ?? simple.charCodeAt(0));
    i += all.length;
  }
  return bytes;
}

function utf8(point: number): number[] {
  if (point < 0x80) return [point];
  if (point < 0x800) return [0xc0 | (point >> 6), 0x80 | (point & 63)];
  if (point < 0x10000) return [0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63)];
  return [0xf0 | (point >> 18), 0x80 | ((point >> 12) & 63), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63)];
}

/** The value of a character constant: an int; of several characters as gcc puts them together. */
export function charValue(token: Token): bigint {
  const bytes = quotedBytes(token);
  if (bytes.length === 0) refuse(token.place, 'the character is missing between the quotes');
  if (bytes.length === 1) return BigInt.asIntN(8, BigInt(bytes[0]!));
  return BigInt.asIntN(
    32,
    bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n),
  );
}

export type NumberValue =
  | { readonly kind: 'int'; readonly type: IntType; readonly value: bigint }
  | { readonly kind: 'float'; readonly type: FloatType; readonly value: number };

/** The value and type of a number: C17 6.4.4.1 and 6.4.4.2. Binary constants are GNU's. */
export function numberValue(text: string, place: Place): NumberValue {
  const whole = /^(0[xX][0-9a-fA-F]+|0[bB][01]+|\d+)([uU]?(?:ll|LL|[lL])?|(?:ll|LL|[lL])[uU])$/.exec(text);
  if (whole !== null) return integerValue(whole[1]!, whole[2]!.toLowerCase(), place);
  const float = /^(0[xX][0-9a-fA-F]*\.?[0-9a-fA-F]*[pP][+-]?\d+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([fFlL]?)$/.exec(
    text,
  );
  if (float === null) return refuse(place, `${text} is no number`);
  if (float[2]!.toLowerCase() === 'l') refuse(place, 'long double is not in the lab’s C');
  const value = /^0[xX]/.test(text) ? hexFloat(float[1]!) : Number(float[1]);
  return float[2] === ''
    ? { kind: 'float', type: DOUBLE, value }
    : { kind: 'float', type: FLOAT, value: Math.fround(value) };
}

function integerValue(digits: string, suffix: string, place: Place): NumberValue {
  const octal = /^0[0-7]+$/.test(digits);
  if (!octal && /^0\d/.test(digits)) refuse(place, `${digits} has a digit that is not octal`);
  const value = BigInt(octal ? `0o${digits}` : digits);
  const decimal = /^[1-9]/.test(digits);
  const longs = suffix.includes('ll') ? 2 : suffix.includes('l') ? 1 : 0;
  const signedOnes = [INT, LONG, LLONG].slice(longs);
  const unsignedOnes = [UINT, ULONG, ULLONG].slice(longs);
  const candidates = suffix.includes('u')
    ? unsignedOnes
    : decimal
      ? signedOnes
      : signedOnes.flatMap((type, i) => [type, unsignedOnes[i]!]);
  const type = candidates.find((t) => value < 2n ** BigInt(t.size * 8 - (t.signed ? 1 : 0)));
  if (type === undefined) return refuse(place, `${digits} is too large for any integer type`);
  return { kind: 'int', type, value };
}

function hexFloat(text: string): number {
  const [, whole, fraction, exponent] = /^0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?\d+)$/.exec(text)!;
  return Number(BigInt(`0x0${whole}${fraction}`)) * 2 ** (Number(exponent) - fraction!.length * 4);
}
