import type { Selection } from './snapshot.ts';

/** Something that was found: a place to select, a step to go to, or both. */
export interface Found {
  /** What it is about: `Page`, `Frame`, `Bytes`, `Step`, `Event` … */
  readonly kind: string;
  readonly text: string;
  /** null: where the lab stands. */
  readonly step: number | null;
  readonly selection: Selection | null;
}

export interface FindLook {
  readonly query: string;
  /** What the query was taken for: `an address`, `bytes`, `words`. */
  readonly taken: string;
  readonly found: readonly Found[];
  /** Beyond those. */
  readonly more: number;
}
