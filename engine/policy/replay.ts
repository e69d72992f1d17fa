import { createPolicy } from './create-policy.ts';
import type { Policy, PolicyName } from './policy.ts';

export interface ReplayCounts {
  readonly accesses: number;
  readonly hits: number;
  readonly faults: number;
}

/** References of which `opt` knows all before the first is made: 2 GiB of page numbers. The other policies keep none. */
export const MAX_KEPT_REFERENCES = 2 ** 28;
const FIRST_KEPT = 2 ** 16;

/** A policy on references that come in pieces. */
export interface Replay {
  /**
   * Takes the next references, the first `count` of `pages`; the array may be used again afterwards.
   * @returns false when they are too many to keep
   */
  add(pages: Float64Array, count: number): boolean;
  /** Called once, after the last reference. */
  finish(): ReplayCounts;
}

export function createReplay(name: PolicyName, frames: number, seed: number): Replay {
  return name === 'opt'
    ? new ReplayAtEnd(name, frames, seed)
    : new ReplayAtOnce(createPolicy(name, frames, seed, null));
}

class ReplayAtOnce implements Replay {
  private accesses = 0;
  private hits = 0;

  constructor(private readonly policy: Policy) {}

  add(pages: Float64Array, count: number): boolean {
    const { policy } = this;
    let hits = 0;
    for (let i = 0; i < count; i++) if (policy.access(pages[i]!)) hits++;
    this.accesses += count;
    this.hits += hits;
    return true;
  }

  finish(): ReplayCounts {
    return { accesses: this.accesses, hits: this.hits, faults: this.accesses - this.hits };
  }
}

class ReplayAtEnd implements Replay {
  private kept = new Float64Array(FIRST_KEPT);
  private length = 0;

  constructor(
    private readonly name: PolicyName,
    private readonly frames: number,
    private readonly seed: number,
  ) {}

  add(pages: Float64Array, count: number): boolean {
    const length = this.length + count;
    if (length > MAX_KEPT_REFERENCES) return false;
    if (length > this.kept.length) {
      const before = this.kept;
      this.kept = new Float64Array(Math.max(length, before.length * 2));
      this.kept.set(before);
    }
    this.kept.set(pages.subarray(0, count), this.length);
    this.length = length;
    return true;
  }

  finish(): ReplayCounts {
    const future = this.kept.subarray(0, this.length);
    const replay = new ReplayAtOnce(createPolicy(this.name, this.frames, this.seed, future));
    replay.add(future, future.length);
    return replay.finish();
  }
}
