import { DONE, fail, type SysResult } from '../base/errno.ts';
import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { FRAME, PTE, VM } from '../base/flags.ts';
import { HUGE_PAGES } from '../base/limits.ts';
import type { MmId, Pfn, TableId, VmaId } from '../base/units.ts';
import { copyFrameBytes } from './frame-bytes.ts';
import { allocHugeFrames } from './huge-alloc.ts';
import { makeHuge } from './huge-entry.ts';
import { putFrame } from './page-alloc.ts';
import { isHuge } from './page-entry.ts';
import { fillTable } from './huge-fault.ts';
import { entryId, findEntry, frameOfLow, lowWord, tableOfEntry } from './page-table.ts';
import { isGuard } from './page-state.ts';
import { unmapPage } from './page-runs.ts';
import { PAGE_EVENT } from './page.machine.ts';
import type { MemoryState } from './state.ts';
import { hugeBase } from './thp.ts';
import { isSwapped } from './swap-entry.ts';
import { swapIn } from './swap-in.ts';
import { isAnonymous } from './vma.ts';
import { PRICE } from './costs.ts';

/**
 * madvise(MADV_COLLAPSE) of one area's part: each aligned 2 MiB that has a page table becomes a huge page, its pages
 * copied together. Source: Linux 6.18 mm/khugepaged.c madvise_collapse, hpage_collapse_scan_pmd, collapse_huge_page;
 * the setting `enabled` is not asked.
 * @param start @param end pages
 * @returns EINVAL where the area takes no huge page, there is no page table, or a guard in it; ENOMEM without 512 free frames in a row
 */
export function collapse(k: MemoryState, mm: MmId, vma: VmaId, start: number, end: number): SysResult {
  const flags = k.vmas.flags[vma]!;
  const first = hugeBase(k.vmas.start[vma]! + HUGE_PAGES - 1);
  const holdsOne = first + HUGE_PAGES <= k.vmas.end[vma]!;
  if ((flags & VM.NOHUGEPAGE) !== 0 || !isAnonymous(k, vma) || !holdsOne) return fail('EINVAL');
  let last: SysResult = DONE;
  for (let base = hugeBase(start + HUGE_PAGES - 1); base + HUGE_PAGES <= end; base += HUGE_PAGES) {
    const done = collapseTable(k, mm, vma, base);
    if (!done.ok) last = done;
  }
  return last;
}

function collapseTable(k: MemoryState, mm: MmId, vma: VmaId, base: number): SysResult {
  const entry = findEntry(k, mm, base);
  if (entry < 0) return fail('EINVAL');
  const table = tableOfEntry(entry);
  if (isHuge(k, table)) return DONE;
  if (k.vmas.anonVma[vma] === 0 || !isMadeOfPages(k, table)) return fail('EINVAL');
  const first = allocHugeFrames(k, FRAME.ANON);
  k.machine[first === null ? 'thpCollapseFailed' : 'thpCollapseAlloc'][0]!++;
  if (first === null) return fail('ENOMEM');
  if (!swapInAll(k, vma, table)) {
    for (let i = 0; i < HUGE_PAGES; i++) putFrame(k, (first + i) as Pfn);
    return fail('EINVAL');
  }
  let copied = 0;
  for (let i = 0; i < HUGE_PAGES; i++) if (takeOver(k, table, i, (first + i) as Pfn)) copied++;
  makeHuge(k, table, 'collapse', () => fillTable(k, vma, table, first));
  k.pay(PRICE.copy_frame, copied);
  emit(k.events, EVENT.HUGE_COLLAPSED, base, first, copied);
  return DONE;
}

/**
 * Pages in swap are read back, one after the other, up to the first that cannot be: no fault of the task's, but one of
 * the machine's. Source: Linux 6.18 mm/khugepaged.c __collapse_huge_page_swapin.
 */
function swapInAll(k: MemoryState, vma: VmaId, table: TableId): boolean {
  for (let i = 0; i < HUGE_PAGES; i++) {
    const entry = entryId(table, i);
    if (isGuard(lowWord(k, entry))) return false;
    if (isSwapped(lowWord(k, entry)) && swapIn(k, vma, entry, k.tables.base[table]! + i, false) === null) return false;
  }
  return true;
}

/** Empty entries, the zero page, what is in swap, and frames that can be copied: nothing without access. */
function isMadeOfPages(k: MemoryState, table: TableId): boolean {
  for (let i = 0; i < HUGE_PAGES; i++) {
    const low = lowWord(k, entryId(table, i));
    if (low !== 0 && (low & PTE.PRESENT) === 0 && !isGuard(low) && !isSwapped(low)) return false;
  }
  return true;
}

/** One page's bytes go over, and its entry becomes empty. @returns whether there was anything to copy */
function takeOver(k: MemoryState, table: TableId, index: number, frame: Pfn): boolean {
  const entry = entryId(table, index);
  const low = lowWord(k, entry);
  if (low === 0) return false;
  const hasFrame = (low & PTE.SPECIAL) === 0;
  if (hasFrame) copyFrameBytes(k, frameOfLow(low), frame);
  unmapPage(k, entry, PAGE_EVENT['page.drop']);
  return hasFrame;
}
