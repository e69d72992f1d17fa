import type { Problem } from './player.ts';

/** What memory events a run can stop at, with the words of their switches. */
export const STOPS = {
  copy: 'copy on write',
  fault: 'page fault',
  major: 'major fault',
  swapOut: 'page to swap',
  swapIn: 'page from swap',
  break: 'break moved',
  refused: 'call refused',
  lock: 'lock refused',
  fork: 'fork',
  signal: 'signal',
  exit: 'process ends',
  kill: 'out of memory',
  reclaim: 'reclaim',
  damage: 'heap damaged',
  flush: 'TLB flush',
} as const;
export type StopKind = keyof typeof STOPS;
export const STOP_KINDS = Object.keys(STOPS) as readonly StopKind[];

/** Where a run stops: at memory events, and where something that is watched changes or, for a claim, becomes true. */
export interface Stops {
  readonly events: readonly StopKind[];
  readonly watches: readonly string[];
}

/** A stretch of steps over which something watched stayed the same. */
export interface WatchSpan {
  /** Positions, inclusive. */
  readonly from: number;
  readonly to: number;
  /** Empty while it is not there. */
  readonly value: string;
  /** Tasks that have it, for its colours. */
  readonly owners: readonly number[];
}

/** One thing watched, or what one process sees at the address that is watched. */
export interface WatchRow {
  /** `p1`, or empty where there is one row alone. */
  readonly who: string;
  readonly pid: number;
  readonly spans: readonly WatchSpan[];
}

export interface WatchLook {
  readonly text: string;
  /** Up to the present step; empty where the text cannot be watched. */
  readonly rows: readonly WatchRow[];
  readonly problems: readonly Problem[];
}
