import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import type { EntryId, MmId } from '../base/units.ts';
import { pageOfEntry, tableOfEntry } from './page-entry.ts';
import type { MemoryState } from './state.ts';
import { dropSpace, dropTranslation } from './tlb.ts';

/**
 * Whoever takes a page away, or a permission, or puts another frame in its place, says so here; the translations are
 * forgotten before the next access, at the latest when the call or fault ends. What one operation changed in one
 * address space is one flush of the whole range, as Linux gathers it.
 * Source: Linux 6.18 mm/mmu_gather.c, arch/x86/mm/tlb.c flush_tlb_mm_range.
 */
export interface PendingFlush {
  mm: MmId;
  /** Pages: start inclusive, end exclusive. */
  start: number;
  end: number;
}

/** Longer ranges forget the whole address space. Source: arch/x86/mm/tlb.c tlb_single_page_flush_ceiling. */
export const FLUSH_CEILING_PAGES = 33;

/** Why an entry's translation is no longer good; a test switches each of them off. */
export type StaleReason = 'unmap' | 'protect' | 'copy' | 'fork';

function isIgnored({ rules }: MemoryState, reason: StaleReason): boolean {
  switch (reason) {
    case 'unmap':
      return rules.unmapFlushesNothing;
    case 'protect':
      return rules.protectFlushesNothing;
    case 'copy':
      return rules.copyFlushesNothing;
    case 'fork':
      return rules.forkFlushesNothing;
  }
}

/** The entry is about to change, or has changed, so that its translation must be forgotten. */
export function staleEntry(k: MemoryState, entry: EntryId, reason: StaleReason): void {
  const table = tableOfEntry(entry);
  // A huge page is one translation, whichever of its pages is named.
  const named = k.tables.huge[table] === 0 ? pageOfEntry(k, entry) : k.tables.base[table]!;
  stalePages(k, k.tables.mm[table]! as MmId, named, named + 1, reason);
}

/** The same for [start, end); Infinity for the whole address space. */
export function stalePages(k: MemoryState, mm: MmId, start: number, end: number, reason: StaleReason): void {
  if (isIgnored(k, reason)) return;
  const { pendingFlushes } = k;
  for (let i = 0; i < pendingFlushes.length; i++) {
    const pending = pendingFlushes[i]!;
    if (pending.mm !== mm) continue;
    if (start < pending.start) pending.start = start;
    if (end > pending.end) pending.end = end;
    return;
  }
  pendingFlushes.push({ mm, start, end });
}

/** Carries out what is pending. Cheap when nothing is. */
export function flushPending(k: MemoryState): void {
  const { pendingFlushes } = k;
  for (let i = 0; i < pendingFlushes.length; i++) flush(k, pendingFlushes[i]!);
  while (pendingFlushes.length > 0) pendingFlushes.pop();
}

function flush(k: MemoryState, { mm, start, end }: PendingFlush): void {
  const { mms, machine } = k;
  const whole = end - start > FLUSH_CEILING_PAGES;
  let dropped = 0;
  if (whole) dropped = dropSpace(k, mm);
  else for (let page = start; page < end; page++) if (dropTranslation(k, mm, page)) dropped++;
  mms.tlbFlushes[mm]!++;
  machine.tlbFlushes[0]!++;
  // Another task's translations: on more processors it might run there, and an interrupt would have to tell them.
  if (mms.pid[mm] !== machine.currentTask[0]) {
    mms.tlbShootdowns[mm]!++;
    machine.tlbShootdowns[0]!++;
  }
  emit(k.events, EVENT.TLB_FLUSH, whole ? -1 : start, -1, whole ? 0 : end - start, dropped);
}

/** The address space goes: nothing of it may be remembered, as its number is used again. */
export function forgetSpace(k: MemoryState, mm: MmId): void {
  const at = k.pendingFlushes.findIndex((each) => each.mm === mm);
  if (at >= 0) k.pendingFlushes.splice(at, 1);
  flush(k, { mm, start: 0, end: Infinity });
}
