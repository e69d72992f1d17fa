import { FRAME } from '../base/flags.ts';
import type { Pfn, SlotId } from '../base/units.ts';
import { inactiveList, lruAdd } from './lru-list.ts';
import type { MemoryState } from './state.ts';
import { addToSwapCache } from './swap-cache.ts';
import { readSlot } from './swap-io.ts';
import { noteRefault } from './workingset.ts';

/** A fresh frame is filled and belongs to the swap cache alone. Source: Linux 6.18 mm/swap_state.c read_swap_cache_async. */
export function joinSwapCache(k: MemoryState, slot: SlotId, frame: Pfn): void {
  readSlot(k, slot, frame, 'cached');
  addToSwapCache(k, frame, slot);
  k.frames.refcount[frame]!--;
  noteRefault(k, frame, slot);
  if (k.frames.lru[frame] === 0) lruAdd(k, frame, inactiveList(k, frame));
}

/**
 * Reads a slot into the swap cache without mapping it: MADV_WILLNEED, or a neighbour is needed. Nothing happens where the frame is there already,
 * or where none is free.
 */
export function readAhead(
  k: MemoryState,
  slot: SlotId,
  alloc: (k: MemoryState, kind: typeof FRAME.ANON) => Pfn | null,
): void {
  if (k.swapSlots.frame[slot]! >= 0) return;
  const frame = alloc(k, FRAME.ANON);
  if (frame !== null) joinSwapCache(k, slot, frame);
}
