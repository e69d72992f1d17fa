import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { FRAME, PG, PTE, VM } from '../base/flags.ts';
import { HUGE_PAGES } from '../base/limits.ts';
import type { EntryId, MmId, Pfn, TableId, VmaId } from '../base/units.ts';
import { changeHuge, isHugeZero, makeHuge } from './huge-entry.ts';
import { isHuge } from './page-entry.ts';
import { allocFrameOrKill } from './page-alloc.ts';
import { copyFrame } from './page-fault.ts';
import { ensureEntry, entryId, forEachTable, frameOfLow, lowWord, tableOfEntry } from './page-table.ts';
import { guardPage, mapFrame, mapZeroPage, shareForFork, stateOfLow } from './page-state.ts';
import { PAGE_EVENT, pageTable } from './page.machine.ts';
import { isReal, shareFlat } from './real-mode.ts';
import type { MemoryState } from './state.ts';
import { isSwapped } from './swap-entry.ts';
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
    for (let page = from; page < to && complete; page++) {
      const entry = entryId(table, page & 511);
      if (lowWord(k, entry) === 0) continue;
      const copy = ensureEntry(k, child, page);
      const copied = copy === null ? null : copyEntry(k, childVma, entry, copy, page);
      if (copied === null) complete = false;
      else counts[copied]++;
    }
  });
  const { frame, zero, swapped } = counts;
  if (swapped > 0) emit(k.events, EVENT.SLOTS_SHARED, start, -1, swapped);
  if (frame + zero > 0) emit(k.events, EVENT.PAGES_SHARED, start, -1, frame, zero);
  k.pay(PRICE.fork_page, frame + zero);
  return complete;
}

/** A huge page stays one on both sides, unless its pages are copied at once. Source: mm/huge_memory.c copy_huge_pmd. */
function copyHuge(
  k: MemoryState,
  child: MmId,
  childVma: VmaId,
  table: TableId,
  counts: { frame: number; zero: number; guard: number; swapped: number },
): boolean {
  const base = k.tables.base[table]!;
  const first = ensureEntry(k, child, base);
  if (first === null) return false;
  const arrival = tableOfEntry(first);
  let complete = true;
  const copyAll = (): void => {
    for (let i = 0; i < HUGE_PAGES && complete; i++) {
      const copied = copyEntry(k, childVma, entryId(table, i), entryId(arrival, i), base + i);
      if (copied === null) complete = false;
      else counts[copied]++;
    }
  };
  if (k.rules.forkCopiesEagerly) copyAll();
  else {
    const event = isHugeZero(k, table) ? 'fork.hugeZero' : 'fork.huge';
    changeHuge(k, table, 'change', () => makeHuge(k, arrival, event, copyAll));
  }
  return complete;
}

/** One entry. @returns what it held, null when an eager copy found no frame */
function copyEntry(
  k: MemoryState,
  childVma: VmaId,
  entry: EntryId,
  copy: EntryId,
  page: number,
): 'frame' | 'zero' | 'guard' | 'swapped' | null {
  const S = pageTable.stateIndex;
  const shared = (k.vmas.flags[childVma]! & VM.SHARED) !== 0;
  if (stateOfLow(lowWord(k, entry)) === S.guard) {
    guardPage(k, copy, PAGE_EVENT['fork.copyGuard']);
    return 'guard';
  }
  if (isSwapped(lowWord(k, entry))) {
    shareSwappedPage(k, entry, copy);
    return 'swapped';
  }
  if (!shared) shareForFork(k, entry);
  const low = lowWord(k, entry);
  const state = stateOfLow(low);
  if (state === S.zero) {
    mapZeroPage(k, childVma, copy, PAGE_EVENT['fork.copyZero']);
    return 'zero';
  }
  const eager = k.rules.forkCopiesEagerly && !shared;
  const frame = eager ? eagerCopy(k, page, frameOfLow(low)) : shareFrame(k, frameOfLow(low));
  if (frame === null) return null;
  const event =
    state === S.noAccess
      ? PAGE_EVENT['fork.copyNoAccess']
      : state === S.resident
        ? PAGE_EVENT['fork.copyWritable']
        : PAGE_EVENT['fork.copyReadOnly'];
  mapFrame(k, childVma, copy, event, frame, shared ? 0 : low & PTE.DIRTY);
  return 'frame';
}

/** One more reference to the parent's frame, which is nobody's alone from now on. */
function shareFrame(k: MemoryState, frame: Pfn): Pfn {
  k.frames.refcount[frame]!++;
  k.frames.flags[frame]! &= ~PG.ANON_EXCLUSIVE;
  return frame;
}

function eagerCopy(k: MemoryState, page: number, from: Pfn): Pfn | null {
  const copy = allocFrameOrKill(k, FRAME.ANON, 'copy');
  if (copy !== null) copyFrame(k, page, from, copy);
  return copy;
}
