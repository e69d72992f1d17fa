import type { Lit, Selection, WindowSnapshot } from './snapshot.ts';

/** What the present is compared with: a position of this run, or where the other run stands. */
export type Against = number | 'other';

export interface Difference {
  /** `p1 A+2`, `frame 14`, `p0 rss` */
  readonly what: string;
  /** Empty where it was not there, or no longer is. */
  readonly was: string;
  readonly now: string;
  readonly selection: Selection | null;
}

export interface DifferenceGroup {
  readonly title: string;
  readonly differences: readonly Difference[];
  /** Beyond those. */
  readonly more: number;
}

export interface CompareLook {
  readonly against: Against;
  /** Steps done there and here. */
  readonly was: number;
  readonly now: number;
  readonly groups: readonly DifferenceGroup[];
  /** Pages, frames and slots that differ, as far as they are there now. */
  readonly lit: Lit;
  /** What it is compared with, and what of that differs. */
  readonly snapshot: WindowSnapshot;
  readonly litThere: Lit;
}

/** The run that a branch left behind, to come back to. */
export interface OtherRun {
  readonly position: number;
  readonly length: number;
  /** What its last step said. */
  readonly sentence: string;
}
