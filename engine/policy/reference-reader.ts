import { PAGE_LIMIT } from './policy.ts';

/** What cannot be read, and where; line and column count from 1. */
export interface ReferenceProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly remedy: string;
}

/** What a byte is: below 16 the value of a hexadecimal digit. */
const LETTER_X = 16;
const SEPARATOR = 17;
const NEW_LINE = 18;
const OTHER = 19;
const KIND = new Uint8Array(256).fill(OTHER);
for (let digit = 0; digit < 16; digit++) {
  const text = digit.toString(16);
  KIND[text.charCodeAt(0)] = digit;
  KIND[text.toUpperCase().charCodeAt(0)] = digit;
}
KIND['x'.charCodeAt(0)] = LETTER_X;
for (const separator of ' \t\r\v\f,') KIND[separator.charCodeAt(0)] = SEPARATOR;
KIND['\n'.charCodeAt(0)] = NEW_LINE;

/** How much of a number has been read. */
const NOTHING = 0;
/** A zero that may start 0x. */
const ZERO = 1;
/** 0x and no digit yet. */
const PREFIX = 2;
const NUMBER = 3;

/** Characters of a faulty word that a message repeats. */
const SHOWN_CHARS = 24;

/**
 * Reads page numbers out of bytes that come in pieces of any size: decimal or 0x, below 2^52, separated by white space
 * or commas. Looks at each byte once and makes no strings.
 */
export class ReferenceReader {
  /** Page numbers of the piece read last, the first `count`; the next read overwrites them. */
  pages = new Float64Array(0);
  count = 0;
  private state = NOTHING;
  private radix = 10;
  private value = 0;
  private line = 1;
  /** Bytes read before this piece. */
  private offset = 0;
  /** Offsets of the current line and of the current or latest number. */
  private lineStart = 0;
  private wordStart = 0;
  /** The beginning of a word that earlier pieces hold, as far as a message would show it. */
  private carried: number[] = [];

  /** @returns the first problem; nothing may be read after it */
  read(piece: Uint8Array): ReferenceProblem | null {
    // A number takes a byte and a separator; one more may end here that began earlier.
    const most = (piece.length >> 1) + 1;
    if (this.pages.length < most) this.pages = new Float64Array(most);
    const { pages, offset } = this;
    let { state, radix, value } = this;
    let count = 0;
    for (let i = 0; i < piece.length; i++) {
      const kind = KIND[piece[i]!]!;
      if (kind < radix) {
        if (state === NOTHING) this.wordStart = offset + i;
        state = state === NOTHING && kind === 0 ? ZERO : NUMBER;
        value = value * radix + kind;
      } else if (kind === SEPARATOR || kind === NEW_LINE) {
        if (state !== NOTHING) {
          if (state === PREFIX || value >= PAGE_LIMIT) return this.problem(piece, value);
          pages[count++] = value;
          state = NOTHING;
          radix = 10;
          value = 0;
        }
        if (kind === NEW_LINE) {
          this.line++;
          this.lineStart = offset + i + 1;
        }
      } else if (kind === LETTER_X && state === ZERO) {
        state = PREFIX;
        radix = 16;
      } else {
        if (state === NOTHING) this.wordStart = offset + i;
        return this.problem(piece, 0);
      }
    }
    this.state = state;
    this.radix = radix;
    this.value = value;
    this.count = count;
    if (state !== NOTHING) this.carry(piece);
    this.offset += piece.length;
    return null;
  }

  /** The input is over: gives the number that it ends with, if any. */
  end(): ReferenceProblem | null {
    return this.read(END);
  }

  private carry(piece: Uint8Array): void {
    const start = Math.max(0, this.wordStart - this.offset);
    if (this.wordStart >= this.offset) this.carried = [];
    const room = WORD_BYTES - this.carried.length;
    if (room > 0) this.carried.push(...piece.subarray(start, start + room));
  }

  /** @param value of a number that is well written but too large; 0 for any other problem */
  private problem(piece: Uint8Array, value: number): ReferenceProblem {
    const inPiece = this.wordStart - this.offset;
    const start = Math.max(0, inPiece);
    let end = start;
    while (end < piece.length && end - start < WORD_BYTES && !isSeparator(piece[end]!)) end++;
    const before = inPiece < 0 ? this.carried : [];
    const word = shown(Uint8Array.from([...before, ...piece.subarray(start, end)]));
    const place = { line: this.line, column: this.wordStart - this.lineStart + 1 };
    if (value >= PAGE_LIMIT) {
      return { ...place, message: `page number ${word} is too large`, remedy: 'write numbers below 2^52' };
    }
    const remedy = 'write decimal or 0x numbers, separated by white space or commas';
    return { ...place, message: `${word} is no page number`, remedy };
  }
}

const END = Uint8Array.of('\n'.charCodeAt(0));
/** Enough bytes for the characters shown and one more. */
const WORD_BYTES = 4 * (SHOWN_CHARS + 1);

const isSeparator = (byte: number): boolean => KIND[byte] === SEPARATOR || KIND[byte] === NEW_LINE;

/** A word as a message may repeat it: short, and nothing that a terminal would obey. */
function shown(word: Uint8Array): string {
  // The byte order mark is a character like any other here.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const chars = [...decoder.decode(word)].map((char) => (/[\p{C}\p{Z}]/u.test(char) ? '\ufffd' : char));
  return chars.length > SHOWN_CHARS ? `${chars.slice(0, SHOWN_CHARS).join('')}…` : chars.join('');
}
