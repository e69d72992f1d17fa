import { PTE, VM, VM_ACCESS } from '../base/flags.ts';
import type { MmId, VmaId } from '../base/units.ts';
import { handlePageFault, type FaultResult } from './page-fault.ts';
import { findEntry, lowWord } from './page-table.ts';
import type { MemoryState } from './state.ts';
import { findVmaIndex, vmaAt, vmaCount } from './vma-list.ts';

/**
 * Faults in what a program would fault in by touching [start, end): by writing where it is private and writable, else
 * by reading; PROT_NONE stays empty. Errors are not reported, as with MAP_POPULATE.
 * Source: Linux mm/gup.c __mm_populate, populate_vma_page_range, faultin_page.
 */
export function populatePages(k: MemoryState, mm: MmId, start: number, end: number): void {
  for (let i = findVmaIndex(k, mm, start); i < vmaCount(k, mm); i++) {
    const vma = vmaAt(k, mm, i);
    const flags = k.vmas.flags[vma]!;
    if (k.vmas.start[vma]! >= end) return;
    if ((flags & VM_ACCESS) === 0) continue;
    const write = (flags & (VM.WRITE | VM.SHARED)) === VM.WRITE;
    const to = Math.min(end, k.vmas.end[vma]!);
    const ended = populateArea(k, mm, vma, Math.max(start, k.vmas.start[vma]!), to, write);
    if (ended === 'nomem') return;
  }
}

/**
 * One area's part of the range. Source: Linux 6.18 mm/gup.c __get_user_pages; a page that is suitable costs no fault.
 * @returns how the first fault that failed ended, else done
 */
export function populateArea(
  k: MemoryState,
  mm: MmId,
  vma: VmaId,
  start: number,
  end: number,
  write: boolean,
): FaultResult['kind'] {
  for (let page = start; page < end; page++) {
    const entry = findEntry(k, mm, page);
    const low = entry < 0 ? 0 : lowWord(k, entry);
    const suitable = (low & PTE.PRESENT) !== 0 && (!write || (low & PTE.RW) !== 0);
    if (suitable) continue;
    const fault = handlePageFault(k, mm, vma, page, write);
    if (fault.kind !== 'done') return fault.kind;
  }
  return 'done';
}
