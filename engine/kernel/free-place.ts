import { PAGE_SIZE, type MmId } from '../base/units.ts';
import { FLAT_LAYOUT } from '../malloc/index.ts';
import { findVmaIndex, vmaAt } from '../mm/vma-list.ts';
import type { KernelState } from './state.ts';

/** Mappings that name no place go below the C library. */
export const CEILING_PAGE = FLAT_LAYOUT.library[0] / PAGE_SIZE;

/**
 * The highest free place of so many pages below the library. Source: Linux 6.18 mm/mmap.c arch_get_unmapped_area_topdown.
 * @returns its first page, below all that may be mapped where nothing fits
 */
export function highestFree(k: KernelState, mm: MmId, pages: number): number {
  let end = CEILING_PAGE;
  for (let i = findVmaIndex(k, mm, CEILING_PAGE) - 1; i >= 0; i--) {
    const vma = vmaAt(k, mm, i);
    if (end - k.vmas.end[vma]! >= pages) break;
    end = Math.min(end, k.vmas.start[vma]!);
  }
  return end - pages;
}
