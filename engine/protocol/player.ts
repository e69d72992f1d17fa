/** What the player hands to a host (the window's worker, the command line): plain data that can be cloned. */

import type { Selection } from './snapshot.ts';

/** Something wrong in a text, at a place a person can go to. Line and column count from 1, in UTF-16 units. */
export interface Problem {
  readonly line: number;
  readonly column: number;
  /** What is wrong. */
  readonly message: string;
  /** What to do. */
  readonly remedy: string;
}

/** What the view should show at a step. */
export interface ShowHint {
  /** As the script names it: `p0:A`, `p1:A+2`, `frame 14`, `p0`. */
  readonly text: string | null;
  /** What that is at this step; null for none and for a whole task. */
  readonly selection: Selection | null;
  readonly zoom: 'machine' | 'task' | 'vma' | 'page' | 'bytes' | null;
  readonly links: readonly ('copy' | 'sharers' | 'frame' | 'table')[];
}

export interface AskView {
  readonly kind: 'choice' | 'number';
  readonly text: string;
  /** As they are shown, in the order of the script; empty for a number. */
  readonly choices: readonly string[];
  /** What the engine measured at the end of the step: one of the choices, or a number. */
  readonly answer: string;
  /** Why a choice is right or wrong; null where the script gives no reason. */
  readonly why: readonly (string | null)[];
  /** The reason given for the question as a whole. */
  readonly reason: string | null;
}

/** A question as an audience may see it before the answer. */
export type OpenAsk = Pick<AskView, 'kind' | 'text' | 'choices'>;

/** One claim of a step and what the engine measured. */
export interface ExpectReport {
  readonly text: string;
  readonly ok: boolean;
  /** The measured value, or why there is none. */
  readonly got: string;
  readonly line: number;
  readonly column: number;
}

/** One link of the chain from the user's command to the event that tells most. */
export interface Chip {
  readonly text: string;
  /** Event to go to, 0 for none. */
  readonly event: number;
  /** What to light: −1 for none. `page` is a virtual page number of task `pid`. */
  readonly pid: number;
  readonly page: number;
  readonly frame: number;
}

/** What just happened, in words. */
export interface Narration {
  readonly sentence: string;
  readonly chips: readonly Chip[];
}

/** A process's memory behind one command: a point of the chart over its life. Bytes. */
export interface FootprintPoint {
  readonly pid: number;
  /** Virtual time. */
  readonly timeNs: number;
  /** The command that made it so: an event. */
  readonly event: number;
  /** Asked for and not yet freed; null while the process has not called its allocator, or runs a C program. */
  readonly asked: number | null;
  /** What its allocator has from the system, mappings among it. */
  readonly held: number;
  /** From the start of the heap to the break. */
  readonly heap: number;
  readonly rss: number;
}

/** What one command of a step gave back, as text for the console and as values for tables. */
export interface CommandReport {
  readonly text: string;
  /** `ok`, `ENOMEM`, `SIGSEGV (no VMA)`, the values read … */
  readonly outcome: string;
  readonly failed: boolean;
  readonly minflt: number;
  readonly majflt: number;
  readonly timeNs: number;
  readonly firstEvent: number;
  readonly endEvent: number;
  /** Processes whose memory is another than before. */
  readonly footprints: readonly FootprintPoint[];
}

/** Everything that is known of one step once it has run. */
export interface StepReport {
  /** Position in the timeline, from 1: the position the player is at after it. */
  readonly index: number;
  /** Step of the script from 1; 0 for a step typed by hand. */
  readonly scriptStep: number;
  /** Chapter from 0. */
  readonly chapter: number;
  readonly say: string;
  readonly note: string;
  readonly mark: string | null;
  readonly pause: boolean;
  readonly ask: AskView | null;
  readonly show: ShowHint | null;
  readonly commands: readonly CommandReport[];
  readonly expect: readonly ExpectReport[];
  /** All claims held and no command failed that was not expected to. */
  readonly ok: boolean;
  readonly narration: Narration;
  /** Events of the step: from (inclusive) to (exclusive). */
  readonly firstEvent: number;
  readonly endEvent: number;
  /** Hash of the state behind the step, 16 hex digits. */
  readonly hash: string;
  /** Virtual time the step took, and the clock behind it. */
  readonly timeNs: number;
  readonly clockNs: number;
}

/** A tick of the timeline: something that happened in the run of the whole script. */
export interface TimelineMark {
  /** Position of its step. */
  readonly step: number;
  readonly lane: 'calls' | 'faults' | 'copies' | 'swap';
  readonly pid: number;
  readonly timeNs: number;
}

export interface OutlineStep {
  /** Position in the timeline, from 1. */
  readonly index: number;
  readonly chapter: number;
  /** The caption, or the typed command. */
  readonly title: string;
  readonly mark: string | null;
  readonly pause: boolean;
  readonly hasAsk: boolean;
  readonly typed: boolean;
}

export interface Outline {
  readonly title: string;
  readonly summary: string;
  readonly features: readonly string[];
  readonly chapters: readonly { readonly title: string; readonly firstStep: number }[];
  readonly steps: readonly OutlineStep[];
}

/** States of player.machine. */
export type PlayerPhase = 'empty' | 'refused' | 'atStart' | 'paused' | 'playing' | 'atEnd' | 'broken';

/** Where the player is. */
export interface PlayerView {
  readonly phase: PlayerPhase;
  /** Steps done, 0 … length. */
  readonly position: number;
  readonly length: number;
  /** Report of the step just done; null at position 0. */
  readonly report: StepReport | null;
  /** The question that the next step opens with. */
  readonly nextAsk: OpenAsk | null;
  readonly typedSteps: number;
}

/** Typed commands with their places, enough to come back to the same step later. */
export interface TypedStep {
  /** Steps done when it was typed, those typed before it included. */
  readonly atStep: number;
  readonly text: string;
}

export type OpenReply =
  | {
      readonly ok: true;
      readonly outline: Outline;
      readonly marks: readonly TimelineMark[];
      readonly problems: readonly [];
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export type TypeReply =
  { readonly ok: true; readonly report: StepReport } | { readonly ok: false; readonly problems: readonly Problem[] };

/** A way to finish what stands left of the cursor in the console. */
export interface Completion {
  /** Replaces the characters `from` … cursor. */
  readonly text: string;
  readonly from: number;
  /** A few words on what it is. */
  readonly help: string;
}

/** A row of the console's help. */
export interface OperationHelp {
  readonly op: string;
  readonly usage: string;
  readonly help: string;
}
