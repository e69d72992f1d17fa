import { PTE, VM, VM_ACCESS } from '../base/flags.ts';
import type { MmId, VmaId } from '../base/units.ts';
import { handlePageFault, type FaultResult } from './page-fault.ts';
import { findEntry, lowWord } from './page-table.ts';
import type { MemoryState } from './state.ts';
import { findVmaIndex, vmaAt, vmaCount } from './vma-list.ts';

/** How faulting in ended; `refused`: the area's permissions forbid it. */
export type PopulateResult = FaultResult['kind'] | 'refused';

/**
 * Faults in what a program would fault in by touching [start, end): by writing where it is private and writable, else
 * by reading. Areas locked on fault are left alone.
 * Source: Linux 6.18 mm/gup.c __mm_populate; mm_populate ignores errors and goes on with the next area.
 */
export function populatePages(
  k: MemoryState,
  mm: MmId,
  start: number,
  end: number,
  errors: 'stop at an error' | 'go on after errors',
): PopulateResult {
  if (start >= end) return 'done';
  for (let i = findVmaIndex(k, mm, start); i < vmaCount(k, mm); i++) {
    const vma = vmaAt(k, mm, i);
    if (k.vmas.start[vma]! >= end) break;
    const from = Math.max(start, k.vmas.start[vma]!);
    const ended = populateArea(k, mm, vma, from, Math.min(end, k.vmas.end[vma]!));
    if (ended === 'nomem' || (ended !== 'done' && errors === 'stop at an error')) return ended;
  }
  return 'done';
}

/** One area's part, as its own permissions ask. Source: Linux 6.18 mm/gup.c populate_vma_page_range. */
export function populateArea(k: MemoryState, mm: MmId, vma: VmaId, start: number, end: number): PopulateResult {
  const flags = k.vmas.flags[vma]!;
  if ((flags & (VM.LOCKONFAULT | VM.IO | VM.PFNMAP)) !== 0) return 'done';
  if ((flags & VM_ACCESS) === 0) return 'refused';
  return faultInArea(k, mm, vma, start, end, (flags & (VM.WRITE | VM.SHARED)) === VM.WRITE).kind;
}

/**
 * Loads or stores, one a page. Source: Linux 6.18 mm/gup.c __get_user_pages; a page that is suitable costs no fault.
 * @returns how the first fault that failed ended, else done; and the page it ended at
 */
export function faultInArea(
  k: MemoryState,
  mm: MmId,
  vma: VmaId,
  start: number,
  end: number,
  write: boolean,
): { kind: FaultResult['kind']; page: number } {
  for (let page = start; page < end; page++) {
    const entry = findEntry(k, mm, page);
    const low = entry < 0 ? 0 : lowWord(k, entry);
    const suitable = (low & PTE.PRESENT) !== 0 && (!write || (low & PTE.RW) !== 0);
    if (suitable) continue;
    const fault = handlePageFault(k, mm, vma, page, write, 'populate');
    if (fault.kind !== 'done') return { kind: fault.kind, page };
  }
  return { kind: 'done', page: end };
}
