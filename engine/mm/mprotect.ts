import { DONE, fail, type SysResult } from '../base/errno.ts';
import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { FRAME, PG, VM, VM_ACCESS } from '../base/flags.ts';
import { MAX_MAP_COUNT } from '../base/limits.ts';
import { isPageAligned, PAGE_SIZE, pagesFor, type MmId, type VmaId } from '../base/units.ts';
import { accountPages, unaccountPages } from './commit.ts';
import { mayExpand } from './mmap.ts';
import { entryId, forEachTable, frameOfLow, lowWord } from './page-table.ts';
import { protectPage, stateOfLow } from './page-state.ts';
import { pageTable } from './page.machine.ts';
import type { MemoryState } from './state.ts';
import { countPages, isAnonymous, mergeVma, splitVma, vmaPages } from './vma.ts';
import { findVmaIndex, vmaAt, vmaCount } from './vma-list.ts';

/**
 * mprotect(2). Source: Linux 6.18 mm/mprotect.c do_mprotect_pkey.
 * @param address bytes, @param length bytes, @param accessFlags VM.READ | VM.WRITE | VM.EXEC
 * @returns EINVAL for an unaligned start; ENOMEM for a hole (what lies before it IS changed), a range that wraps, or a
 * charge that is refused
 */
export function sysMprotect(k: MemoryState, mm: MmId, address: number, length: number, accessFlags: number): SysResult {
  if (!isPageAligned(address)) return fail('EINVAL');
  if (length === 0) return DONE;
  if (length < 0) return fail('ENOMEM');
  const start = address / PAGE_SIZE;
  const end = start + pagesFor(length);
  let at = start;
  while (at < end) {
    const index = findVmaIndex(k, mm, at);
    if (index === vmaCount(k, mm) || k.vmas.start[vmaAt(k, mm, index)]! > at) return fail('ENOMEM');
    const to = Math.min(end, k.vmas.end[vmaAt(k, mm, index)]!);
    const changed = protectRange(k, mm, index, at, to, accessFlags);
    if (!changed.ok) return changed;
    at = to;
  }
  return DONE;
}

/** One VMA's part of the range. Source: Linux 6.18 mm/mprotect.c mprotect_fixup. */
function protectRange(
  k: MemoryState,
  mm: MmId,
  index: number,
  start: number,
  end: number,
  accessFlags: number,
): SysResult {
  const { vmas } = k;
  const vma = vmaAt(k, mm, index);
  const before = vmas.flags[vma]!;
  let after = (before & ~VM_ACCESS) | accessFlags;
  if (after === before) return DONE;
  const pages = end - start;
  if ((after & VM.WRITE) !== 0) {
    if (!mayExpand(k, mm, after, pages) && mayExpand(k, mm, before, pages)) return fail('ENOMEM');
    if ((before & (VM.ACCOUNT | VM.WRITE | VM.SHARED | VM.NORESERVE)) === 0) {
      const charged = accountPages(k, mm, pages);
      if (!charged.ok) return charged;
      after |= VM.ACCOUNT;
    }
  } else if ((before & VM.ACCOUNT) !== 0 && isAnonymous(k, vma) && vmas.anonVma[vma] === 0) {
    // Never written: the promise is taken back (since 6.6).
    after &= ~VM.ACCOUNT;
  }
  const cuts = (vmas.start[vma]! < start ? 1 : 0) + (vmas.end[vma]! > end ? 1 : 0);
  if (vmaCount(k, mm) + cuts > MAX_MAP_COUNT) return fail('ENOMEM');

  let target = index;
  if (vmas.start[vma]! < start) target = splitVma(k, mm, index, start);
  const changed = vmaAt(k, mm, target);
  if (vmas.end[changed]! > end) splitVma(k, mm, target, end);
  countPages(k, mm, before, -pages);
  countPages(k, mm, after, pages);
  vmas.flags[changed] = after;
  if ((before & VM.ACCOUNT) !== 0 && (after & VM.ACCOUNT) === 0) unaccountPages(k, pages);
  emit(k.events, EVENT.VMA_PROTECT, start, -1, vmaPages(k, changed), after);
  protectPages(k, mm, changed);
  mergeVma(k, mm, target);
  return DONE;
}

/** Brings the entries of a VMA in line with its permissions. Source: Linux mm/mprotect.c change_pte_range. */
function protectPages(k: MemoryState, mm: MmId, vma: VmaId): void {
  const { vmas } = k;
  const flags = vmas.flags[vma]!;
  forEachTable(k, mm, vmas.start[vma]!, vmas.end[vma]!, (table, from, to) => {
    for (let page = from; page < to; page++) {
      const entry = entryId(table, page % 512);
      const low = lowWord(k, entry);
      if (low === 0) continue;
      if ((flags & VM_ACCESS) === 0) protectPage(k, vma, entry, 'protect.none');
      else if ((flags & VM.WRITE) === 0) protectPage(k, vma, entry, 'protect.read');
      else protectPage(k, vma, entry, mayWriteAtOnce(k, flags, low) ? 'protect.upgrade' : 'protect.write');
    }
  });
}

/**
 * May a write-protected page become writable without a fault? Shared memory, and private pages that nobody else ever
 * shared. Source: Linux mm/mprotect.c can_change_pte_writable.
 */
function mayWriteAtOnce(k: MemoryState, flags: number, low: number): boolean {
  const state = stateOfLow(low);
  if (state !== pageTable.stateIndex.readOnly && state !== pageTable.stateIndex.noAccess) return false;
  const frame = frameOfLow(low);
  if ((flags & VM.SHARED) !== 0) return k.frames.kind[frame] === FRAME.SHMEM;
  return k.frames.kind[frame] === FRAME.ANON && (k.frames.flags[frame]! & PG.ANON_EXCLUSIVE) !== 0;
}
