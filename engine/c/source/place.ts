/** A place in a source text; lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly col: number;
}

/** The program cannot be taken: an error of its author, or something outside the subset that the lab runs. */
export class Refusal extends Error {
  constructor(
    readonly place: Place,
    message: string,
  ) {
    super(message);
  }
}

/** @throws Refusal always */
export function refuse(place: Place, message: string): never {
  throw new Refusal(place, message);
}
