/** Medians of two contestants in seconds. */
export interface Duel {
  readonly ours: number;
  readonly reference: number;
  readonly rounds: number;
}

/**
 * Lets two contestants run in turn, so that a machine that slows down slows both.
 * @param ours, reference do their work and return the seconds it took
 */
export async function interleaved(
  rounds: number,
  ours: () => number | Promise<number>,
  reference: () => number | Promise<number>,
): Promise<Duel> {
  const times = { ours: [] as number[], reference: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    times.ours.push(await ours());
    times.reference.push(await reference());
  }
  return { ours: median(times.ours), reference: median(times.reference), rounds };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Seconds that something takes. */
export function timed(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

/** 12.3 M/s */
export const perSecond = (count: number, seconds: number): string => `${(count / seconds / 1e6).toFixed(2)} M/s`;
