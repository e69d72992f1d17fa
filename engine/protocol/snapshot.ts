/**
 * What the worker sends to the window after each step: everything the pictures show, and nothing they would have to
 * compute from the kernel's own tables. Arrays are typed so that they can be transferred.
 */
import type { FrameUse, MachineView, PageState, TaskView, VmaView } from './views.ts';

/** Page states by number in `RunSnapshot.state`. */
export const PAGE_STATE_CODES = [
  'unmapped',
  'reserved',
  'zero',
  'resident',
  'readOnly',
  'noAccess',
  'guard',
  'swapped',
  'device',
] as const;
/** Frame uses by number in `FramesSnapshot.use`. */
export const FRAME_USE_CODES = ['free', 'kernel', 'zero', 'table', 'anon', 'shmem', 'file', 'flat', 'device'] as const;

export const pageStateOf = (code: number): PageState => PAGE_STATE_CODES[code]!;
export const frameUseOf = (code: number): FrameUse => FRAME_USE_CODES[code]!;

/**
 * Pages of a VMA as the picture shows them: one page, or a run of pages that are alike and far from anything that
 * happened. Runs tile the VMA from low to high.
 */
export interface RunSnapshot {
  /** First page and number of pages. */
  readonly page: number;
  readonly pages: number;
  readonly state: PageState;
  /** Frame of a single page; −1 for none and for runs. */
  readonly frame: number;
  /** Page table entries on that frame. */
  readonly sharers: number;
  /** Number of the swap slot that a single swapped page names; −1 for none and for runs. */
  readonly slot: number;
  /** Numbers of the tasks that map the frame, ascending, each once; for runs and empty pages none. */
  readonly owners: readonly number[];
  /** Changed by the step just done. */
  readonly fresh: boolean;
}

export interface VmaSnapshot {
  readonly view: VmaView;
  readonly runs: readonly RunSnapshot[];
}

export interface TaskSnapshot {
  readonly view: TaskView;
  /** From low to high addresses. */
  readonly vmas: readonly VmaSnapshot[];
}

/** One element per frame. */
export interface FramesSnapshot {
  readonly total: number;
  /** Index in FRAME_USE_CODES. */
  readonly use: Uint8Array;
  /** Page table entries on the frame. */
  readonly mapcount: Uint32Array;
  /** Bit N: task pN maps it or owns the table in it; tasks from 31 on share bit 31. */
  readonly owners: Uint32Array;
  /** Page table level for tables, else 0. */
  readonly level: Uint8Array;
  /** 1 while the frame is in the swap cache. */
  readonly swapCached: Uint8Array;
  /** 1 when the step just done changed what it is used for or made it somebody's. */
  readonly fresh: Uint8Array;
}

/** A copy that the step just done made. */
export interface CopySnapshot {
  readonly from: number;
  readonly to: number;
  readonly pid: number;
  readonly page: number;
}

export interface WindowSnapshot {
  /** Steps done. */
  readonly position: number;
  readonly hash: string;
  readonly machine: MachineView;
  readonly tasks: readonly TaskSnapshot[];
  readonly frames: FramesSnapshot;
  readonly copies: readonly CopySnapshot[];
}

/** Who is where at a step, without the frames: enough to plan places that hold for a whole scenario. */
export interface StageShape {
  readonly tasks: readonly TaskSnapshot[];
  readonly frames: { readonly total: number };
  readonly machine: { readonly swap: { readonly total: number } };
}

/** What can be selected: one thing, and everything linked to it lights up. */
export type Selection =
  | { readonly kind: 'page'; readonly pid: number; readonly page: number }
  | { readonly kind: 'frame'; readonly frame: number }
  | { readonly kind: 'vma'; readonly pid: number; readonly start: number };

/** All that a selection links: pages of tasks and frames. */
export interface Lit {
  readonly pages: readonly { readonly pid: number; readonly page: number; readonly label: string }[];
  readonly frames: readonly number[];
}

/** What the inspector says of a selection. */
export interface Inspection {
  readonly selection: Selection;
  readonly title: string;
  /** One line of plain words. */
  readonly summary: string;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  /** First bytes of the frame, null where there are none to show. */
  readonly bytes: readonly number[] | null;
  readonly bytesLabel: string;
  /** Page walk, top level first; empty for frames and VMAs. */
  readonly walk: readonly { readonly level: number; readonly index: number; readonly entry: string }[];
  readonly lit: Lit;
}

/** One line of the event log. */
export interface EventLine {
  readonly id: number;
  readonly cause: number;
  readonly depth: number;
  readonly kind: string;
  readonly pid: number;
  readonly text: string;
  readonly timeNs: number;
  readonly page: number;
  readonly frame: number;
}
