import { MLOCK_BATCH } from '../base/limits.ts';
import type { Pfn } from '../base/units.ts';
import { getFrame, putFrame, settleFreed } from './page-alloc.ts';
import type { MemoryState } from './state.ts';

/**
 * Frames that became locked, or are locked no longer, wait in the processor's batch, which holds a reference to each: a
 * frame that a locked area gives up is free only when the batch is emptied. That is when it is full, before anything is
 * unmapped, before reclaim, and at the end of a call.
 * Source: Linux 6.18 mm/mlock.c mlock_new_folio, munlock_folio, mlock_folio_batch; mm/swap.c lru_add_drain.
 */
export function addToMlockBatch(k: MemoryState, frame: Pfn): void {
  getFrame(k, frame);
  k.mlockBatch.push(frame);
  if (k.mlockBatch.length === MLOCK_BATCH) drainMlockBatch(k);
}

export function drainMlockBatch(k: MemoryState): void {
  for (const frame of k.mlockBatch.splice(0)) putFrame(k, frame);
}

/** Nothing waits any more: the state between two calls. */
export function settleFrames(k: MemoryState): void {
  drainMlockBatch(k);
  settleFreed(k);
}
