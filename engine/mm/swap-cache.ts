import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import type { Pfn, SlotId } from '../base/units.ts';
import { putFrame } from './page-alloc.ts';
import { freeSlot, sendSlot, slotState } from './swap-slots.ts';
import type { MemoryState } from './state.ts';

/**
 * The swap cache: frames that have a slot. The cache holds one reference to each.
 * Source: Linux 6.18 mm/swap_state.c; the two name each other, in place of the swap table.
 */
export function addToSwapCache(k: MemoryState, frame: Pfn, slot: SlotId): void {
  k.frames.slot[frame] = slot;
  k.swapSlots.frame[slot] = frame;
  k.frames.refcount[frame]!++;
  k.machine.swapCached[0]!++;
}

/** The frame leaves the cache, whose reference goes; a slot that nobody names any more is free. */
export function removeFromSwapCache(k: MemoryState, frame: Pfn): void {
  const { frames, swapSlots, machine } = k;
  const slot = frames.slot[frame]! as SlotId;
  frames.slot[frame] = -1;
  swapSlots.frame[slot] = -1;
  machine.swapCached[0]!--;
  emit(k.events, EVENT.SWAP_CACHE_LEFT, -1, frame, slot);
  if (swapSlots.count[slot] === 0) freeSlot(k, slot);
  else sendSlot(k, slot, 'cache.drop');
  putFrame(k, frame);
}

/**
 * Gives the slot of a frame back where nobody names it any more and it is not being written.
 * Source: Linux 6.18 mm/swapfile.c folio_free_swap. @returns true when the frame is in the cache no longer
 */
export function freeSwapOf(k: MemoryState, frame: Pfn): boolean {
  const slot = k.frames.slot[frame]! as SlotId;
  if (slot < 0 || slotState(k, slot) === 'writing' || k.swapSlots.count[slot]! > 0) return false;
  removeFromSwapCache(k, frame);
  return true;
}

/** A frame that no task maps any more stays in the cache only for somebody else who names its slot. */
export function dropIdleFrame(k: MemoryState, frame: Pfn): void {
  if (k.frames.slot[frame]! >= 0 && k.frames.mapcount[frame] === 0) freeSwapOf(k, frame);
}

/** Frees a slot that lost its last name. Source: Linux 6.18 mm/swapfile.c free_swap_and_cache_nr, __try_to_reclaim_swap. */
export function freeUnnamedSlot(k: MemoryState, slot: SlotId): void {
  const { swapSlots } = k;
  if (swapSlots.count[slot]! > 0) return;
  const frame = swapSlots.frame[slot]! as Pfn;
  if (frame < 0) freeSlot(k, slot);
  else dropIdleFrame(k, frame);
}
