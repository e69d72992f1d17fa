import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { FRAME, PG, PTE, VM } from '../base/flags.ts';
import type { EntryId, Pfn, SlotId, VmaId } from '../base/units.ts';
import { allocFrameOrKill, getFrame, putFrame } from './page-alloc.ts';
import { lowWord } from './page-table.ts';
import { removeSlotName } from './rmap.ts';
import type { MemoryState } from './state.ts';
import { freeSwapOf } from './swap-cache.ts';
import { slotOfEntry } from './swap-entry.ts';
import { joinSwapCache } from './swap-cache-read.ts';
import { readSlot } from './swap-io.ts';
import { mapSwappedPage } from './swap-page-state.ts';
import { noteSwapHit, readSwapNeighbours } from './swap-readahead.ts';
import { freeSlot, isSynchronous, swapIsHalfFull } from './swap-slots.ts';
import { noteRefault } from './workingset.ts';
import { PAGE_EVENT } from './page.machine.ts';

/**
 * A page whose entry names a slot is needed. From the swap cache it comes with a minor fault; else the device is read, a
 * major one: past the swap cache where the device answers at once and nobody else names the slot.
 * Afterwards the entry maps the frame: writable where the page is nobody else's.
 * Source: Linux 6.18 mm/memory.c do_swap_page.
 * @returns whether the device had to be read; null without memory
 */
export function swapIn(
  k: MemoryState,
  vma: VmaId,
  entry: EntryId,
  page: number,
  write: boolean,
): { major: boolean } | null {
  const { frames, swapSlots } = k;
  const slot = slotOfEntry(k, entry);
  const cached = swapSlots.frame[slot]! as Pfn;
  const major = cached < 0;
  if (!major) noteSwapHit(k, vma, page, cached);
  const direct = major && isSynchronous(k, slot) && swapSlots.count[slot] === 1;
  const frame = major ? readFrame(k, slot, direct) : cached;
  if (frame === null) return null;
  if (major) k.machine.pgmajfault[0]!++;
  if (major && !direct) readNeighbours(k, vma, page, slot, frame);
  if (!direct) frames.refcount[frame]!++;
  let alone = direct || (lowWord(k, entry) & PTE.SWP_EXCLUSIVE) !== 0;
  removeSlotName(k, entry, slot);
  if (direct) freeSlot(k, slot);
  else if (shouldFreeSlot(k, vma, frame, write)) freeSwapOf(k, frame);
  // no other entry, and not in the cache either: the reference taken above is the only one
  alone ||= frames.refcount[frame] === 1;
  if (alone) frames.flags[frame]! |= PG.ANON_EXCLUSIVE;
  const writable = alone && (k.vmas.flags[vma]! & VM.WRITE) !== 0;
  const bits = writable && write ? PTE.ACCESSED | PTE.DIRTY : PTE.ACCESSED;
  mapSwappedPage(
    k,
    vma,
    entry,
    writable ? PAGE_EVENT['fault.swapInWritable'] : PAGE_EVENT['fault.swapInReadOnly'],
    frame,
    bits,
  );
  emit(k.events, EVENT.SWAP_IN, page, frame, slot, major ? 0 : 1);
  return { major };
}

/** The page itself is held meanwhile: making room for its neighbours must not take it away. */
function readNeighbours(k: MemoryState, vma: VmaId, page: number, slot: SlotId, frame: Pfn): void {
  if (k.machine.pageCluster[0] === 0) return;
  getFrame(k, frame);
  readSwapNeighbours(k, vma, page, slot);
  putFrame(k, frame);
}

/** @returns a frame with the slot's bytes: in the swap cache, or with a reference for the caller; null without memory */
function readFrame(k: MemoryState, slot: SlotId, direct: boolean): Pfn | null {
  const frame = allocFrameOrKill(k, FRAME.ANON);
  if (frame === null) return null;
  if (direct) {
    readSlot(k, slot, frame, 'direct');
    noteRefault(k, frame, slot);
    return frame;
  }
  joinSwapCache(k, slot, frame);
  return frame;
}

/**
 * The slot goes along where swap is short, the page is locked, or a writer is about to be the frame's only user.
 * Source: Linux 6.18 mm/memory.c should_try_to_free_swap.
 */
function shouldFreeSlot(k: MemoryState, vma: VmaId, frame: Pfn, write: boolean): boolean {
  if (swapIsHalfFull(k) || (k.vmas.flags[vma]! & VM.LOCKED) !== 0) return true;
  return write && k.frames.refcount[frame] === 2;
}
