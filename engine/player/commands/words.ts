/** A run of characters without white space, with its place in the text. */
export interface Word {
  readonly text: string;
  /** UTF-16 offsets: start inclusive, end exclusive. */
  readonly start: number;
  readonly end: number;
}

/** Where a comment starts, or the end of the line. */
export function codeEnd(line: string): number {
  const hash = line.indexOf('#');
  return hash < 0 ? line.length : hash;
}

/**
 * The words of one line; `#` starts a comment.
 * @param offset where the line stands in the whole text
 */
export function wordsOf(line: string, offset = 0): Word[] {
  const words: Word[] = [];
  for (const match of line.slice(0, codeEnd(line)).matchAll(/\S+/g)) {
    const start = offset + match.index;
    words.push({ text: match[0], start, end: start + match[0].length });
  }
  return words;
}
