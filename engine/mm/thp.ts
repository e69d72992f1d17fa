import { VM } from '../base/flags.ts';
import { HUGE_PAGES } from '../base/limits.ts';
import type { VmaId } from '../base/units.ts';
import type { MemoryState } from './state.ts';
import { isAnonymous } from './vma.ts';

/** /sys/kernel/mm/transparent_hugepage/enabled, in the order of their numbers. */
export const THP_MODES = ['never', 'madvise', 'always'] as const;
export type ThpMode = (typeof THP_MODES)[number];

export function setThp(k: MemoryState, mode: ThpMode): void {
  k.machine.thp[0] = THP_MODES.indexOf(mode);
}

/** First page of the 512 that a page is one of. */
export const hugeBase = (page: number): number => page - (page % HUGE_PAGES);

/** Do the 512 pages around this one lie in the area? Source: Linux include/linux/huge_mm.h thp_vma_suitable_order. */
export const fitsHuge = (k: MemoryState, vma: VmaId, page: number): boolean =>
  hugeBase(page) >= k.vmas.start[vma]! && hugeBase(page) + HUGE_PAGES <= k.vmas.end[vma]!;

/** May a fault in this area map a huge page? Source: Linux 6.18 mm/huge_memory.c __thp_vma_allowable_orders. */
export function mayFaultHuge(k: MemoryState, vma: VmaId): boolean {
  const flags = k.vmas.flags[vma]!;
  const mode = THP_MODES[k.machine.thp[0]!]!;
  if (mode === 'never' || (flags & VM.NOHUGEPAGE) !== 0 || !isAnonymous(k, vma)) return false;
  return mode === 'always' || (flags & VM.HUGEPAGE) !== 0;
}
