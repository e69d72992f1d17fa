import type { Problem } from '../../protocol/player.ts';
import type { LineMap } from './line-map.ts';

/** A problem at offsets of the text that was parsed; whoever knows where that text stands makes a Problem of it. */
export interface TextProblem {
  /** UTF-16 offset, inclusive. */
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  readonly message: string;
  readonly remedy: string;
}

export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly TextProblem[] };

/** Gives a problem its line and column. */
export function placed(problem: TextProblem, lines: LineMap): Problem {
  const { line, column } = lines.at(problem.start);
  return { line, column, message: problem.message, remedy: problem.remedy };
}

/** `FILE:LINE:COL: what is wrong; what to do` */
export const formatProblem = (file: string, { line, column, message, remedy }: Problem): string =>
  `${file}:${line}:${column}: ${message}; ${remedy}`;

/** In reading order, so that the first line printed is the first to mend. */
export const inReadingOrder = (problems: readonly Problem[]): Problem[] =>
  [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
