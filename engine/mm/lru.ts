import { FRAME, LRU, VM } from '../base/flags.ts';
import type { EntryId, Pfn } from '../base/units.ts';
import { addToMlockBatch } from './mlock-batch.ts';
import { inactiveList, lruAdd, lruMove } from './lru-list.ts';
import { ownerOfEntry } from './page-table.ts';
import type { MemoryState } from './state.ts';
import { vmaOf } from './vma-list.ts';

/**
 * An area maps the frame: a fresh one comes onto the inactive list, one that a locked area maps onto the unevictable
 * list. Source: Linux 6.18 mm/swap.c folio_add_lru_vma, mm/mlock.c mlock_vma_folio.
 */
export function lruMapped(k: MemoryState, frame: Pfn, flags: number): void {
  if (k.frames.kind[frame] === FRAME.DEVICE || k.frames.kind[frame] === FRAME.HUGETLB) return;
  const list = k.frames.lru[frame]! - 1;
  if ((flags & VM.LOCKED) !== 0 && !k.rules.lockedPagesLeave) {
    addToMlockBatch(k, frame);
    if (list === LRU.UNEVICTABLE) return;
    k.machine.pgmlocked[0]!++;
    lruMove(k, frame, LRU.UNEVICTABLE);
  } else if (list < 0) {
    lruAdd(k, frame, inactiveList(k, frame));
  }
}

/**
 * An area maps the frame no longer, or is locked no longer: without any locked area it may be reclaimed again.
 * Source: Linux 6.18 mm/mlock.c munlock_folio.
 */
export function lruRescue(k: MemoryState, frame: Pfn): void {
  if (k.frames.lru[frame]! - 1 !== LRU.UNEVICTABLE) return;
  addToMlockBatch(k, frame);
  if (isLocked(k, frame)) return;
  k.machine.pgmunlocked[0]!++;
  lruMove(k, frame, inactiveList(k, frame));
}

/** Does a locked area map the frame? */
export function isLocked(k: MemoryState, frame: Pfn): boolean {
  for (let entry = k.frames.rmap[frame]!; entry >= 0; entry = k.tables.rmapNext[entry]!) {
    const { mm, page } = ownerOfEntry(k, entry as EntryId);
    const vma = vmaOf(k, mm, page);
    if (vma >= 0 && (k.vmas.flags[vma]! & VM.LOCKED) !== 0) return true;
  }
  return false;
}
