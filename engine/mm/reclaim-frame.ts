import { FRAME, PG, PTE } from '../base/flags.ts';
import type { ObjectId, Pfn, SlotId } from '../base/units.ts';
import { dropFromCache } from './object.ts';
import { putFrame } from './page-alloc.ts';
import { isDirty, noteClean, writeBack } from './page-cache.ts';
import { lowWord } from './page-table.ts';
import { entriesOf } from './rmap.ts';
import { moveToSwapCache } from './shmem-swap.ts';
import type { MemoryState } from './state.ts';
import { addToSwapCache, removeFromSwapCache } from './swap-cache.ts';
import { writeSlot } from './swap-io.ts';
import { discardPage, swapOutPage } from './swap-page-state.ts';
import { sendSlot, slotState, takeSlot } from './swap-slots.ts';
import { noteEviction, noteFileEviction } from './workingset.ts';

/**
 * What became of a frame that reclaim took up. `freed`; `writing`: it waits for its write to end; `active`: it has
 * nowhere to go or was needed, and belongs on the active list; `kept`: not now.
 */
export type Reclaimed = 'freed' | 'writing' | 'active' | 'kept';

/**
 * Takes a frame away from all who map it and gives it back to the allocator: a private page through its swap slot, a
 * page of shared memory likewise, a clean page of a file at once. Whoever decided for it has looked at how it was used.
 * Source: Linux 6.18 mm/vmscan.c shrink_folio_list; simplified: a frame that somebody works with is passed over.
 */
export function reclaimFrame(k: MemoryState, frame: Pfn): Reclaimed {
  const { frames } = k;
  const cached = frames.slot[frame]! >= 0 || frames.object[frame]! >= 0 ? 1 : 0;
  if (frames.refcount[frame] !== frames.mapcount[frame]! + cached) return 'kept';
  switch (frames.kind[frame]) {
    case FRAME.ANON:
      return (frames.flags[frame]! & PG.LAZYFREE) !== 0 ? throwAway(k, frame) : reclaimAnon(k, frame);
    case FRAME.SHMEM:
      return reclaimShared(k, frame);
    default:
      return reclaimFile(k, frame);
  }
}

/** A private page, or one that is only in the swap cache. */
function reclaimAnon(k: MemoryState, frame: Pfn): Reclaimed {
  const { frames } = k;
  if (frames.slot[frame]! < 0) {
    const slot = takeSlot(k);
    if (slot === null) return 'active';
    addToSwapCache(k, frame, slot);
  } else if (slotState(k, frames.slot[frame]! as SlotId) === 'writing') {
    return 'writing';
  }
  const dirtied = entriesOf(k, frame).some((entry) => (lowWord(k, entry) & PTE.DIRTY) !== 0);
  for (const entry of entriesOf(k, frame)) {
    swapOutPage(k, entry);
    putFrame(k, frame);
  }
  return writeAndDrop(k, frame, dirtied);
}

/** Writes where the device does not have these bytes, then lets the frame go. Source: shrink_folio_list, pageout. */
function writeAndDrop(k: MemoryState, frame: Pfn, dirtied: boolean): Reclaimed {
  const slot = k.frames.slot[frame]! as SlotId;
  if (dirtied && slotState(k, slot) === 'clean') sendSlot(k, slot, 'page.dirtied');
  if (slotState(k, slot) === 'cached') writeSlot(k, frame);
  if (slotState(k, slot) === 'writing') return 'writing';
  noteEviction(k, frame, slot);
  removeFromSwapCache(k, frame);
  return 'freed';
}

/**
 * MADV_FREE marked the page: it just goes, unless it was written since; then it is an ordinary page again.
 * Source: Linux 6.18 mm/rmap.c try_to_unmap_one, the branch for folios without PG_swapbacked.
 */
function throwAway(k: MemoryState, frame: Pfn): Reclaimed {
  const entries = entriesOf(k, frame);
  if (entries.some((entry) => (lowWord(k, entry) & PTE.DIRTY) !== 0)) {
    k.frames.flags[frame]! &= ~PG.LAZYFREE;
    return 'active';
  }
  k.machine.pglazyfreed[0]!++;
  for (const entry of entries) {
    discardPage(k, entry);
    putFrame(k, frame);
  }
  return 'freed';
}

/** Shared memory: what was never written reads as zeros anyway; the rest moves from its object to a slot. */
function reclaimShared(k: MemoryState, frame: Pfn): Reclaimed {
  const { frames } = k;
  takeFromAll(k, frame);
  if ((frames.flags[frame]! & PG.DIRTY) === 0) {
    dropFromCache(k, frames.object[frame]! as ObjectId, frame);
    return 'freed';
  }
  const slot = takeSlot(k);
  if (slot === null) return 'active';
  moveToSwapCache(k, frame, slot);
  return writeAndDrop(k, frame, false);
}

/**
 * A file's page: a clean one just leaves the cache, a dirty one is written first; one that is being written waits.
 * Linux leaves the writing to flusher threads, and the frame is freed when it comes round again.
 */
function reclaimFile(k: MemoryState, frame: Pfn): Reclaimed {
  const file = k.frames.object[frame]! as ObjectId;
  takeFromAll(k, frame);
  if ((k.frames.flags[frame]! & PG.WRITEBACK) !== 0) return 'writing';
  if (isDirty(k, frame)) {
    writeBack(k, frame);
    noteClean(k, file);
  }
  noteFileEviction(k, file, frame);
  dropFromCache(k, file, frame);
  return 'freed';
}

/** All entries on a frame that its object holds become empty. */
function takeFromAll(k: MemoryState, frame: Pfn): void {
  for (const entry of entriesOf(k, frame)) {
    discardPage(k, entry);
    putFrame(k, frame);
  }
}
