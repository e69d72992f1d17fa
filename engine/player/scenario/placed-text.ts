import { Scalar } from 'yaml';

/** Text of a YAML value that still knows where each of its characters stands in the file. */
export interface PlacedText {
  readonly text: string;
  /** File offset of a character of the text; the text's length gives the place behind it. */
  at(offset: number): number;
}

/** Text without a place of its own: everything is reported at one offset. */
export const textAt = (text: string, offset: number): PlacedText => ({ text, at: () => offset });

const mapped = (text: string, offsets: readonly number[], end: number): PlacedText => ({
  text,
  at: (offset) => (offset < offsets.length ? offsets[Math.max(0, offset)]! : end),
});

/** The text of a scalar, whichever way it is written: plain, quoted, or a block. */
export function placedScalar(source: string, node: Scalar): PlacedText {
  const [start, end] = node.range ?? [0, 0];
  const text = typeof node.value === 'string' ? node.value : source.slice(start, end);
  if (node.type === Scalar.QUOTE_DOUBLE) return doubleQuoted(source, text, start, end);
  const isBlock = node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED;
  const single = node.type === Scalar.QUOTE_SINGLE;
  const from = isBlock ? source.indexOf('\n', start) + 1 : single ? start + 1 : start;
  return aligned(source, text, from, single ? end - 1 : end, single);
}

/**
 * Folding only ever changes white space, so the visible characters of text and file are the same, in the same order.
 * @param doubled '' stands for one quote
 */
function aligned(source: string, text: string, from: number, to: number, doubled: boolean): PlacedText {
  const offsets: number[] = [];
  let at = from;
  for (const character of text.split('')) {
    if (/\s/.test(character)) {
      offsets.push(at);
      if (at < to && /\s/.test(source[at]!)) at++;
      continue;
    }
    while (at < to && source[at] !== character) at++;
    offsets.push(at);
    at += doubled && character === "'" ? 2 : 1;
  }
  // a missing word is reported behind the last visible character, not on the next line
  return mapped(text, offsets, offsets.length === 0 ? from : offsets.at(-1)! + 1);
}

const ESCAPE_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

function doubleQuoted(source: string, text: string, start: number, end: number): PlacedText {
  const offsets: number[] = [];
  let at = start + 1;
  while (at < end - 1 && offsets.length < text.length) {
    if (source[at] === '\\' && source[at + 1] !== '\n' && source[at + 1] !== '\r') {
      const length = 2 + (ESCAPE_DIGITS[source[at + 1]!] ?? 0);
      const units = source[at + 1] === 'U' && Number.parseInt(source.slice(at + 2, at + 10), 16) > 0xffff ? 2 : 1;
      for (let i = 0; i < units; i++) offsets.push(at);
      at += length;
    } else if (source[at] === text[offsets.length]) {
      offsets.push(at++);
    } else if (/\s/.test(text[offsets.length]!) && /\s/.test(source[at]!)) {
      offsets.push(at++);
    } else {
      // white space or a line break that folding took away
      at++;
    }
  }
  return mapped(text, offsets, offsets.length === 0 ? start + 1 : at);
}

/** A `${…}` of a text, with the name between its braces. */
const PARAMETER = /\$\{([^}]*)\}/g;

/**
 * Puts parameters in. Their characters stand where the `$` stands.
 * @param valueOf the text of a parameter; what an unknown one becomes is its matter
 */
export function substituted(
  source: PlacedText,
  valueOf: (name: string, start: number, end: number) => string,
): PlacedText {
  if (!source.text.includes('${')) return source;
  const offsets: number[] = [];
  let text = '';
  let done = 0;
  const copy = (to: number): void => {
    for (; done < to; done++) {
      text += source.text[done]!;
      offsets.push(source.at(done));
    }
  };
  for (const match of source.text.matchAll(PARAMETER)) {
    copy(match.index);
    const end = match.index + match[0].length;
    const value = valueOf(match[1]!.trim(), source.at(match.index), source.at(end));
    for (let i = 0; i < value.length; i++) offsets.push(source.at(match.index));
    text += value;
    done = end;
  }
  copy(source.text.length);
  return mapped(text, offsets, source.at(source.text.length));
}
