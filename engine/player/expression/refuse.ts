import type { TextProblem } from '../text/problem.ts';

/** Ends the parse at its first problem; thrown and caught inside this folder only. */
export class ExpressionProblem extends Error {
  constructor(readonly problem: TextProblem) {
    super(problem.message);
  }
}

export function refuse(place: { start: number; end: number }, message: string, remedy: string): never {
  throw new ExpressionProblem({ start: place.start, end: place.end, message, remedy });
}
