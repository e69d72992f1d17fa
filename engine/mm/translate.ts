import { PTE } from '../base/flags.ts';
import type { MmId } from '../base/units.ts';
import { isHuge } from './page-entry.ts';
import { findEntry, frameOfLow, levelsRead, lowWord, tableOfEntry, TOP_LEVEL } from './page-table.ts';
import { markAccess } from './page-state.ts';
import type { MemoryState } from './state.ts';
import { fillTranslation, findTranslation, frameOfTranslation, noteHit, noteMiss, TLB_BIT } from './tlb.ts';
import { flushPending } from './tlb-flush.ts';
import { PRICE } from './costs.ts';

/** A store needs no entry: it may, and the dirty bit is set. */
const MAY_STORE = TLB_BIT.WRITABLE | TLB_BIT.DIRTY;
const permits = (low: number, write: boolean): boolean => (low & PTE.PRESENT) !== 0 && (!write || (low & PTE.RW) !== 0);

/**
 * What the memory management unit does for one access. Source: Intel SDM vol. 3A 4.6, 4.8 (accessed and dirty bits),
 * 4.10.2 (TLB use). A translation that does not permit the access is looked up again in the tables before it faults,
 * as AMD's processors do (AMD64 APM vol. 2, 5.5.3), so that a permission that was added needs no flush.
 * @returns the frame, or −1 where the access faults
 */
export function translate(k: MemoryState, mm: MmId, page: number, write: boolean): number {
  if (k.pendingFlushes.length > 0) flushPending(k);
  const row = findTranslation(k, mm, page);
  if (row >= 0) {
    noteHit(k, mm, row);
    if (!write || (k.tlb.bits[row]! & MAY_STORE) === MAY_STORE) return frameOfTranslation(k, row, page);
  } else {
    noteMiss(k, mm);
  }
  return walk(k, mm, page, write, row);
}

/**
 * Reads the entries, sets the bits, remembers the translation: after a miss, and for the first store through a
 * translation, which has to set the dirty bit.
 * @param row of the translation that the store came through, −1 after a miss
 */
function walk(k: MemoryState, mm: MmId, page: number, write: boolean, row: number): number {
  const entry = findEntry(k, mm, page);
  const single = entry >= 0 && !isHuge(k, tableOfEntry(entry));
  k.pay(PRICE.tlb_miss_level, single ? TOP_LEVEL : levelsRead(k, mm, page));
  if (entry < 0 || !permits(lowWord(k, entry), write)) return -1;
  markAccess(k, entry, write);
  fillTranslation(k, mm, page, entry, row);
  return frameOfLow(lowWord(k, entry));
}
