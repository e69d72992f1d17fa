import type { Selection } from './snapshot.ts';

/** What can be asked "why?" of. */
export type WhySubject =
  | Selection
  /** A byte of a page; its value is what is asked about. */
  | { readonly kind: 'byte'; readonly pid: number; readonly page: number; readonly offset: number }
  /** The chunk of a heap whose header is there. */
  | { readonly kind: 'chunk'; readonly pid: number; readonly address: number }
  /** What the step just done came to, a refused call before all else. */
  | { readonly kind: 'step' };

/** One link of a chain of causes. */
export interface WhyLink {
  /** Of the event log; 0 for what was so when the machine started. */
  readonly event: number;
  /** Step that it happened in, from 1; 0 before the first. */
  readonly step: number;
  readonly text: string;
  /** What lights up with it. */
  readonly selection: Selection | null;
}

/** A chain of causes, from the thing back to what a person did. */
export interface WhyStory {
  /** `Page p1 A+2`, `Byte 16 of p0 heap+0` */
  readonly title: string;
  /** How it is now, in plain words. */
  readonly now: string;
  /** From the last event that made it so to the operation that everything followed from; the last link is that. */
  readonly links: readonly WhyLink[];
  /** Operations that made it something else before, the latest first. */
  readonly before: readonly WhyLink[];
}
