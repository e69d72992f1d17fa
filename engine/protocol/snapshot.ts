/**
 * What the worker sends to the window after each step: everything the pictures show, and nothing they would have to
 * compute from the kernel's own tables. Arrays are typed so that they can be transferred.
 */
import type { SwapKind } from './commands.ts';
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
export const FRAME_USE_CODES = [
  'free',
  'kernel',
  'zero',
  'table',
  'anon',
  'shmem',
  'file',
  'flat',
  'device',
  'hugetlb',
] as const;

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

/**
 * One element per slot that can hold a page, device after device, from slot 1 of the first; the picture's place of a
 * slot, not the kernel's number.
 */
export interface SlotsSnapshot {
  readonly total: number;
  readonly devices: readonly { readonly kind: SwapKind; readonly pages: number }[];
  /** 1 while the slot is taken. */
  readonly taken: Uint8Array;
  /** Page table entries and objects that name it: the swap map. */
  readonly count: Uint16Array;
  /** Bit N: task pN has an entry that names it; tasks from 31 on share bit 31. */
  readonly owners: Uint32Array;
  /** Its frame in the swap cache, −1 none. */
  readonly frame: Int32Array;
  /** 1 when the step just done took, wrote, read or freed it. */
  readonly fresh: Uint8Array;
}

/** Bytes that the step just done wrote from a frame into a slot, or read from a slot into a frame. */
export interface SwapMove {
  readonly way: 'out' | 'in';
  readonly frame: number;
  /** Place in SlotsSnapshot. */
  readonly slot: number;
}

/** How short memory is. Frames. */
export interface PressureSnapshot {
  /** Source of the words: pressure.machine. */
  readonly state: 'balanced' | 'kswapd' | 'direct' | 'oom';
  readonly min: number;
  readonly low: number;
  readonly high: number;
  /** Frames on each list, in the order of LRU_NAMES. */
  readonly lists: readonly number[];
}

/** A task that has no memory any more: a zombie, or a number that nobody has taken since. */
export interface EndedTask {
  readonly pid: number;
  readonly state: 'zombie' | 'reaped';
  /** `exit 0`, `killed by SIGKILL` */
  readonly ending: string;
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
  readonly ended: readonly EndedTask[];
  /** Tasks that have a heap to be looked at. */
  readonly heaps: readonly number[];
  readonly frames: FramesSnapshot;
  readonly slots: SlotsSnapshot;
  readonly pressure: PressureSnapshot;
  readonly copies: readonly CopySnapshot[];
  readonly moves: readonly SwapMove[];
}

/** Who is where at a step, without the frames: enough to plan places that hold for a whole scenario. */
export interface StageShape {
  readonly tasks: readonly TaskSnapshot[];
  /** Tasks that have ended by then. */
  readonly ended: readonly EndedTask[];
  readonly frames: { readonly total: number };
  readonly machine: { readonly swap: { readonly total: number } };
}

/** What can be selected: one thing, and everything linked to it lights up. */
export type Selection =
  | { readonly kind: 'page'; readonly pid: number; readonly page: number }
  | { readonly kind: 'frame'; readonly frame: number }
  /** Place in SlotsSnapshot. */
  | { readonly kind: 'slot'; readonly slot: number }
  | { readonly kind: 'vma'; readonly pid: number; readonly start: number };

/** All that a selection links: pages of tasks, frames, and places in SlotsSnapshot. */
export interface Lit {
  readonly pages: readonly { readonly pid: number; readonly page: number; readonly label: string }[];
  readonly frames: readonly number[];
  readonly slots: readonly number[];
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
