import type { Call, LibraryFunction } from './call.ts';
import { getByte, ungetByte } from './streams.ts';

/** scanf and its family. Source: C17 7.21.6.2; glibc 2.36 stdio-common/vfscanf-internal.c. */

/** Where characters come from: a string, or a stream. */
interface Source {
  next(): number;
  back(byte: number): void;
}

interface Directive {
  readonly ignored: boolean;
  readonly width: number;
  readonly length: string;
  readonly conversion: string;
  /** Of %[. */
  readonly set: string;
}

const DIRECTIVE = /^%(\*?)(\d*)(hh|h|ll|l|z|j|t|L|q)?([a-zA-Z%]|\[\^?\]?[^\]]*\])/;
const SIZES: Readonly<Record<string, 1 | 2 | 4 | 8>> = {
  hh: 1,
  h: 2,
  '': 4,
  l: 8,
  ll: 8,
  z: 8,
  j: 8,
  t: 8,
  q: 8,
  L: 8,
};
const isSpace = (byte: number): boolean => byte === 32 || (byte >= 9 && byte <= 13);

class Scanner {
  private read = 0;
  private assigned = 0;
  private argument = 0;

  constructor(
    private readonly c: Call,
    private readonly source: Source,
    /** Address of the n-th argument's slot. */
    private readonly from: number,
  ) {}

  scan(format: string): number {
    for (let i = 0; i < format.length;) {
      const byte = format.charCodeAt(i);
      if (isSpace(byte)) {
        this.skipSpace();
        i++;
      } else if (byte !== 37) {
        if (!this.literal(byte)) return this.result();
        i++;
      } else {
        const match = DIRECTIVE.exec(format.slice(i));
        if (match === null) return this.result();
        i += match[0].length;
        if (!this.convert(directiveOf(match))) return this.result();
      }
    }
    return this.assigned;
  }

  private ended = false;
  private result(): number {
    return this.ended && this.assigned === 0 ? -1 : this.assigned;
  }

  private next(): number {
    const byte = this.source.next();
    if (byte < 0) this.ended = true;
    else this.read++;
    return byte;
  }
  private back(byte: number): void {
    if (byte < 0) return;
    this.read--;
    this.source.back(byte);
  }

  private skipSpace(): void {
    let byte = this.next();
    while (byte >= 0 && isSpace(byte)) byte = this.next();
    this.back(byte);
    if (byte < 0) this.ended = true;
  }

  private literal(wanted: number): boolean {
    const byte = this.next();
    if (byte === wanted) return true;
    this.back(byte);
    return false;
  }

  private convert(d: Directive): boolean {
    switch (d.conversion) {
      case '%':
        this.skipSpace();
        return this.literal(37);
      case 'n':
        if (!d.ignored) this.store(d, BigInt(this.read));
        return true;
      case 'c':
        return this.characters(d, () => true, d.width === Infinity ? 1 : d.width, false);
      case 's':
        this.skipSpace();
        return this.characters(d, (byte) => !isSpace(byte), d.width, true);
      case '[': {
        const inside = setOf(d.set);
        return this.characters(d, inside, d.width, true);
      }
      case 'd':
      case 'i':
      case 'u':
      case 'o':
      case 'x':
      case 'X':
      case 'p':
        return this.integer(d);
      case 'e':
      case 'f':
      case 'g':
      case 'a':
      case 'E':
      case 'F':
      case 'G':
        return this.float(d);
      default:
        return false;
    }
  }

  private characters(d: Directive, fits: (byte: number) => boolean, limit: number, terminated: boolean): boolean {
    const bytes: number[] = [];
    while (bytes.length < limit) {
      const byte = this.next();
      if (byte < 0) break;
      if (!fits(byte)) {
        this.back(byte);
        break;
      }
      bytes.push(byte);
    }
    if (bytes.length === 0 || (!terminated && bytes.length < limit)) return false;
    if (d.ignored) return true;
    this.c.cpu.write(this.target(), Uint8Array.from(terminated ? [...bytes, 0] : bytes));
    this.assigned++;
    return true;
  }

  /** The longest text that is the beginning of what the pattern allows. */
  private text(pattern: RegExp, limit: number): string {
    this.skipSpace();
    let text = '';
    while (text.length < limit) {
      const byte = this.next();
      if (byte < 0) break;
      if (!pattern.test(text + String.fromCharCode(byte))) {
        this.back(byte);
        break;
      }
      text += String.fromCharCode(byte);
    }
    return text;
  }

  private integer(d: Directive): boolean {
    const base = { d: 10, u: 10, o: 8, x: 16, X: 16, p: 16, i: 0 }[d.conversion]!;
    const digits = { 10: '\\d+', 8: '[0-7]+', 16: '(0[xX]?[0-9a-fA-F]*|[0-9a-fA-F]+)', 0: '(0[xX][0-9a-fA-F]*|0[0-7]*|[1-9]\\d*)' }[base]!; // prettier-ignore
    const text = this.text(new RegExp(`^[-+]?(${digits})?$`), d.width);
    const match = /^([-+]?)(?:0[xX])?([0-9a-fA-F]+)$/.exec(text);
    if (match === null) return false;
    const hex = base === 16 || /0[xX]/.test(text);
    const octal = base === 8 || (base === 0 && !hex && /^[-+]?0/.test(text));
    const magnitude = BigInt(`${hex ? '0x' : octal ? '0o' : ''}${match[2]!}`);
    if (!d.ignored) this.store(d, match[1] === '-' ? -magnitude : magnitude);
    if (!d.ignored) this.assigned++;
    return true;
  }

  private float(d: Directive): boolean {
    const text = this.text(/^[-+]?(\d*\.?\d*([eE][-+]?\d*)?|i(n(f(i(n(i(t(y)?)?)?)?)?)?)?|n(a(n)?)?)$/i, d.width);
    if (!/[\dfn]/i.test(text)) return false;
    const lower = text.toLowerCase();
    const value = lower.includes('inf')
      ? lower.startsWith('-')
        ? -Infinity
        : Infinity
      : lower.includes('nan')
        ? NaN
        : Number(lower);
    if (Number.isNaN(value) && !lower.includes('nan')) return false;
    if (d.ignored) return true;
    const to = this.target();
    if (d.length === 'l' || d.length === 'L') this.c.setDouble(to, value);
    else this.c.setFloat(to, value);
    this.assigned++;
    return true;
  }

  private target(): number {
    return this.c.word(this.from + 8 * this.argument++);
  }

  private store(d: Directive, value: bigint): void {
    const to = this.target();
    const size = d.conversion === 'p' ? 8 : SIZES[d.length]!;
    if (size === 8) this.c.setBig(to, value);
    else this.c.cpu.storeAt(to, size, Number(BigInt.asIntN(32, value)));
  }
}

function directiveOf([, ignored, width, length, conversion]: RegExpExecArray): Directive {
  return {
    ignored: ignored === '*',
    width: width === '' ? Infinity : Number(width),
    length: length ?? '',
    conversion: conversion![0]!,
    set: conversion!.slice(1, -1),
  };
}

/** What %[…] takes. */
function setOf(text: string): (byte: number) => boolean {
  const negated = text.startsWith('^');
  const inside = new Set<number>();
  const set = negated ? text.slice(1) : text;
  for (let i = 0; i < set.length; i++) {
    const from = set.charCodeAt(i);
    if (set[i + 1] !== '-' || i + 2 >= set.length) inside.add(from);
    else {
      for (let byte = from; byte <= set.charCodeAt(i + 2); byte++) inside.add(byte);
      i += 2;
    }
  }
  return (byte) => inside.has(byte) !== negated;
}

const latin = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** Bytes of a string in memory, one by one. */
function textSource(c: Call, address: number): Source {
  let at = address;
  return {
    next: () => {
      const byte = c.cpu.loadAt(at, 1);
      if (byte === 0) return -1;
      at++;
      return byte;
    },
    back: () => void at--,
  };
}

const streamSource = (c: Call, file: number): Source => ({
  next: () => getByte(c, file),
  back: (byte) => void ungetByte(c, file, byte),
});

const listStart = (c: Call, n: number): number => c.word(c.long(n) + 8);
const scan = (c: Call, source: Source, format: number, from: number): number =>
  new Scanner(c, source, from).scan(latin(c.string(c.long(format))));

export const SCANNING: Readonly<Record<string, LibraryFunction>> = {
  sscanf: (c) => scan(c, textSource(c, c.long(0)), 1, c.slot(2)),
  fscanf: (c) => scan(c, streamSource(c, c.long(0)), 1, c.slot(2)),
  scanf: (c) => scan(c, streamSource(c, c.word(c.symbol('stdin'))), 0, c.slot(1)),
  vsscanf: (c) => scan(c, textSource(c, c.long(0)), 1, listStart(c, 2)),
  vfscanf: (c) => scan(c, streamSource(c, c.long(0)), 1, listStart(c, 2)),
  vscanf: (c) => scan(c, streamSource(c, c.word(c.symbol('stdin'))), 0, listStart(c, 1)),
};
