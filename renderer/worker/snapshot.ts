import { HUGE_PAGES } from '../../engine/base/limits.ts';
import { EVENT } from '../../engine/base/event-kinds.ts';
import { FRAME } from '../../engine/base/flags.ts';
import { touchedRuns } from '../../engine/mm/frame-blocks.ts';
import { entryId, forEachTable, frameOfLow, lowWord, ownerOfEntry } from '../../engine/mm/page-table.ts';
import { pageStateName, stateOfLow } from '../../engine/mm/page-state.ts';
import { entriesOf } from '../../engine/mm/rmap.ts';
import { namesFrame, placeOfSlot, slotOfEntry } from '../../engine/mm/swap-entry.ts';
import { hasHeap } from '../../engine/kernel/heap/index.ts';
import type { EntryId, MmId, Pfn } from '../../engine/base/units.ts';
import { flatSharers, peekMachine, peekPage, peekTask, peekVmas, type KernelState } from '../../engine/kernel/index.ts';
import type {
  CopySnapshot,
  FramesSnapshot,
  RunSnapshot,
  SwapMove,
  TaskSnapshot,
  VmaSnapshot,
  WindowSnapshot,
} from '../../engine/protocol/snapshot.ts';
import type { PageState, VmaView } from '../../engine/protocol/views.ts';
import { endedTasks } from './ended-tasks.ts';
import { ownerBit } from './owner-bit.ts';
import { pressureSnapshot } from './pressure-snapshot.ts';
import { slotsSnapshot, swapOfEvent } from './slots-snapshot.ts';

/** A run of like pages is drawn as single pages up to this length, and up to this many single pages in one VMA. */
const SHORT_RUN = 10;
const SINGLE_PAGES = 64;

/** What the events of the last step touched. */
interface Fresh {
  readonly pages: ReadonlySet<string>;
  readonly frames: ReadonlySet<number>;
  readonly copies: readonly CopySnapshot[];
  readonly slots: ReadonlySet<number>;
  readonly moves: readonly SwapMove[];
}

const pageKey = (pid: number, page: number): string => `${pid}:${page}`;

/**
 * The pictures' data after a step.
 * @param firstEvent @param endEvent events of the step just done; equal when there is none
 */
export function takeSnapshot(
  k: KernelState,
  position: number,
  hash: string,
  firstEvent: number,
  endEvent: number,
): WindowSnapshot {
  const fresh = collectFresh(k, firstEvent, endEvent);
  const machine = peekMachine(k);
  const tasks: TaskSnapshot[] = [];
  for (const pid of machine.tasks) {
    const view = peekTask(k, pid);
    if (view === null) continue;
    const vmas = peekVmas(k, pid).map((vma) => vmaSnapshot(k, pid, vma, fresh));
    tasks.push({ view, vmas });
  }
  return {
    position,
    hash,
    machine,
    tasks,
    ended: endedTasks(k),
    heaps: tasks.map(({ view }) => view.pid).filter((pid) => hasHeap(k, pid)),
    frames: framesSnapshot(k, fresh),
    slots: slotsSnapshot(k, fresh.slots),
    pressure: pressureSnapshot(k),
    copies: fresh.copies,
    moves: fresh.moves,
  };
}

function collectFresh(k: KernelState, firstEvent: number, endEvent: number): Fresh {
  const pages = new Set<string>();
  const frames = new Set<number>();
  const copies: CopySnapshot[] = [];
  const slots = new Set<number>();
  const moves: SwapMove[] = [];
  const { events } = k;
  for (let id = firstEvent; id < endEvent; id++) {
    const at = id - events.first;
    const pid = events.pid[at]!;
    const page = events.page[at]!;
    const frame = events.frame[at]!;
    const swap = swapOfEvent(k, at);
    if (swap !== null) slots.add(swap.slot);
    if (swap !== null && swap.move !== null) moves.push(swap.move);
    switch (events.kind[at]) {
      case EVENT.HUGE_MAPPED:
        for (let i = 0; i < HUGE_PAGES; i++) {
          pages.add(pageKey(pid, page + i));
          if (events.a[at] === 0) frames.add(frame + i);
        }
        break;
      case EVENT.PAGE_MAPPED:
      case EVENT.COW_REUSE:
      case EVENT.PAGE_PROTECTED:
        pages.add(pageKey(pid, page));
        frames.add(frame);
        break;
      case EVENT.SWAP_IN:
        pages.add(pageKey(pid, page));
        frames.add(frame);
        break;
      case EVENT.SWAP_OUT:
      case EVENT.PAGE_DISCARDED:
      case EVENT.ZERO_MAPPED:
      case EVENT.PAGE_UNMAPPED:
        pages.add(pageKey(pid, page));
        break;
      case EVENT.BLOCK_ALLOC:
        for (let i = 0; i < events.b[at]!; i++) frames.add(frame + i);
        break;
      case EVENT.STRAY_ACCESS:
      case EVENT.FRAME_ALLOC:
      case EVENT.FRAME_FREE:
        frames.add(frame);
        break;
      case EVENT.FRAME_COPY:
        copies.push({ from: events.a[at]!, to: frame, pid, page });
        break;
    }
  }
  return { pages, frames, copies, slots, moves };
}

function vmaSnapshot(k: KernelState, pid: number, view: VmaView, fresh: Fresh): VmaSnapshot {
  const present = presentPages(k, k.tasks.mm[pid]! as MmId, pid, view, fresh);
  return { view, runs: foldRuns(view, present) };
}

/** Pages of a VMA whose entry is not empty, or that just changed. */
function presentPages(k: KernelState, mm: MmId, pid: number, view: VmaView, fresh: Fresh): RunSnapshot[] {
  if (k.machine.realMode[0] === 1) return flatPages(k, pid, view, fresh);
  const found: RunSnapshot[] = [];
  forEachTable(k, mm, view.start, view.end, (table, from, to) => {
    for (let page = from; page < to; page++) {
      const entry = entryId(table, page % 512);
      const low = lowWord(k, entry);
      const isFresh = fresh.pages.has(pageKey(pid, page));
      if (low === 0 && !isFresh) continue;
      const isDevice = namesFrame(low) && k.frames.kind[frameOfLow(low)] === FRAME.DEVICE;
      const state = isDevice ? 'device' : (pageStateName(stateOfLow(low)) as PageState);
      const hasFrame = namesFrame(low);
      const frame = hasFrame ? frameOfLow(low) : -1;
      found.push({
        page,
        pages: 1,
        state,
        frame,
        sharers: hasFrame ? k.frames.mapcount[frame]! : 0,
        slot: state === 'swapped' ? placeOfSlot(k, slotOfEntry(k, entry)).offset : -1,
        owners: hasFrame ? ownersOf(k, frame as Pfn) : [],
        fresh: isFresh,
      });
    }
  });
  return found;
}

/** Without page tables every page of an area is there. */
function flatPages(k: KernelState, pid: number, view: VmaView, fresh: Fresh): RunSnapshot[] {
  return Array.from({ length: view.end - view.start }, (_, i) => {
    const { frame, state } = peekPage(k, pid, view.start + i);
    const owners = flatSharers(k, frame).map((sharer) => sharer.pid);
    const isFresh = fresh.frames.has(frame);
    return { page: view.start + i, pages: 1, state, frame, sharers: owners.length, slot: -1, owners, fresh: isFresh };
  });
}

/** Numbers of the tasks that map a frame, ascending, each once. */
function ownersOf(k: KernelState, frame: Pfn): number[] {
  const owners = new Set<number>();
  for (const entry of entriesOf(k, frame)) owners.add(k.mms.pid[ownerOfEntry(k, entry as EntryId).mm]!);
  return [...owners].sort((a, b) => a - b);
}

/** Puts the empty stretches between present pages, and folds what is too long to draw page by page. */
function foldRuns(view: VmaView, present: readonly RunSnapshot[]): RunSnapshot[] {
  const runs: RunSnapshot[] = [];
  const empty = (from: number, to: number): void => {
    if (to <= from) return;
    const few = to - from <= SHORT_RUN;
    const step = few ? 1 : to - from;
    for (let page = from; page < to; page += step) runs.push(bare(page, step, 'reserved'));
  };
  let at = view.start;
  for (const run of present) {
    empty(at, run.page);
    runs.push(run);
    at = run.page + 1;
  }
  empty(at, view.end);
  return runs.length <= SINGLE_PAGES ? runs : foldPresent(runs);
}

const bare = (page: number, pages: number, state: PageState): RunSnapshot => ({
  page,
  pages,
  state,
  frame: -1,
  sharers: 0,
  slot: -1,
  owners: [],
  fresh: false,
});

/** Stretches of pages in one state with the same owners become one run; what just changed stays apart. */
function foldPresent(runs: readonly RunSnapshot[]): RunSnapshot[] {
  const folded: RunSnapshot[] = [];
  for (const run of runs) {
    const last = folded.at(-1);
    const alike =
      last !== undefined &&
      last.fresh === run.fresh &&
      last.state === run.state &&
      last.owners.length === run.owners.length &&
      last.owners.every((owner, i) => owner === run.owners[i]);
    if (!alike) {
      folded.push(run);
      continue;
    }
    folded[folded.length - 1] = {
      ...last,
      pages: last.pages + run.pages,
      frame: -1,
      slot: -1,
      fresh: last.fresh || run.fresh,
    };
  }
  return folded;
}

function framesSnapshot(k: KernelState, fresh: Fresh): FramesSnapshot {
  const total = k.machine.totalFrames[0]!;
  const owners = new Uint32Array(total);
  const level = new Uint8Array(total);
  const freshFrames = new Uint8Array(total);
  const swapCached = new Uint8Array(total);
  const look = (frame: number): void => {
    const kind = k.frames.kind[frame]!;
    if (k.frames.slot[frame]! >= 0) swapCached[frame] = 1;
    if (kind === FRAME.TABLE) {
      const table = k.frames.content[frame]!;
      level[frame] = k.tables.level[table]!;
      owners[frame] = ownerBit(k.mms.pid[k.tables.mm[table]!]!);
    } else if (kind === FRAME.FLAT) {
      for (const { pid } of flatSharers(k, frame)) owners[frame]! |= ownerBit(pid);
    } else if (k.frames.mapcount[frame]! > 0) {
      for (const pid of ownersOf(k, frame as Pfn)) owners[frame]! |= ownerBit(pid);
    }
  };
  for (const [from, to] of touchedRuns(k)) for (let frame = from; frame < to; frame++) look(frame);
  for (const frame of fresh.frames) freshFrames[frame] = 1;
  return {
    total,
    use: k.frames.kind.slice(0, total),
    mapcount: k.frames.mapcount.slice(0, total),
    owners,
    level,
    swapCached,
    fresh: freshFrames,
  };
}
