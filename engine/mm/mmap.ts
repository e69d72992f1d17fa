import { fail, ok, type SysResult } from '../base/errno.ts';
import { FRAME, VM } from '../base/flags.ts';
import { MAX_MAP_COUNT, MMAP_MIN_ADDR, TASK_SIZE } from '../base/limits.ts';
import { isPageAligned, PAGE_SIZE, pagesFor, type MmId } from '../base/units.ts';
import { accountPages, OVERCOMMIT } from './commit.ts';
import { makeObject } from './object.ts';
import { populatePages } from './populate.ts';
import type { MemoryState } from './state.ts';
import { unmapRange } from './munmap.ts';
import { addVma, mergeVma, NO_OBJECT } from './vma.ts';
import { findVmaIndex, overlapsVma, vmaAt, vmaCount } from './vma-list.ts';

/** What mmap(2) is called with. Address and length in bytes. */
export interface MmapRequest {
  readonly address: number;
  readonly length: number;
  /** VM.READ | VM.WRITE | VM.EXEC */
  readonly access: number;
  readonly sharing: 'private' | 'shared' | 'none';
  /** fixed: MAP_FIXED; noreplace: MAP_FIXED_NOREPLACE */
  readonly placement: 'fixed' | 'noreplace';
  readonly noreserve: boolean;
  readonly populate: boolean;
}

/**
 * Does the address space stay below its limits with that many more pages?
 * Source: Linux mm/mmap.c may_expand_vm.
 */
export function mayExpand(k: MemoryState, mm: MmId, flags: number, pages: number): boolean {
  const { mms } = k;
  if ((mms.totalVm[mm]! + pages) * PAGE_SIZE > mms.rlimitAs[mm]!) return false;
  const isData = (flags & (VM.WRITE | VM.SHARED | VM.GROWSDOWN)) === VM.WRITE;
  return !isData || (mms.dataVm[mm]! + pages) * PAGE_SIZE <= mms.rlimitData[mm]!;
}

/** Pages of [start, end) that are mapped already. Source: Linux count_vma_pages_range. */
function mappedPages(k: MemoryState, mm: MmId, start: number, end: number): number {
  let pages = 0;
  for (let i = findVmaIndex(k, mm, start); i < vmaCount(k, mm); i++) {
    const vma = vmaAt(k, mm, i);
    if (k.vmas.start[vma]! >= end) break;
    pages += Math.min(end, k.vmas.end[vma]!) - Math.max(start, k.vmas.start[vma]!);
  }
  return pages;
}

/**
 * mmap(2) of anonymous memory.
 * Source: Linux 6.18 mm/mmap.c do_mmap, mm/vma.c __mmap_region, mm/shmem.c shmem_zero_setup; the order of the checks
 * is the kernel's, because it decides which error comes back.
 * @returns the first page of the mapping; EINVAL, ENOMEM, EPERM or EEXIST
 */
export function sysMmap(k: MemoryState, mm: MmId, request: MmapRequest): SysResult<number> {
  const { address, length, sharing } = request;
  if (length === 0) return fail('EINVAL');
  if (length < 0 || length > TASK_SIZE) return fail('ENOMEM');
  if (vmaCount(k, mm) > MAX_MAP_COUNT) return fail('ENOMEM');
  if (!isPageAligned(address)) return fail('EINVAL');
  const pages = pagesFor(length);
  if (address < 0 || address > TASK_SIZE - pages * PAGE_SIZE) return fail('ENOMEM');
  if (address < MMAP_MIN_ADDR) return fail('EPERM');
  const start = address / PAGE_SIZE;
  const end = start + pages;
  if (request.placement === 'noreplace' && overlapsVma(k, mm, start, end)) return fail('EEXIST');
  if (sharing === 'none') return fail('EINVAL');

  let flags = request.access | (sharing === 'shared' ? VM.SHARED : 0);
  const noreserve = request.noreserve && k.machine.overcommit[0] !== OVERCOMMIT.NEVER;
  if (noreserve) flags |= VM.NORESERVE;
  if (!mayExpand(k, mm, flags, pages) && !mayExpand(k, mm, flags, pages - mappedPages(k, mm, start, end))) {
    return fail('ENOMEM');
  }
  const cleared = unmapRange(k, mm, start, end);
  if (!cleared.ok) return cleared;

  const made =
    sharing === 'shared' ? mapShared(k, mm, start, end, flags, noreserve) : mapPrivate(k, mm, start, end, flags);
  if (!made.ok) return made;
  if (request.populate) populatePages(k, mm, start, end);
  return ok(start);
}

/** Private writable memory is charged to the VMA. Source: Linux mm/vma.c accountable_mapping. */
function mapPrivate(k: MemoryState, mm: MmId, start: number, end: number, wanted: number): SysResult {
  let flags = wanted;
  if ((flags & (VM.NORESERVE | VM.WRITE)) === VM.WRITE) {
    const charged = accountPages(k, mm, end - start);
    if (!charged.ok) return charged;
    flags |= VM.ACCOUNT;
  }
  addVma(k, mm, { start, end, flags, object: NO_OBJECT, offset: start });
  mergeVma(k, mm, findVmaIndex(k, mm, start));
  return { ok: true, value: 0 };
}

/** Shared memory is charged once, to the object. Source: Linux mm/shmem.c shmem_acct_size. */
function mapShared(k: MemoryState, mm: MmId, start: number, end: number, flags: number, noreserve: boolean): SysResult {
  if (!noreserve) {
    const charged = accountPages(k, mm, end - start);
    if (!charged.ok) return charged;
  }
  const object = makeObject(k, FRAME.SHMEM, end - start, false);
  k.objects.charged[object] = noreserve ? 0 : 1;
  addVma(k, mm, { start, end, flags, object, offset: 0 });
  return { ok: true, value: 0 };
}
