/**
 * Whatever puts another state on the screen happens one after the other: what was asked for last is shown last.
 */
let last: Promise<unknown> = Promise.resolve();
let waiting = 0;
let epoch = 0;

/** Works under way and waiting. */
export const worksWaiting = (): number => waiting;

/** Runs a work when those before it have ended, however they ended. Undefined when it was dropped meanwhile. */
export async function inTurn<T>(work: () => Promise<T>): Promise<T | undefined> {
  const before = last;
  const asked = epoch;
  const mine = (async () => {
    // Whoever asked for the work before learns how it ended.
    await before.catch(() => undefined);
    return asked === epoch ? work() : undefined;
  })();
  waiting++;
  last = mine;
  try {
    return await mine;
  } finally {
    waiting--;
  }
}

/** When all that has been asked for so far has ended. */
export const allDone = (): Promise<unknown> => last.catch(() => undefined);

/** Works that wait will not be done: the engine that they were meant for is gone. */
export function dropWaiting(): void {
  epoch++;
}
