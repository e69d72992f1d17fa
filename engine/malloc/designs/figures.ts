import type { DesignStep } from './design.ts';

/** What one design made of a list of requests. Bytes unless said otherwise. */
export interface DesignFigures {
  /** What the program asked for and still has. */
  readonly asked: number;
  /** Blocks it has, with headers, tags and rounding. */
  readonly inUse: number;
  readonly free: number;
  /** The largest free stretch. */
  readonly largestFree: number;
  /** Directory, tags at the ends, the tcache's own block, what somebody else got of the break. */
  readonly own: number;
  /** From the system: now, and at most. */
  readonly held: number;
  readonly peak: number;
  /** Share of the blocks in use that nobody asked for: (inUse − asked) / inUse. */
  readonly internal: number;
  /** Share of the free bytes that one request cannot get: 1 − largestFree / free. */
  readonly external: number;
  /** Requests that got NULL. */
  readonly refused: number;
  readonly systemCalls: number;
  /** Free blocks, or words of a bitmap, that were looked at to find room. */
  readonly looks: number;
  readonly splits: number;
  readonly merges: number;
}

/** How often each step was taken. */
export class StepCount {
  private readonly counts = new Map<DesignStep, number>();

  step(step: DesignStep): void {
    this.counts.set(step, this.of(step) + 1);
  }

  of(step: DesignStep): number {
    return this.counts.get(step) ?? 0;
  }
}

/** part / whole, 0 of nothing. */
export const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
