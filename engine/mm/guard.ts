import { DONE, fail, type SysResult } from '../base/errno.ts';
import type { MmId, VmaId } from '../base/units.ts';
import { prepareAnonVma } from './anon-vma.ts';
import { ensureEntry, entryId, forEachTable, lowWord } from './page-table.ts';
import { guardPage, isGuard, unguardPage } from './page-state.ts';
import { unmapPage } from './page-runs.ts';
import { PAGE_EVENT } from './page.machine.ts';
import type { MemoryState } from './state.ts';

/**
 * Guard pages: entries that refuse every access without an area of their own.
 * Source: Linux 6.18 mm/madvise.c madvise_guard_install: what the range held is dropped; the area gets an anon_vma, so
 * that fork copies its page tables. @returns ENOMEM when no frame could be had for a page table
 */
export function installGuards(k: MemoryState, mm: MmId, vma: VmaId, start: number, end: number): SysResult {
  prepareAnonVma(k, vma);
  for (let page = start; page < end; page++) {
    const entry = ensureEntry(k, mm, page);
    if (entry === null) return fail('ENOMEM');
    if (isGuard(lowWord(k, entry))) continue;
    if (lowWord(k, entry) !== 0) unmapPage(k, entry, PAGE_EVENT['page.drop']);
    guardPage(k, entry);
  }
  return DONE;
}

/** Source: Linux 6.18 mm/madvise.c madvise_guard_remove. */
export function removeGuards(k: MemoryState, mm: MmId, start: number, end: number): void {
  forEachTable(k, mm, start, end, (table, from, to) => {
    for (let page = from; page < to; page++) {
      const entry = entryId(table, page % 512);
      if (isGuard(lowWord(k, entry))) unguardPage(k, entry);
    }
  });
}
