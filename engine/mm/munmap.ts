import { DONE, fail, type SysResult } from '../base/errno.ts';
import { VM } from '../base/flags.ts';
import { HUGE_PAGES, MAX_MAP_COUNT, TASK_SIZE } from '../base/limits.ts';
import { isPageAligned, PAGE_SIZE, pagesFor, type MmId } from '../base/units.ts';
import { unaccountPages } from './commit.ts';
import { emptyHuge } from './huge-entry.ts';
import { mayEndAt } from './hugetlb.ts';
import { isHuge } from './page-entry.ts';
import { isUnitAligned, wholeUnits } from './page-unit.ts';
import { drainMlockBatch } from './mlock-batch.ts';
import { forEachTable, freeTable, freeUnusedTables } from './page-table.ts';
import { unmapEntries } from './page-runs.ts';
import { PAGE_EVENT, type PageStep } from './page.machine.ts';
import { rememberPeakRss } from './rmap.ts';
import { isReal, releaseFlat } from './real-mode.ts';
import type { MemoryState } from './state.ts';
import { removeVma, splitVma } from './vma.ts';
import { findVmaIndex, vmaAt, vmaCount, vmaOf } from './vma-list.ts';

/**
 * Empties the entries of [start, end); guards go only with their area.
 * Source: Linux mm/memory.c zap_page_range_single, zap_pte_range, zap_drop_markers; a page table that MADV_DONTNEED
 * empties as a whole goes too (mm/pt_reclaim.c try_get_and_clear_pmd).
 */
export function zapPages(
  k: MemoryState,
  mm: MmId,
  start: number,
  end: number,
  event: PageStep<'vma.unmap' | 'page.drop'>,
): void {
  rememberPeakRss(k, mm);
  if (isReal(k)) return releaseFlat(k, mm, start, end);
  forEachTable(k, mm, start, end, (table, from, to) => {
    const all = (): void => unmapEntries(k, table, from & 511, (from & 511) + (to - from), event);
    const isWhole = to - from === HUGE_PAGES;
    if (isWhole && isHuge(k, table)) emptyHuge(k, table, all);
    else all();
    if (isWhole && event === PAGE_EVENT['page.drop'] && k.tables.used[table] === 0) freeTable(k, table);
  });
}

/** An area that begins before `page` and reaches behind it is cut there. */
function cutAt(k: MemoryState, mm: MmId, page: number): void {
  const index = findVmaIndex(k, mm, page);
  if (index < vmaCount(k, mm) && k.vmas.start[vmaAt(k, mm, index)]! < page) splitVma(k, mm, index, page);
}

/** Is no huge page of the pool cut at `page`? */
function endsCleanly(k: MemoryState, mm: MmId, page: number): boolean {
  const vma = vmaOf(k, mm, page);
  return vma < 0 || k.vmas.start[vma] === page || mayEndAt(k.vmas.flags[vma]!, page);
}

/**
 * Cuts the areas that reach over an end of [start, end).
 * Source: Linux 6.18 mm/vma.c vms_gather_munmap_vmas. @returns ENOMEM when one area would have to become three too
 * many, EINVAL where a huge page of the pool would be cut
 */
export function cutForUnmap(k: MemoryState, mm: MmId, start: number, end: number): SysResult {
  const first = findVmaIndex(k, mm, start);
  if (first === vmaCount(k, mm) || k.vmas.start[vmaAt(k, mm, first)]! >= end) return DONE;
  const cutsInside = k.vmas.start[vmaAt(k, mm, first)]! < start && k.vmas.end[vmaAt(k, mm, first)]! > end;
  if (!endsCleanly(k, mm, start) || !endsCleanly(k, mm, end)) return fail('EINVAL');
  if (cutsInside && vmaCount(k, mm) >= MAX_MAP_COUNT) return fail('ENOMEM');
  cutAt(k, mm, start);
  cutAt(k, mm, end);
  return DONE;
}

/** Removes the areas of [start, end), which are cut at its ends, with their pages and the tables that only they used. */
export function removeAreas(
  k: MemoryState,
  mm: MmId,
  start: number,
  end: number,
  charge: 'charge kept' | 'charge given back',
): void {
  // Source: Linux include/linux/mm.h update_hiwater_vm. A move that gives the old place up is no peak.
  if (charge === 'charge given back') k.mms.peakVm[mm] = Math.max(k.mms.peakVm[mm]!, k.mms.totalVm[mm]!);
  drainMlockBatch(k);
  const index = findVmaIndex(k, mm, start);
  while (index < vmaCount(k, mm) && k.vmas.start[vmaAt(k, mm, index)]! < end) {
    const vma = vmaAt(k, mm, index);
    const from = k.vmas.start[vma]!;
    const to = k.vmas.end[vma]!;
    zapPages(k, mm, from, to, PAGE_EVENT['vma.unmap']);
    const charged = (k.vmas.flags[vma]! & VM.ACCOUNT) !== 0;
    if (charged && charge === 'charge given back') unaccountPages(k, to - from);
    removeVma(k, mm, index);
    freeUnusedTables(k, mm, from, to);
  }
}

/** Removes all that is mapped in [start, end), pages. Source: Linux 6.18 mm/vma.c do_vmi_align_munmap. */
export function unmapRange(k: MemoryState, mm: MmId, start: number, end: number): SysResult {
  const cut = cutForUnmap(k, mm, start, end);
  if (cut.ok) removeAreas(k, mm, start, end, 'charge given back');
  return cut;
}

/**
 * munmap(2). Source: Linux mm/vma.c do_vmi_munmap.
 * @param address bytes, @param length bytes
 * @returns EINVAL for an unaligned start, a length of 0 or one that leaves user space; holes are no error
 */
export function sysMunmap(k: MemoryState, mm: MmId, address: number, length: number): SysResult {
  const start = address / PAGE_SIZE;
  if (!isPageAligned(address) || address < 0 || address > TASK_SIZE || length < 0) return fail('EINVAL');
  if (length > TASK_SIZE - address) return fail('EINVAL');
  if (!isUnitAligned(k, address)) return fail('EINVAL');
  const pages = pagesFor(wholeUnits(k, length));
  if (pages === 0) return fail('EINVAL');
  if (k.rules.freeGivesNothingBack) return DONE;
  return unmapRange(k, mm, start, start + pages);
}

/** Everything goes, at the end of the address space. */
export function unmapAll(k: MemoryState, mm: MmId): void {
  unmapRange(k, mm, 0, TASK_SIZE / PAGE_SIZE + 1);
}
