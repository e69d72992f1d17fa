import { FRAME, PG, type FrameKind } from '../base/flags.ts';
import type { ObjectId, Pfn, SlotId } from '../base/units.ts';
import { cacheFrame, uncacheFrame } from './object.ts';
import { linkSlot, unlinkSlot } from './object-slots.ts';
import type { MemoryState } from './state.ts';
import { addToSwapCache, freeUnnamedSlot, removeFromSwapCache } from './swap-cache.ts';
import { finishWrites, readSlot } from './swap-io.ts';
import { slotState } from './swap-slots.ts';
import { noteRefault } from './workingset.ts';

/**
 * A frame of shared memory leaves its object for the swap cache; the object names the slot instead.
 * Source: Linux 6.18 mm/shmem.c shmem_writeout.
 */
export function moveToSwapCache(k: MemoryState, frame: Pfn, slot: SlotId): void {
  const { frames } = k;
  const object = frames.object[frame]! as ObjectId;
  const index = frames.index[frame]!;
  addToSwapCache(k, frame, slot);
  uncacheFrame(k, object, frame);
  frames.object[frame] = -1;
  frames.kind[frame] = FRAME.ANON;
  frames.refcount[frame]!--;
  linkSlot(k, object, index, slot);
}

/**
 * A swapped page of shared memory comes back into its object, and the slot is free.
 * Source: Linux 6.18 mm/shmem.c shmem_swapin_folio.
 * @returns the frame, and whether the device had to be read; null without memory
 */
export function swapInObjectPage(
  k: MemoryState,
  object: ObjectId,
  slot: SlotId,
  alloc: (k: MemoryState, kind: FrameKind) => Pfn | null,
): { frame: Pfn; major: boolean } | null {
  const { swapSlots, frames } = k;
  const index = swapSlots.index[slot]!;
  let frame = swapSlots.frame[slot]! as Pfn;
  const major = frame < 0;
  if (major) {
    const fresh = alloc(k, FRAME.SHMEM);
    if (fresh === null) return null;
    frame = fresh;
    readSlot(k, slot, frame, 'direct');
    noteRefault(k, frame, slot);
    unlinkSlot(k, slot);
    freeUnnamedSlot(k, slot);
  } else {
    if (slotState(k, slot) === 'writing') finishWrites(k);
    frames.refcount[frame]!++;
    unlinkSlot(k, slot);
    removeFromSwapCache(k, frame);
    frames.kind[frame] = FRAME.SHMEM;
  }
  cacheFrame(k, object, index, frame);
  frames.flags[frame]! |= PG.DIRTY;
  return { frame, major };
}
