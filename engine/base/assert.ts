/** A rule of the simulation that no input can break; thrown only when the lab itself is wrong. */
export class BrokenInvariant extends Error {
  override readonly name = 'BrokenInvariant';
}

/**
 * Stays on in production: a lab that shows a wrong number is worse than one that stops.
 * @param rule what must hold, as a sentence
 */
export function assert(condition: boolean, rule: string): asserts condition {
  if (!condition) throw new BrokenInvariant(rule);
}
