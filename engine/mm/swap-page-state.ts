import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { FRAME, PG, PTE } from '../base/flags.ts';
import type { EntryId, Pfn, Pid, SlotId, VmaId } from '../base/units.ts';
import { after, highFor, lowFor, stateOfLow } from './page-state.ts';
import { PAGE_EVENT, type PageStep } from './page.machine.ts';
import { frameOfLow, highWord, lowWord, ownerOfEntry, writeWords } from './page-table.ts';
import { addRmap, addSlotName, rememberPeakRss, removeRmap } from './rmap.ts';
import { lruMapped } from './lru.ts';
import type { MemoryState } from './state.ts';
import { placeOfSlot, slotOfEntry, swapWords } from './swap-entry.ts';
import { staleEntry } from './tlb-flush.ts';

/** Steps of a page between frame and slot; as in page-state.ts, the statechart is asked each time. */

/**
 * Reclaim takes a private page away: its entry names the frame's slot from now on. The entry's reference to the frame
 * is the caller's to give up. Source: Linux 6.18 mm/rmap.c try_to_unmap_one.
 */
export function swapOutPage(k: MemoryState, entry: EntryId): void {
  const low = lowWord(k, entry);
  after(stateOfLow(low), PAGE_EVENT['reclaim.swapOut']);
  staleEntry(k, entry, 'unmap');
  const frame = frameOfLow(low);
  rememberPeakRss(k, ownerOfEntry(k, entry).mm);
  const slot = k.frames.slot[frame]! as SlotId;
  const exclusive = (k.frames.flags[frame]! & PG.ANON_EXCLUSIVE) !== 0;
  k.frames.flags[frame]! &= ~PG.ANON_EXCLUSIVE;
  removeRmap(k, entry, frame);
  const { device, offset } = placeOfSlot(k, slot);
  const words = swapWords(device, offset, exclusive);
  writeWords(k, entry, words.low, words.high);
  addSlotName(k, entry, slot);
  emitForOwner(k, EVENT.SWAP_OUT, entry, frame, slot, k.swapSlots.count[slot]!);
}

/**
 * Reclaim takes a page away that its object holds, or that nobody needs any more; the entry is empty then. Its reference
 * to the frame is the caller's to give up. Source: Linux 6.18 mm/rmap.c try_to_unmap_one.
 */
export function discardPage(k: MemoryState, entry: EntryId): void {
  const low = lowWord(k, entry);
  after(stateOfLow(low), PAGE_EVENT['reclaim.discard']);
  staleEntry(k, entry, 'unmap');
  const frame = frameOfLow(low);
  rememberPeakRss(k, ownerOfEntry(k, entry).mm);
  if ((low & PTE.DIRTY) !== 0 && k.frames.kind[frame] === FRAME.SHMEM) k.frames.flags[frame]! |= PG.DIRTY;
  writeWords(k, entry, 0, 0);
  removeRmap(k, entry, frame);
  emitForOwner(k, EVENT.PAGE_DISCARDED, entry, frame, k.frames.kind[frame]!, 0);
}

/** The page may be another task's: what happened to it belongs to that one, whoever caused it. */
function emitForOwner(
  k: MemoryState,
  kind: typeof EVENT.SWAP_OUT | typeof EVENT.PAGE_DISCARDED,
  entry: EntryId,
  frame: Pfn,
  a: number,
  b: number,
): void {
  const { mm, page } = ownerOfEntry(k, entry);
  const { currentPid } = k.events;
  k.events.currentPid = k.mms.pid[mm]! as Pid;
  emit(k.events, kind, page, frame, a, b);
  k.events.currentPid = currentPid;
}

/**
 * A swapped page gets its frame, whose reference passes to the entry; the entry's name of the slot is gone already.
 * @param bits accessed and dirty bits to start with
 */
export function mapSwappedPage(
  k: MemoryState,
  vma: VmaId,
  entry: EntryId,
  event: PageStep<'fault.swapInWritable' | 'fault.swapInReadOnly'>,
  frame: Pfn,
  bits: number,
): void {
  const next = after(stateOfLow(lowWord(k, entry)), event);
  writeWords(k, entry, lowFor(next, frame, bits), highFor(k, vma));
  addRmap(k, entry, frame);
  lruMapped(k, frame, k.vmas.flags[vma]!);
}

/** fork: the child's entry names the slot too, and the page is nobody's alone any more. Source: mm/memory.c copy_nonpresent_pte. */
export function shareSwappedPage(k: MemoryState, entry: EntryId, copy: EntryId): void {
  after(stateOfLow(lowWord(k, entry)), PAGE_EVENT['fork.share']);
  after(stateOfLow(lowWord(k, copy)), PAGE_EVENT['fork.copySwapped']);
  const slot = slotOfEntry(k, entry);
  const { device, offset } = placeOfSlot(k, slot);
  const words = swapWords(device, offset, false);
  writeWords(k, entry, words.low, highWord(k, entry));
  writeWords(k, copy, words.low, words.high);
  addSlotName(k, copy, slot);
}
