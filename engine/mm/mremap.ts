import { DONE, fail, ok, type SysResult } from '../base/errno.ts';
import { VM, VM_SPECIAL } from '../base/flags.ts';
import { HUGE_PAGES, MAX_MAP_COUNT, TASK_SIZE } from '../base/limits.ts';
import { isPageAligned, PAGE_SIZE, type MmId, type VmaId } from '../base/units.ts';
import { mayMapAt } from './capability.ts';
import { closingAfter } from './close-later.ts';
import { accountPages } from './commit.ts';
import { isHugetlb, wholeHugePages } from './hugetlb.ts';
import { lockLimitAllows } from './mlock.ts';
import { mayExpand } from './mmap.ts';
import { moveArea } from './move-area.ts';
import { unmapRange } from './munmap.ts';
import { populatePages } from './populate.ts';
import { roundedPages } from './range.ts';
import type { MemoryState } from './state.ts';
import { countPages } from './vma.ts';
import { isReal } from './real-mode.ts';
import { realMremap } from './real-mremap.ts';
import { mergeVmaAbove } from './vma-merge.ts';
import { findVmaIndex, overlapsVma, vmaAt, vmaCount, vmaOf } from './vma-list.ts';

/** What mremap(2) is called with. Bytes. */
export interface MremapRequest {
  readonly address: number;
  readonly oldLength: number;
  readonly newLength: number;
  readonly mayMove: boolean;
  readonly dontUnmap: boolean;
  /** MREMAP_FIXED: where to; null lets the kernel choose. */
  readonly fixed: number | null;
  /** A free place for so many pages: get_unmapped_area. @returns its first page */
  readonly choosePlace: (pages: number) => number;
}

/** One area's move or change of size, in pages. Source: Linux 6.18 mm/mremap.c struct vma_remap_struct. */
interface Remap {
  readonly page: number;
  readonly old: number;
  readonly new: number;
  /** Where to, −1 to stay or let the kernel choose. */
  readonly target: number;
  readonly dontUnmap: boolean;
}

/**
 * mremap(2). Source: Linux 6.18 mm/mremap.c do_mremap; a pure move may span several areas and holes between them.
 * @returns the first page afterwards; EINVAL, EFAULT, ENOMEM, EAGAIN
 */
export function sysMremap(k: MemoryState, mm: MmId, request: MremapRequest): SysResult<number> {
  if (isReal(k)) return realMremap(k, mm, request.address, request.oldLength, request.newLength);
  const page = Math.floor(request.address / PAGE_SIZE);
  const whole = lengthsOf(k, mm, page);
  const remap: Remap = {
    page,
    old: whole(roundedPages(request.oldLength)),
    new: whole(roundedPages(request.newLength)),
    target: request.fixed === null ? -1 : Math.floor(request.fixed / PAGE_SIZE),
    dontUnmap: request.dontUnmap,
  };
  const checked = checkParameters(k, mm, request, remap);
  if (!checked.ok) return checked;
  if (request.fixed !== null && remap.old === remap.new) return moveAreas(k, mm, remap);
  const vma = vmaOf(k, mm, remap.page);
  const prepared = checkArea(k, mm, vma, remap);
  if (!prepared.ok) return prepared;
  return closingAfter(k, mm, remap.target, remap.target + remap.new, () => moveAndFill(k, mm, vma, remap, request));
}

/** Lengths in an area of huge pages of the pool are whole ones. Source: Linux 6.18 mm/mremap.c align_hugetlb. */
function lengthsOf(k: MemoryState, mm: MmId, page: number): (pages: number) => number {
  const vma = vmaOf(k, mm, page);
  return vma >= 0 && isHugetlb(k.vmas.flags[vma]!) ? wholeHugePages : (pages) => pages;
}

/** The move, and where the area is locked the pages that it grew by. */
function moveAndFill(k: MemoryState, mm: MmId, vma: VmaId, remap: Remap, request: MremapRequest): SysResult<number> {
  const locked = (k.vmas.flags[vma]! & VM.LOCKED) !== 0;
  const moved =
    request.fixed !== null || request.dontUnmap
      ? remapTo(k, mm, remap, request.choosePlace)
      : remapAt(k, mm, vma, remap, request);
  if (moved.ok && locked && remap.new > remap.old) {
    populatePages(k, mm, moved.value + remap.old, moved.value + remap.new, 'go on after errors');
  }
  return moved;
}

/** Source: Linux 6.18 mm/mremap.c check_mremap_params. */
function checkParameters(k: MemoryState, mm: MmId, request: MremapRequest, remap: Remap): SysResult {
  if (!isPageAligned(request.address)) return fail('EINVAL');
  if (remap.new === 0 || remap.new * PAGE_SIZE > TASK_SIZE) return fail('EINVAL');
  if (request.fixed === null && !request.dontUnmap) return DONE;
  if (request.fixed !== null) {
    if (request.fixed < 0 || request.fixed > TASK_SIZE - remap.new * PAGE_SIZE) return fail('EINVAL');
    if (!isPageAligned(request.fixed)) return fail('EINVAL');
  }
  if (!request.mayMove && request.fixed === null) return fail('EINVAL');
  if (request.dontUnmap && remap.old !== remap.new) return fail('EINVAL');
  const overlaps = remap.page + remap.old > remap.target && remap.target + remap.new > remap.page;
  if (request.fixed !== null && overlaps) return fail('EINVAL');
  return vmaCount(k, mm) + 2 >= MAX_MAP_COUNT - 3 ? fail('ENOMEM') : DONE;
}

/** Source: Linux 6.18 mm/mremap.c check_prep_vma. */
function checkArea(k: MemoryState, mm: MmId, vma: VmaId, remap: Remap): SysResult {
  if (vma < 0) return fail('EFAULT');
  const flags = k.vmas.flags[vma]!;
  if (isHugetlb(flags) && !movesHugePages(remap)) return fail('EINVAL');
  if (remap.dontUnmap && (flags & VM_SPECIAL) !== 0) return fail('EINVAL');
  const moves = remap.target >= 0 || remap.dontUnmap;
  if (remap.new <= remap.old && !moves) return DONE;
  if (remap.old === 0 && (flags & VM.SHARED) === 0) return fail('EINVAL');
  // What is cut off before a move may lie in other areas.
  if (Math.min(remap.old, moves ? remap.new : Infinity) > k.vmas.end[vma]! - remap.page) return fail('EFAULT');
  if (remap.new < remap.old) return DONE;
  if (remap.old === remap.new) return DONE;
  if ((flags & VM_SPECIAL) !== 0) return fail('EFAULT');
  const delta = Math.abs(remap.new - remap.old);
  if (!lockLimitAllows(k, mm, flags, delta)) return fail('EAGAIN');
  return mayExpand(k, mm, flags, delta) ? DONE : fail('ENOMEM');
}

/** Places are whole huge pages, and none is added. Source: Linux 6.18 mm/mremap.c align_hugetlb. */
const movesHugePages = ({ page, target, old, new: wanted }: Remap): boolean =>
  page % HUGE_PAGES === 0 && (target < 0 || target % HUGE_PAGES === 0) && wanted <= old;

/** A move that changes no size takes every area of the range along, and keeps the holes between them. */
function moveAreas(k: MemoryState, mm: MmId, remap: Remap): SysResult<number> {
  const end = remap.page + remap.old;
  let moved: number | null = null;
  for (let at = remap.page; at < end;) {
    const index = findVmaIndex(k, mm, at);
    if (index === vmaCount(k, mm)) break;
    const vma = vmaAt(k, mm, index);
    const start = Math.max(k.vmas.start[vma]!, remap.page);
    if (start >= end) break;
    if (moved === null && start > at) return fail('EFAULT');
    const to = Math.min(end, k.vmas.end[vma]!);
    const part = { ...remap, page: start, old: to - start, new: to - start, target: remap.target + start - remap.page };
    const prepared = checkArea(k, mm, vma, part);
    if (!prepared.ok) return prepared;
    const done = remapTo(k, mm, part, () => part.target);
    if (!done.ok) return done;
    moved ??= done.value;
    at = to;
  }
  return moved === null ? fail('EFAULT') : ok(moved);
}

/** To a new place: what is there goes first, then the rest behind a shorter new length. Source: mremap_to. */
function remapTo(k: MemoryState, mm: MmId, remap: Remap, choosePlace: (pages: number) => number): SysResult<number> {
  if (remap.target >= 0) {
    const cleared = unmapRange(k, mm, remap.target, remap.target + remap.new);
    if (!cleared.ok) return cleared;
  }
  if (vmaOf(k, mm, remap.page) < 0) return fail('EFAULT');
  if (remap.new < remap.old) {
    const shrunk = unmapRange(k, mm, remap.page + remap.new, remap.page + remap.old);
    if (!shrunk.ok) return shrunk;
  }
  const vma = vmaOf(k, mm, remap.page);
  if (remap.dontUnmap && !mayExpand(k, mm, k.vmas.flags[vma]!, remap.old)) return fail('ENOMEM');
  if (remap.target >= 0 && !mayMapAt(k, mm, remap.target * PAGE_SIZE)) return fail('EPERM');
  return move(k, mm, remap, remap.target >= 0 ? remap.target : choosePlace(remap.new));
}

/** Where it is, if it can; else to a place the kernel chooses. Source: mremap_at, expand_vma. */
function remapAt(k: MemoryState, mm: MmId, vma: VmaId, remap: Remap, request: MremapRequest): SysResult<number> {
  if (remap.new === remap.old) return ok(remap.page);
  if (remap.new < remap.old) {
    const [from, to] = [remap.page + remap.new, remap.page + remap.old];
    if (to * PAGE_SIZE > TASK_SIZE) return fail('EINVAL');
    const shrunk = unmapRange(k, mm, from, to);
    return shrunk.ok ? ok(remap.page) : shrunk;
  }
  const end = k.vmas.end[vma]!;
  const delta = remap.new - remap.old;
  const fits = (end + delta) * PAGE_SIZE <= TASK_SIZE && !overlapsVma(k, mm, end, end + delta);
  if (end - remap.page === remap.old && fits) return growInPlace(k, mm, vma, delta) ? ok(remap.page) : fail('ENOMEM');
  if (!request.mayMove) return fail('ENOMEM');
  return move(k, mm, remap, request.choosePlace(remap.new));
}

/** Source: Linux 6.18 mm/mremap.c expand_vma_in_place, mm/vma.c vma_merge_extend. */
function growInPlace(k: MemoryState, mm: MmId, vma: VmaId, delta: number): boolean {
  const flags = k.vmas.flags[vma]!;
  if ((flags & VM.ACCOUNT) !== 0 && !accountPages(k, mm, delta).ok) return false;
  k.vmas.end[vma]! += delta;
  countPages(k, mm, flags, delta);
  mergeVmaAbove(k, mm, findVmaIndex(k, mm, k.vmas.start[vma]!));
  return true;
}

/**
 * Charges for the move, then makes it. Linux 6.17 and 6.18 charge the distance between old and new length also where
 * the old one was cut before (mm/mremap.c vrm_calc_charge): those pages stay in Committed_AS for good.
 */
function move(k: MemoryState, mm: MmId, remap: Remap, target: number): SysResult<number> {
  const flags = k.vmas.flags[vmaOf(k, mm, remap.page)]!;
  if (vmaCount(k, mm) >= MAX_MAP_COUNT - 3) return fail('ENOMEM');
  const charged = (flags & VM.ACCOUNT) !== 0;
  const charge = remap.dontUnmap ? remap.new : Math.abs(remap.new - remap.old);
  if (charged && !accountPages(k, mm, charge).ok) return fail('ENOMEM');
  if (charged && remap.new < remap.old) k.machine.strayCharge[0]! += charge;
  const length = Math.min(remap.old, remap.new);
  return moveArea(k, mm, {
    page: remap.page,
    length,
    target,
    newLength: remap.new,
    keep: remap.dontUnmap,
    charge: charged ? charge : 0,
  });
}
