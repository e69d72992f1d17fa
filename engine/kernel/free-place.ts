import { FLAT_LAYOUT } from '../malloc/index.ts';
import { PAGE_SIZE, type MmId } from '../base/units.ts';
import { pageUnit } from '../mm/page-unit.ts';
import { findVmaIndex, vmaAt } from '../mm/vma-list.ts';
import type { KernelState } from './state.ts';

/** Below it the kernel chooses places for mappings: where a program's library lies. */
export const CEILING_PAGE = FLAT_LAYOUT.library[0] / PAGE_SIZE;

/**
 * The highest free place below the library, at whole pages of the size that is set.
 * Source: Linux 6.18 mm/mmap.c arch_get_unmapped_area_topdown. @returns a page, below 0 where nothing fits
 */
export function highestFree(k: KernelState, mm: MmId, pages: number): number {
  const unit = pageUnit(k);
  const whole = Math.ceil(pages / unit) * unit;
  const startBelow = (end: number): number => Math.floor((end - whole) / unit) * unit;
  let end = CEILING_PAGE;
  for (let i = findVmaIndex(k, mm, CEILING_PAGE) - 1; i >= 0; i--) {
    const vma = vmaAt(k, mm, i);
    if (startBelow(end) >= k.vmas.end[vma]!) break;
    end = Math.min(end, k.vmas.start[vma]!);
  }
  return startBelow(end);
}
