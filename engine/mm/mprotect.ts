import { DONE, fail, type SysResult } from '../base/errno.ts';
import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { FRAME, PG, PTE, VM, VM_ACCESS } from '../base/flags.ts';
import { isPageAligned, PAGE_SIZE, type EntryId, type MmId, type VmaId } from '../base/units.ts';
import { accountPages, unaccountPages } from './commit.ts';
import { changeHuge } from './huge-entry.ts';
import { isHuge } from './page-entry.ts';
import { mayExpand } from './mmap.ts';
import { entryId, forEachTable, frameOfLow, lowWord } from './page-table.ts';
import { isGuard, protectPage, stateOfLow } from './page-state.ts';
import { PAGE_EVENT, pageTable } from './page.machine.ts';
import { populateArea } from './populate.ts';
import { endPageOf } from './range.ts';
import type { MemoryState } from './state.ts';
import { isSwapped } from './swap-entry.ts';
import { isAnonymous } from './vma.ts';
import { modifyVma } from './vma-merge.ts';
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
  const end = endPageOf(address, length);
  let at = address / PAGE_SIZE;
  if (end === null || end <= at) return fail('ENOMEM');
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
  const before = k.vmas.flags[vmaAt(k, mm, index)]!;
  const wanted = (before & ~VM_ACCESS) | accessFlags;
  if (wanted === before) return DONE;
  const pages = end - start;
  const charge = chargeForAccess(k, mm, index, wanted, pages);
  if (charge === null) return fail('ENOMEM');
  const modified = modifyVma(k, mm, index, start, end, charge.flags);
  if (!modified.ok) {
    unaccountPages(k, charge.charged);
    return modified;
  }
  emit(k.events, EVENT.VMA_PROTECT, start, -1, pages, charge.flags);
  protectPages(k, mm, vmaAt(k, mm, modified.value), start, end);
  if ((before & VM.ACCOUNT) !== 0 && (charge.flags & VM.ACCOUNT) === 0) unaccountPages(k, pages);
  // Locked private memory that becomes writable is copied or filled at once, so that no later access has to wait.
  const becameWritable = (before & (VM.WRITE | VM.SHARED)) === 0 && (charge.flags & VM.WRITE) !== 0;
  if (becameWritable && (before & VM.LOCKED) !== 0) populateArea(k, mm, vmaAt(k, mm, modified.value), start, end);
  return DONE;
}

/**
 * Making private memory writable is a promise that is counted; taking it back is possible only before anything was
 * written. @returns the flags with their charge, null when it is refused
 */
function chargeForAccess(
  k: MemoryState,
  mm: MmId,
  index: number,
  wanted: number,
  pages: number,
): { flags: number; charged: number } | null {
  const vma = vmaAt(k, mm, index);
  const before = k.vmas.flags[vma]!;
  if ((wanted & VM.WRITE) === 0) {
    const giveBack = (before & VM.ACCOUNT) !== 0 && isAnonymous(k, vma) && k.vmas.anonVma[vma] === 0;
    return { flags: giveBack ? wanted & ~VM.ACCOUNT : wanted, charged: 0 };
  }
  if (!mayExpand(k, mm, wanted, pages) && mayExpand(k, mm, before, pages)) return null;
  if ((before & (VM.ACCOUNT | VM.WRITE | VM.SHARED | VM.NORESERVE | VM.HUGETLB)) !== 0)
    return { flags: wanted, charged: 0 };
  return accountPages(k, mm, pages).ok ? { flags: wanted | VM.ACCOUNT, charged: pages } : null;
}

/** Brings the entries of a range in line with its VMA's permissions. Source: Linux mm/mprotect.c change_pte_range. */
function protectPages(k: MemoryState, mm: MmId, vma: VmaId, start: number, end: number): void {
  const flags = k.vmas.flags[vma]!;
  forEachTable(k, mm, start, end, (table, from, to) => {
    const all = (): void => {
      for (let page = from; page < to; page++) protectEntry(k, vma, flags, entryId(table, page % 512));
    };
    // An area's border never cuts a huge page: it is changed as a whole. Source: mm/huge_memory.c change_huge_pmd.
    if (isHuge(k, table)) changeHuge(k, table, 'change', all);
    else all();
  });
}

function protectEntry(k: MemoryState, vma: VmaId, flags: number, entry: EntryId): void {
  const low = lowWord(k, entry);
  if (low === 0 || isGuard(low) || isSwapped(low)) return;
  if ((flags & VM_ACCESS) === 0) protectPage(k, vma, entry, PAGE_EVENT['protect.none']);
  else if ((flags & VM.WRITE) === 0) protectPage(k, vma, entry, PAGE_EVENT['protect.read']);
  else
    protectPage(
      k,
      vma,
      entry,
      mayWriteAtOnce(k, flags, low) ? PAGE_EVENT['protect.upgrade'] : PAGE_EVENT['protect.write'],
    );
}

/**
 * May a write-protected page become writable without a fault? Shared memory, and private pages that nobody else ever
 * shared. Source: Linux mm/mprotect.c can_change_pte_writable.
 */
function mayWriteAtOnce(k: MemoryState, flags: number, low: number): boolean {
  const state = stateOfLow(low);
  if (state !== pageTable.stateIndex.readOnly && state !== pageTable.stateIndex.noAccess) return false;
  const frame = frameOfLow(low);
  // A shared file's page that is clean waits for its first store. Source: can_change_shared_pte_writable.
  if ((flags & VM.SHARED) !== 0) return k.frames.kind[frame] !== FRAME.FILE || (low & PTE.DIRTY) !== 0;
  return k.frames.kind[frame] === FRAME.ANON && (k.frames.flags[frame]! & PG.ANON_EXCLUSIVE) !== 0;
}
