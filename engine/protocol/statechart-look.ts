import type { Selection } from './snapshot.ts';

/** A statechart as the window draws it: made from the XState definition that drives the engine. */

export const STATECHARTS = ['task', 'page', 'pmd', 'slot', 'pressure', 'oom', 'chunk', 'player'] as const;
export type StatechartName = (typeof STATECHARTS)[number];

/** A transition with how often the step just done took it. */
export interface Transition {
  readonly from: string;
  readonly event: string;
  readonly to: string;
  readonly times: number;
}

/** Something that is in a state, with what to select to see it. */
export interface Inhabitant {
  readonly words: string;
  readonly selection: Selection | null;
}

export interface StateLook {
  readonly name: string;
  readonly isFinal: boolean;
  /** How many are in it: tasks, pages, slots, chunks; 0 or 1 for what there is one of. */
  readonly count: number;
  /** The first of them, in the order of their addresses. */
  readonly inhabitants: readonly Inhabitant[];
}

export interface StatechartLook {
  readonly name: StatechartName;
  readonly initial: string;
  readonly states: readonly StateLook[];
  /** All that the statechart allows; `times` is 0 where the step did not take it. */
  readonly transitions: readonly Transition[];
  /** Transitions that the step took, of all statecharts: which of them to look at. */
  readonly busy: Readonly<Record<StatechartName, number>>;
}
