import { DONE, fail, type SysResult } from '../base/errno.ts';
import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { FRAME, VM, VM_SPECIAL } from '../base/flags.ts';
import { HUGE_PAGES } from '../base/limits.ts';
import { isPageAligned, PAGE_SIZE, type MmId, type ObjectId, type VmaId } from '../base/units.ts';
import type { AdviceName } from './advice.ts';
import { coolPages, freeLazily, readSwappedPages } from './cold-advice.ts';
import { collapse } from './collapse.ts';
import { isDevice } from './device.ts';
import { dropHugetlbPages, isHugetlb, removeHugetlbPages } from './hugetlb.ts';
import { installGuards, removeGuards } from './guard.ts';
import { zapPages } from './munmap.ts';
import { faultInArea } from './populate.ts';
import { endPageOf } from './range.ts';
import { readForced } from './readahead.ts';
import { removeObjectPages } from './remove-pages.ts';
import type { MemoryState } from './state.ts';
import { punchHole } from './truncate.ts';
import { isAnonymous, objectPage } from './vma.ts';
import { modifyVma } from './vma-merge.ts';
import { findVmaIndex, vmaAt, vmaCount, vmaOf } from './vma-list.ts';
import { PAGE_EVENT } from './page.machine.ts';

/**
 * madvise(2). Source: Linux 6.18 mm/madvise.c do_madvise, madvise_walk_vmas.
 * @param address bytes, @param length bytes
 * @returns EINVAL for an unaligned start, a range that wraps, unknown advice, or an area that does not take it (what
 * lies before is done); ENOMEM for a hole, around which everything is done; EACCES; EFAULT
 */
export function sysMadvise(k: MemoryState, mm: MmId, address: number, length: number, advice: AdviceName): SysResult {
  if (advice === 'bogus' || !isPageAligned(address)) return fail('EINVAL');
  const start = address / PAGE_SIZE;
  const end = endPageOf(address, length);
  if (end === null || (length !== 0 && end === start)) return fail('EINVAL');
  if (advice === 'populate_read' || advice === 'populate_write') {
    return populate(k, mm, start, end, advice === 'populate_write');
  }
  let holes = false;
  for (let at = start; at < end;) {
    const index = findVmaIndex(k, mm, at);
    if (index === vmaCount(k, mm)) return fail('ENOMEM');
    const vma = vmaAt(k, mm, index);
    if (k.vmas.start[vma]! > at) {
      holes = true;
      at = k.vmas.start[vma]!;
      if (at >= end) break;
    }
    const to = Math.min(end, k.vmas.end[vma]!);
    const done = adviseArea(k, mm, index, at, to, advice);
    if (!done.ok) return done;
    at = to;
  }
  return holes ? fail('ENOMEM') : DONE;
}

/** One area's part of the range. Source: Linux 6.18 mm/madvise.c madvise_vma_behavior. */
function adviseArea(
  k: MemoryState,
  mm: MmId,
  index: number,
  start: number,
  end: number,
  advice: Exclude<AdviceName, 'bogus' | 'populate_read' | 'populate_write'>,
): SysResult {
  const vma = vmaAt(k, mm, index);
  const flags = k.vmas.flags[vma]!;
  const locked = (flags & VM.LOCKED) !== 0;
  // Source: Linux 6.18 mm/madvise.c can_madv_lru_vma, madvise_dontneed_free_valid_vma, is_valid_guard_vma.
  const hugetlb = isHugetlb(flags);
  const unmanaged = locked || hugetlb || (flags & VM.PFNMAP) !== 0;
  switch (advice) {
    case 'willneed':
      readSwappedPages(k, mm, vma, start, end);
      willNeed(k, vma, start, end);
      return DONE;
    case 'cold':
    case 'pageout':
      if (unmanaged) return fail('EINVAL');
      coolPages(k, mm, start, end, advice === 'pageout');
      return DONE;
    case 'free':
      if (unmanaged || !isAnonymous(k, vma)) return fail('EINVAL');
      freeLazily(k, mm, start, end);
      return DONE;
    case 'dontneed':
    case 'dontneed_locked':
      if ((flags & VM.PFNMAP) !== 0 || (locked && advice === 'dontneed')) return fail('EINVAL');
      return dropPages(k, mm, vma, start, end);
    case 'remove':
      return remove(k, vma, start, end);
    case 'guard_install':
      return unmanaged ? fail('EINVAL') : installGuards(k, mm, vma, start, end);
    case 'collapse':
      return (unmanaged && !locked) || hugetlb ? fail('EINVAL') : collapse(k, mm, vma, start, end);
    case 'guard_remove':
      if ((flags & VM_SPECIAL) !== 0) return fail('EINVAL');
      removeGuards(k, mm, start, end);
      return DONE;
    default: {
      const after = adviseFlags(flags, isAnonymous(k, vma), advice);
      return after === null ? fail('EINVAL') : setFlags(k, mm, index, start, end, after);
    }
  }
}

/**
 * Huge pages of the pool go whole: the end is rounded down. Source: Linux 6.18 mm/madvise.c
 * madvise_dontneed_free_valid_vma, madvise_dontneed_single_vma. @returns EINVAL where the first one would be cut
 */
function dropPages(k: MemoryState, mm: MmId, vma: VmaId, start: number, end: number): SysResult {
  const zap = (to: number): void => zapPages(k, mm, start, to, PAGE_EVENT['page.drop']);
  if (!isHugetlb(k.vmas.flags[vma]!)) zap(end);
  else if (start % HUGE_PAGES !== 0) return fail('EINVAL');
  else {
    const whole = end - (end % HUGE_PAGES);
    if (whole > start) dropHugetlbPages(k, vma, start, whole, () => zap(whole));
  }
  return DONE;
}

type FlagAdvice = Exclude<
  AdviceName,
  | 'bogus' | 'populate_read' | 'populate_write' | 'willneed' | 'cold' | 'pageout' | 'free' | 'dontneed'
  | 'dontneed_locked' | 'remove' | 'collapse' | 'guard_install' | 'guard_remove'
>; // prettier-ignore

/** Advice that only changes an area's flags. @returns null where the area does not take it */
function adviseFlags(flags: number, anonymous: boolean, advice: FlagAdvice): number | null {
  switch (advice) {
    case 'normal':
      return flags & ~(VM.RAND_READ | VM.SEQ_READ);
    case 'sequential':
      return (flags & ~VM.RAND_READ) | VM.SEQ_READ;
    case 'random':
      return (flags & ~VM.SEQ_READ) | VM.RAND_READ;
    case 'dontfork':
      return flags | VM.DONTCOPY;
    case 'dofork':
      return (flags & VM.IO) !== 0 ? null : flags & ~VM.DONTCOPY;
    case 'wipeonfork':
      return anonymous && (flags & VM.SHARED) === 0 ? flags | VM.WIPEONFORK : null;
    case 'keeponfork':
      return flags & ~VM.WIPEONFORK;
    case 'dontdump':
      return flags | VM.DONTDUMP;
    case 'dodump':
      return (flags & VM_SPECIAL) !== 0 ? null : flags & ~VM.DONTDUMP;
    case 'mergeable':
      return (flags & VM.SHARED) === 0 ? flags | VM.MERGEABLE : flags;
    case 'unmergeable':
      return flags & ~VM.MERGEABLE;
    case 'hugepage':
      return (flags & ~VM.NOHUGEPAGE) | VM.HUGEPAGE;
    case 'nohugepage':
      return (flags & ~VM.HUGEPAGE) | VM.NOHUGEPAGE;
  }
}

/** Source: Linux 6.18 mm/madvise.c madvise_update_vma. */
function setFlags(k: MemoryState, mm: MmId, index: number, start: number, end: number, after: number): SysResult {
  if (after === k.vmas.flags[vmaAt(k, mm, index)]) return DONE;
  const modified = modifyVma(k, mm, index, start, end, after);
  if (!modified.ok) return modified;
  emit(k.events, EVENT.VMA_ADVISED, start, -1, end - start, after);
  return DONE;
}

/** A file's pages are read ahead of their use. Source: Linux 6.18 mm/madvise.c madvise_willneed. */
function willNeed(k: MemoryState, vma: VmaId, start: number, end: number): void {
  const object = k.vmas.object[vma]! as ObjectId;
  if (object < 0 || k.objects.kind[object] !== FRAME.FILE) return;
  readForced(k, object, objectPage(k, vma, start), end - start);
}

/** Source: Linux 6.18 mm/madvise.c madvise_remove. */
function remove(k: MemoryState, vma: VmaId, start: number, end: number): SysResult {
  const flags = k.vmas.flags[vma]!;
  if ((flags & VM.LOCKED) !== 0 || isAnonymous(k, vma) || isDevice(k, k.vmas.object[vma]!)) return fail('EINVAL');
  if ((flags & VM.SHARED) === 0) return fail('EACCES');
  const object = k.vmas.object[vma]! as ObjectId;
  const removes = { [FRAME.FILE]: punchHole, [FRAME.HUGETLB]: removeHugetlbPages } as Record<number, typeof punchHole>;
  (removes[k.objects.kind[object]!] ?? removeObjectPages)(
    k,
    object,
    objectPage(k, vma, start),
    objectPage(k, vma, end),
  );
  return DONE;
}

/**
 * Faults a range in, for loading or for storing; ends at the first page that cannot be.
 * Source: Linux 6.18 mm/madvise.c madvise_populate, mm/gup.c faultin_page_range, check_vma_flags.
 */
function populate(k: MemoryState, mm: MmId, start: number, end: number, write: boolean): SysResult {
  for (let at = start; at < end;) {
    const vma = vmaOf(k, mm, at);
    if (vma < 0) return fail('ENOMEM');
    const flags = k.vmas.flags[vma]!;
    if ((flags & (write ? VM.WRITE : VM.READ)) === 0 || (flags & VM.PFNMAP) !== 0) return fail('EINVAL');
    const to = Math.min(end, k.vmas.end[vma]!);
    const { kind } = faultInArea(k, mm, vma, at, to, write);
    if (kind !== 'done') return fail(kind === 'nomem' ? 'ENOMEM' : 'EFAULT');
    at = to;
  }
  return DONE;
}
