import { DONE, fail, type SysResult } from '../base/errno.ts';
import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { CAP, VM, VM_LOCKED_MASK, VM_SPECIAL } from '../base/flags.ts';
import { PAGE_SIZE, type MmId } from '../base/units.ts';
import { hasCapability } from './capability.ts';
import { entriesIn } from './entries-in.ts';
import { lruMapped, lruRescue } from './lru.ts';
import { frameOfLow, lowWord } from './page-table.ts';
import { populatePages } from './populate.ts';
import { endPageOf } from './range.ts';
import type { MemoryState } from './state.ts';
import { namesFrame } from './swap-entry.ts';
import { modifyVma } from './vma-merge.ts';
import { findVmaIndex, vmaAt, vmaCount } from './vma-list.ts';

/** Bits of mlockall. Source: Linux include/uapi/asm-generic/mman.h. */
export const MCL = { CURRENT: 1, FUTURE: 2, ONFAULT: 4 } as const;
const MLOCK_ONFAULT = 1;

const limitPages = (k: MemoryState, mm: MmId): number =>
  k.rules.lockLimitIsIgnored ? Infinity : Math.floor(k.mms.rlimitMemlock[mm]! / PAGE_SIZE);

/** Source: Linux 6.18 mm/mlock.c can_do_mlock. */
export const mayLock = (k: MemoryState, mm: MmId): boolean =>
  k.mms.rlimitMemlock[mm] !== 0 || hasCapability(k, mm, CAP.IPC_LOCK);

/** May that many more pages of these flags be mapped? Source: Linux 6.18 mm/mmap.c mlock_future_ok. */
export function lockLimitAllows(k: MemoryState, mm: MmId, flags: number, pages: number): boolean {
  if ((flags & VM.LOCKED) === 0 || hasCapability(k, mm, CAP.IPC_LOCK)) return true;
  return pages + k.mms.lockedVm[mm]! <= limitPages(k, mm);
}

/** One area's part of a range gets other lock flags. Source: Linux 6.18 mm/mlock.c mlock_fixup. */
function lockArea(k: MemoryState, mm: MmId, index: number, start: number, end: number, add: number): SysResult {
  const before = k.vmas.flags[vmaAt(k, mm, index)]!;
  // A device's memory is never reclaimed and never locked; nor does it count.
  if ((before & VM_SPECIAL) !== 0) return DONE;
  const after = (before & ~VM_LOCKED_MASK) | add;
  if (after === before) return DONE;
  const modified = modifyVma(k, mm, index, start, end, after);
  if (!modified.ok) return modified;
  const is = (after & VM.LOCKED) !== 0;
  sortLocked(k, mm, start, end, after);
  emit(k.events, is ? EVENT.PAGES_LOCKED : EVENT.PAGES_UNLOCKED, start, -1, end - start, k.mms.lockedVm[mm]!);
  return DONE;
}

/** Pages in memory go to the unevictable list, or leave it. Source: Linux 6.18 mm/mlock.c mlock_vma_pages_range. */
function sortLocked(k: MemoryState, mm: MmId, start: number, end: number, flags: number): void {
  for (const entry of entriesIn(k, mm, start, end)) {
    const low = lowWord(k, entry);
    if (!namesFrame(low)) continue;
    if ((flags & VM.LOCKED) !== 0) lruMapped(k, frameOfLow(low), flags);
    else lruRescue(k, frameOfLow(low));
  }
}

/**
 * Locks or unlocks [start, end) up to the first hole. Source: Linux 6.18 mm/mlock.c apply_vma_lock_flags.
 * @returns ENOMEM for a hole: what lies before it is changed
 */
function applyLockFlags(k: MemoryState, mm: MmId, start: number, end: number, add: number): SysResult {
  let at = start;
  while (at < end) {
    const index = findVmaIndex(k, mm, at);
    if (index === vmaCount(k, mm) || k.vmas.start[vmaAt(k, mm, index)]! > at) return fail('ENOMEM');
    const to = Math.min(end, k.vmas.end[vmaAt(k, mm, index)]!);
    const changed = lockArea(k, mm, index, at, to, add);
    if (!changed.ok) return changed;
    at = to;
  }
  return DONE;
}

/** Pages of [start, end) that are locked already. Source: Linux 6.18 mm/mlock.c count_mm_mlocked_page_nr. */
function lockedPagesIn(k: MemoryState, mm: MmId, start: number, end: number): number {
  let pages = 0;
  for (let i = findVmaIndex(k, mm, start); i < vmaCount(k, mm); i++) {
    const vma = vmaAt(k, mm, i);
    if (k.vmas.start[vma]! >= end) break;
    if ((k.vmas.flags[vma]! & VM.LOCKED) === 0) continue;
    pages += Math.min(end, k.vmas.end[vma]!) - Math.max(start, k.vmas.start[vma]!);
  }
  return pages;
}

/** Start and end of a range whose start is rounded down; end null when it wraps, which EINVAL answers. */
function wholePages(address: number, length: number): { start: number; end: number } | null {
  const start = Math.floor(address / PAGE_SIZE);
  const end = endPageOf(start * PAGE_SIZE, length + (address - start * PAGE_SIZE));
  return end === null || end < start ? null : { start, end };
}

/**
 * mlock(2) and mlock2(2): locks, then faults in what is missing. Source: Linux 6.18 mm/mlock.c do_mlock.
 * @param address bytes, rounded down to a page, @param length bytes
 * @param flags of mlock2; 0 for mlock
 * @returns EINVAL, EPERM, ENOMEM (limit, hole, or a page nobody may touch: the areas stay locked), EAGAIN
 */
export function sysMlock(k: MemoryState, mm: MmId, address: number, length: number, flags: number): SysResult {
  if ((flags & ~MLOCK_ONFAULT) !== 0) return fail('EINVAL');
  if (!mayLock(k, mm)) return fail('EPERM');
  const range = wholePages(address, length);
  // The limit is asked first, and a length that wraps is beyond every limit.
  if (range === null) return fail(hasCapability(k, mm, CAP.IPC_LOCK) ? 'EINVAL' : 'ENOMEM');
  const { start, end } = range;
  const limit = limitPages(k, mm);
  if (!hasCapability(k, mm, CAP.IPC_LOCK)) {
    let locked = end - start + k.mms.lockedVm[mm]!;
    if (locked > limit) locked -= lockedPagesIn(k, mm, start, end);
    if (locked > limit) return fail('ENOMEM');
  }
  const add = VM.LOCKED | ((flags & MLOCK_ONFAULT) !== 0 ? VM.LOCKONFAULT : 0);
  const applied = applyLockFlags(k, mm, start, end, add);
  if (!applied.ok) return applied;
  return populatePages(k, mm, start, end, 'stop at an error') === 'done' ? DONE : fail('ENOMEM');
}

/** munlock(2): needs no privilege. Source: Linux 6.18 mm/mlock.c munlock. @returns EINVAL, or ENOMEM for a hole */
export function sysMunlock(k: MemoryState, mm: MmId, address: number, length: number): SysResult {
  const range = wholePages(address, length);
  return range === null ? fail('EINVAL') : applyLockFlags(k, mm, range.start, range.end, 0);
}

/** Source: Linux 6.18 mm/mlock.c apply_mlockall_flags. MCL_FUTURE is set or cleared, never added. */
function applyToAll(k: MemoryState, mm: MmId, flags: number): void {
  const { mms } = k;
  const onFault = (flags & MCL.ONFAULT) !== 0 ? VM.LOCKONFAULT : 0;
  mms.defFlags[mm]! &= ~VM_LOCKED_MASK;
  if ((flags & MCL.FUTURE) !== 0) {
    mms.defFlags[mm]! |= VM.LOCKED | onFault;
    if ((flags & MCL.CURRENT) === 0) return;
  }
  const add = (flags & MCL.CURRENT) !== 0 ? VM.LOCKED | onFault : 0;
  const hidden = add === 0 ? 0 : mms.hiddenLockable[mm]!;
  mms.lockedVm[mm]! += hidden - mms.hiddenLocked[mm]!;
  mms.hiddenLocked[mm] = hidden;
  // Areas merge while the loop runs: go by address, not by index.
  let at = 0;
  for (;;) {
    const index = findVmaIndex(k, mm, at);
    if (index === vmaCount(k, mm)) return;
    const vma = vmaAt(k, mm, index);
    const end = k.vmas.end[vma]!;
    lockArea(k, mm, index, k.vmas.start[vma]!, end, add);
    at = end;
  }
}

/** mlockall(2). Source: Linux 6.18 mm/mlock.c. @returns EINVAL, EPERM, ENOMEM */
export function sysMlockall(k: MemoryState, mm: MmId, flags: number): SysResult {
  const all = MCL.CURRENT | MCL.FUTURE | MCL.ONFAULT;
  if (flags === 0 || (flags & ~all) !== 0 || flags === MCL.ONFAULT) return fail('EINVAL');
  if (!mayLock(k, mm)) return fail('EPERM');
  const current = (flags & MCL.CURRENT) !== 0;
  if (current && k.mms.totalVm[mm]! > limitPages(k, mm) && !hasCapability(k, mm, CAP.IPC_LOCK)) return fail('ENOMEM');
  applyToAll(k, mm, flags);
  if (current) populatePages(k, mm, 0, Infinity, 'go on after errors');
  return DONE;
}

export function sysMunlockall(k: MemoryState, mm: MmId): SysResult {
  applyToAll(k, mm, 0);
  return DONE;
}
