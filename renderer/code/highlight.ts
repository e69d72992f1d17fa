import { parser } from '@lezer/cpp';
import { classHighlighter, highlightTree } from '@lezer/highlight';

/** Letters of one kind: the style of `tok-…` classes. */
export interface Token {
  readonly text: string;
  readonly kind: string;
}

/** A program's lines in pieces, each with its kind; loaded when a program is first shown. */
export function highlightC(text: string): Token[][] {
  const lines: Token[][] = [[]];
  const add = (piece: string, kind: string): void => {
    piece.split('\n').forEach((part, i) => {
      if (i > 0) lines.push([]);
      if (part !== '') lines.at(-1)!.push({ text: part, kind });
    });
  };
  let at = 0;
  highlightTree(parser.parse(text), classHighlighter, (from, to, classes) => {
    if (from > at) add(text.slice(at, from), '');
    add(text.slice(from, to), classes);
    at = to;
  });
  add(text.slice(at), '');
  return lines;
}
