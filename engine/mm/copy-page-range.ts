import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { FRAME, PTE, VM } from '../base/flags.ts';
import { HUGE_PAGES } from '../base/limits.ts';
import type { EntryId, MmId, TableId, VmaId } from '../base/units.ts';
import { changeHuge, isHugeZero, makeHuge } from './huge-entry.ts';
import { isHuge } from './page-entry.ts';
import { allocFrameOrKill } from './page-alloc.ts';
import { copyFrame } from './page-fault.ts';
import { ensureEntry, entryId, forEachTable, frameOfLow, lowWord, pageOfEntry, tableOfEntry } from './page-table.ts';
import { shareFrames } from './page-runs.ts';
import { guardPage, mapFrame, mapZeroPage, shareForFork, stateOfLow } from './page-state.ts';
import { PAGE_EVENT, pageTable } from './page.machine.ts';
import { isReal, shareFlat } from './real-mode.ts';
import type { MemoryState } from './state.ts';
import { shareSwappedPage } from './swap-page-state.ts';
import { PRICE } from './costs.ts';

/**
 * fork's part for one VMA: the child's entries name the parent's frames, and on both sides a private page loses its
 * write permission. Page tables are copied only for areas that ever had a private page or a guard; all others the child
 * faults in again. Source: Linux 6.18 mm/memory.c vma_needs_copy, copy_pte_range, copy_present_ptes.
 * @returns false when no frame could be had: the parent is about to die
 */
export function copyPageRange(k: MemoryState, child: MmId, parentVma: VmaId, childVma: VmaId): boolean {
  const { vmas } = k;
  if (isReal(k)) {
    shareFlat(k, child, vmas.start[childVma]!, vmas.end[childVma]!);
    return true;
  }
  const needed = vmas.anonVma[parentVma] !== 0 || (vmas.flags[parentVma]! & VM.PFNMAP) !== 0;
  if (!needed || (vmas.flags[parentVma]! & VM.WIPEONFORK) !== 0) return true;
  const counts = { frame: 0, zero: 0, guard: 0, swapped: 0 };
  let complete = true;
  const start = vmas.start[parentVma]!;
  forEachTable(k, vmas.mm[parentVma]! as MmId, start, vmas.end[parentVma]!, (table, from, to) => {
    if (!complete) return;
    if (isHuge(k, table)) {
      complete = copyHuge(k, child, childVma, table, counts);
      return;
    }
    complete = copyTable(k, child, childVma, table, from, to, counts);
  });
  const { frame, zero, swapped } = counts;
  if (swapped > 0) emit(k.events, EVENT.SLOTS_SHARED, start, -1, swapped);
  if (frame + zero > 0) emit(k.events, EVENT.PAGES_SHARED, start, -1, frame, zero);
  k.pay(PRICE.fork_page, frame + zero);
  return complete;
}

interface Counts {
  frame: number;
  zero: number;
  guard: number;
  swapped: number;
}

/** Pages [from, to) of one table. @returns false when no frame could be had */
function copyTable(
  k: MemoryState,
  child: MmId,
  childVma: VmaId,
  table: TableId,
  from: number,
  to: number,
  counts: Counts,
): boolean {
  let page = from;
  while (page < to && lowWord(k, entryId(table, page & 511)) === 0) page++;
  if (page === to) return true;
  const copy = ensureEntry(k, child, page);
  return copy !== null && copyEntries(k, childVma, table, tableOfEntry(copy), page & 511, to - page, counts);
}

/** `pages` entries from index `first` on, into an empty table of the child. @returns false when no frame could be had */
function copyEntries(
  k: MemoryState,
  childVma: VmaId,
  table: TableId,
  arrival: TableId,
  first: number,
  pages: number,
  counts: Counts,
): boolean {
  const eager = k.rules.forkCopiesEagerly && (k.vmas.flags[childVma]! & VM.SHARED) === 0;
  for (let index = first; index < first + pages; index++) {
    if (!eager) index = shareFrames(k, table, arrival, index, first + pages, childVma, counts);
    if (index === first + pages || lowWord(k, entryId(table, index)) === 0) continue;
    const copied = copyEntry(k, childVma, entryId(table, index), entryId(arrival, index));
    if (copied === null) return false;
    counts[copied]++;
  }
  return true;
}

/** A huge page stays one on both sides, unless its pages are copied at once. Source: mm/huge_memory.c copy_huge_pmd. */
function copyHuge(k: MemoryState, child: MmId, childVma: VmaId, table: TableId, counts: Counts): boolean {
  const base = k.tables.base[table]!;
  const first = ensureEntry(k, child, base);
  if (first === null) return false;
  const arrival = tableOfEntry(first);
  let complete = true;
  const copyAll = (): void => {
    complete = copyEntries(k, childVma, table, arrival, 0, HUGE_PAGES, counts);
  };
  if (k.rules.forkCopiesEagerly) copyAll();
  else {
    const event = isHugeZero(k, table) ? 'fork.hugeZero' : 'fork.huge';
    changeHuge(k, table, 'change', () => makeHuge(k, arrival, event, copyAll));
  }
  return complete;
}

/** An entry that is not just shared. @returns what it held, null when an eager copy found no frame */
function copyEntry(
  k: MemoryState,
  childVma: VmaId,
  entry: EntryId,
  copy: EntryId,
): 'frame' | 'zero' | 'guard' | 'swapped' | null {
  const S = pageTable.stateIndex;
  const state = stateOfLow(lowWord(k, entry));
  if (state === S.guard) {
    guardPage(k, copy, PAGE_EVENT['fork.copyGuard']);
    return 'guard';
  }
  if (state === S.swapped) {
    shareSwappedPage(k, entry, copy);
    return 'swapped';
  }
  if (state === S.zero) {
    shareForFork(k, entry);
    mapZeroPage(k, childVma, copy, PAGE_EVENT['fork.copyZero']);
    return 'zero';
  }
  return copyAtOnce(k, childVma, entry, copy) ? 'frame' : null;
}

/** Under the rule that fork copies every private page. @returns false when no frame could be had */
function copyAtOnce(k: MemoryState, childVma: VmaId, entry: EntryId, copy: EntryId): boolean {
  shareForFork(k, entry);
  const low = lowWord(k, entry);
  const frame = allocFrameOrKill(k, FRAME.ANON, 'copy');
  if (frame === null) return false;
  copyFrame(k, pageOfEntry(k, entry), frameOfLow(low), frame);
  const noAccess = stateOfLow(low) === pageTable.stateIndex.noAccess;
  const event = noAccess ? PAGE_EVENT['fork.copyNoAccess'] : PAGE_EVENT['fork.copyReadOnly'];
  mapFrame(k, childVma, copy, event, frame, low & PTE.DIRTY);
  return true;
}
