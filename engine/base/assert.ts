/** A rule of the simulation that no input can break; thrown only when the lab itself is wrong. */
export class BrokenInvariant extends Error {
  override readonly name = 'BrokenInvariant';
}

/**
 * Stays on in production: a lab that shows a wrong number is worse than one that stops.
 * @param rule what must hold, as a sentence
 * @param about the number of what it is about; a sentence that is put together each time would cost more than the check
 */
export function assert(condition: boolean, rule: string, about?: number): asserts condition {
  if (!condition) throw new BrokenInvariant(about === undefined ? rule : `${rule}: ${about}`);
}
