import { FRAME, LRU, PG, PTE, VM } from '../base/flags.ts';
import type { MmId, Pfn } from '../base/units.ts';
import { activeList, listOf, lruMove } from './lru-list.ts';
import type { MemoryState } from './state.ts';
import { vmaOf } from './vma-list.ts';
import { noteActivation } from './workingset.ts';

/**
 * A cached page was used by a call, which leaves no accessed bit: the second time it becomes active.
 * Source: Linux 6.18 mm/swap.c folio_mark_accessed.
 */
export function markAccessed(k: MemoryState, frame: Pfn): void {
  const { flags } = k.frames;
  if ((flags[frame]! & PG.REFERENCED) === 0) {
    flags[frame]! |= PG.REFERENCED;
    return;
  }
  const list = listOf(k, frame);
  if (list < 0 || list === LRU.UNEVICTABLE || list === activeList(k, frame)) return;
  flags[frame]! &= ~PG.REFERENCED;
  k.machine.pgactivate[0]!++;
  lruMove(k, frame, activeList(k, frame));
  noteActivation(k);
}

/**
 * An entry that was used goes: what it knew of a file's or shared memory's page is kept with the page, unless the area
 * was said to be read in sequence or by chance. Source: Linux 6.18 mm/memory.c zap_present_folio_ptes, vma_has_recency.
 */
export function keepRecency(k: MemoryState, frame: Pfn, low: number, mm: MmId, page: number): void {
  const kind = k.frames.kind[frame]!;
  if ((low & PTE.ACCESSED) === 0 || (kind !== FRAME.FILE && kind !== FRAME.SHMEM)) return;
  const vma = vmaOf(k, mm, page);
  if (vma >= 0 && (k.vmas.flags[vma]! & (VM.SEQ_READ | VM.RAND_READ)) !== 0) return;
  markAccessed(k, frame);
}
