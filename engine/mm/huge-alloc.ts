import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { FRAME, type FrameKind } from '../base/flags.ts';
import { HUGE_ORDER, HUGE_PAGES } from '../base/limits.ts';
import { isLive } from '../base/table.ts';
import type { Pfn, TableId } from '../base/units.ts';
import { isHugeZero } from './huge-entry.ts';
import { isHuge } from './page-entry.ts';
import { allocBlock, putFrame } from './page-alloc.ts';
import type { MemoryState } from './state.ts';
import { minMark } from './watermarks.ts';
import { PRICE } from './costs.ts';

/**
 * 512 frames in a row, all zero, each with one reference. Nothing makes room for them: Linux compacts only where it is
 * asked to wait (defrag), the lab never. Source: Linux 6.18 mm/huge_memory.c vma_alloc_anon_folio_pmd.
 * @returns the first, whose number 512 divides; null where no free block is large enough, or too little would be left
 */
export function allocHugeFrames(k: MemoryState, kind: FrameKind): Pfn | null {
  // What is left must be above the min mark, as for any other block. Source: mm/page_alloc.c __zone_watermark_ok.
  if (k.machine.freeFrames[0]! - (HUGE_PAGES - 1) <= minMark(k)) return null;
  const first = allocBlock(k, HUGE_ORDER, kind);
  if (first === null) return null;
  k.pay(PRICE.zero_frame, HUGE_PAGES);
  return first;
}

/**
 * The one huge zero page, made when it is first needed. Source: Linux 6.18 mm/huge_memory.c get_huge_zero_folio.
 * @returns false where no free block is large enough
 */
export function haveHugeZero(k: MemoryState): boolean {
  if (k.machine.hugeZeroFrame[0]! >= 0) return true;
  const first = allocHugeFrames(k, FRAME.ZERO);
  k.machine[first === null ? 'thpZeroFailed' : 'thpZeroAlloc'][0]!++;
  if (first === null) return false;
  k.machine.hugeZeroFrame[0] = first;
  return true;
}

function isHugeZeroMapped(k: MemoryState): boolean {
  for (let table = 0; table < k.tables.rows; table++) {
    if (isLive(k.tables, table) && isHuge(k, table as TableId) && isHugeZero(k, table as TableId)) return true;
  }
  return false;
}

/**
 * Under pressure the huge zero page goes while nobody maps it. Source: Linux 6.18 mm/huge_memory.c
 * shrink_huge_zero_folio_scan. @returns whether anything became free
 */
export function shrinkHugeZero(k: MemoryState): boolean {
  const first = k.machine.hugeZeroFrame[0]!;
  if (first < 0 || isHugeZeroMapped(k)) return false;
  k.machine.hugeZeroFrame[0] = -1;
  emit(k.events, EVENT.HUGE_ZERO_FREED, -1, first);
  for (let frame = first; frame < first + HUGE_PAGES; frame++) putFrame(k, frame as Pfn);
  return true;
}
