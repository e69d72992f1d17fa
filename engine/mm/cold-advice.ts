import { EVENT, RECLAIM_REASONS } from '../base/event-kinds.ts';
import { emit, within } from '../base/event-log.ts';
import { FRAME, LRU, PG, PTE } from '../base/flags.ts';
import type { EntryId, MmId, ObjectId, Pfn, VmaId } from '../base/units.ts';
import { entriesIn } from './entries-in.ts';
import { splitHugeForPart } from './huge-entry.ts';
import { allocFrameAhead } from './page-alloc.ts';
import { isHuge } from './page-entry.ts';
import { frameOfLow, lowWord, tableOfEntry } from './page-table.ts';
import { ageEntry } from './page-state.ts';
import { unmapPage } from './page-runs.ts';
import { PAGE_EVENT } from './page.machine.ts';
import { slotOfObjectPage } from './object-slots.ts';
import { activeList, inactiveList, listOf, lruMove } from './lru-list.ts';
import { isolateAndReclaim } from './shrink.ts';
import type { MemoryState } from './state.ts';
import { freeSwapOf } from './swap-cache.ts';
import { isSwapped, namesFrame, slotOfEntry } from './swap-entry.ts';
import { readAhead } from './swap-cache-read.ts';
import { isAnonymous, objectPage } from './vma.ts';

/**
 * madvise(MADV_COLD) and MADV_PAGEOUT for one area's part of a range: pages that nobody else maps are looked at as not
 * used, or taken away at once. Source: Linux 6.18 mm/madvise.c madvise_cold_or_pageout_pte_range, mm/vmscan.c
 * reclaim_pages.
 */
export function coolPages(k: MemoryState, mm: MmId, start: number, end: number, pageout: boolean): void {
  const chosen: Pfn[] = [];
  splitHugeForPart(k, mm, start);
  splitHugeForPart(k, mm, end);
  for (const entry of entriesIn(k, mm, start, end)) {
    const low = lowWord(k, entry);
    if (!namesFrame(low)) continue;
    const frame = frameOfLow(low);
    if (k.frames.mapcount[frame] !== 1) continue;
    if (pageout) chosen.push(frame);
    else cool(k, entry, frame);
  }
  if (chosen.length > 0) takeAway(k, chosen);
}

/** Source: Linux 6.18 mm/swap.c folio_deactivate, lru_deactivate. */
function cool(k: MemoryState, entry: EntryId, frame: Pfn): void {
  ageEntry(k, entry);
  k.frames.flags[frame]! &= ~PG.REFERENCED;
  if (listOf(k, frame) !== activeList(k, frame)) return;
  k.machine.pgdeactivate[0]!++;
  lruMove(k, frame, inactiveList(k, frame));
}

function takeAway(k: MemoryState, frames: readonly Pfn[]): void {
  const id = emit(k.events, EVENT.RECLAIM, -1, -1, RECLAIM_REASONS.indexOf('madvise'));
  within(k.events, id, () => {
    let freed = 0;
    for (const frame of frames) if (isolateAndReclaim(k, frame)) freed++;
    k.events.b[id - k.events.first] = freed;
  });
}

/**
 * madvise(MADV_FREE): what is swapped is dropped at once; pages in memory may go, unread and unwritten, when memory is
 * short and nobody has written to them by then. Source: Linux 6.18 mm/madvise.c madvise_free_pte_range, mm/swap.c
 * lru_lazyfree.
 */
export function freeLazily(k: MemoryState, mm: MmId, start: number, end: number): void {
  splitHugeForPart(k, mm, start);
  splitHugeForPart(k, mm, end);
  for (const entry of entriesIn(k, mm, start, end)) {
    const low = lowWord(k, entry);
    if (isSwapped(low)) unmapPage(k, entry, PAGE_EVENT['page.drop']);
    // Source: Linux 6.18 mm/huge_memory.c madvise_free_huge_pmd.
    else if (isHuge(k, tableOfEntry(entry)) && k.frames.mapcount[frameOfLow(low)] !== 1) continue;
    else if (namesFrame(low) && k.frames.kind[frameOfLow(low)] === FRAME.ANON) markLazyFree(k, entry, frameOfLow(low));
  }
}

function markLazyFree(k: MemoryState, entry: EntryId, frame: Pfn): void {
  const { frames, machine } = k;
  if (listOf(k, frame) === LRU.UNEVICTABLE) return;
  if (frames.slot[frame]! >= 0 && (frames.mapcount[frame]! > 1 || !freeSwapOf(k, frame))) return;
  ageEntry(k, entry, PTE.ACCESSED | PTE.DIRTY);
  if ((frames.flags[frame]! & PG.LAZYFREE) !== 0) return;
  frames.flags[frame] = (frames.flags[frame]! | PG.LAZYFREE) & ~PG.REFERENCED;
  lruMove(k, frame, LRU.INACTIVE_FILE);
  machine.pglazyfree[0]!++;
}

/**
 * madvise(MADV_WILLNEED) where a swap device is behind the memory: swapped pages are read into the swap cache and not
 * mapped. Source: Linux 6.18 mm/madvise.c swapin_walk_pmd_entry, shmem_swapin_range.
 */
export function readSwappedPages(k: MemoryState, mm: MmId, vma: VmaId, start: number, end: number): void {
  if (!isAnonymous(k, vma)) return readSwappedObject(k, vma, start, end);
  for (const entry of entriesIn(k, mm, start, end)) {
    if (isSwapped(lowWord(k, entry))) readAhead(k, slotOfEntry(k, entry), allocFrameAhead);
  }
}

function readSwappedObject(k: MemoryState, vma: VmaId, start: number, end: number): void {
  const object = k.vmas.object[vma]! as ObjectId;
  if (k.objects.swapped[object] === 0) return;
  for (let page = start; page < end; page++) {
    const slot = slotOfObjectPage(k, object, objectPage(k, vma, page));
    if (slot >= 0) readAhead(k, slot, allocFrameAhead);
  }
}
