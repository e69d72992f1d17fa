import { DONE, fail, ok, type SysResult } from '../base/errno.ts';
import { FRAME, VM, VM_LOCKED_MASK } from '../base/flags.ts';
import { HUGE_PAGES, MAX_MAP_COUNT, TASK_SIZE } from '../base/limits.ts';
import { isPageAligned, PAGE_SIZE, pagesFor, type MmId, type ObjectId } from '../base/units.ts';
import { mayMapAt } from './capability.ts';
import { closingAfter } from './close-later.ts';
import { accountPages, OVERCOMMIT } from './commit.ts';
import { deviceAllows, deviceFlags, isDevice, mapDevice } from './device.ts';
import { isHugetlb, mapHugetlb } from './hugetlb.ts';
import { lockLimitAllows, mayLock } from './mlock.ts';
import { CHARGED, makeObject } from './object.ts';
import { isUnitAligned, wholeUnits } from './page-unit.ts';
import { populatePages } from './populate.ts';
import { isReal, realMmap } from './real-mode.ts';
import type { MemoryState } from './state.ts';
import { cutForUnmap, removeAreas } from './munmap.ts';
import { addVma, NO_OBJECT } from './vma.ts';
import { mergeVma } from './vma-merge.ts';
import { findVmaIndex, overlapsVma, vmaAt, vmaCount } from './vma-list.ts';

const HUGE_BYTES = HUGE_PAGES * PAGE_SIZE;

/** What a mapping shows: a file from a byte on. */
interface MappedFile {
  readonly object: ObjectId;
  readonly offset: number;
}

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
  /** MAP_LOCKED */
  readonly locked: boolean;
  /** MAP_HUGETLB */
  readonly hugepages?: boolean;
  /** Part of a program's image: pages of 4 KiB, whatever the page size setting says. */
  readonly small?: true;
  /** The file and where in it the mapping starts, bytes; null for anonymous memory. */
  readonly file?: MappedFile | null;
}

/**
 * Does the address space stay below its limits with that many more pages?
 * Source: Linux mm/mmap.c may_expand_vm.
 */
export function mayExpand(k: MemoryState, mm: MmId, flags: number, pages: number): boolean {
  const { mms } = k;
  if (k.rules.limitsAreIgnored) return true;
  if ((mms.totalVm[mm]! + pages) * PAGE_SIZE > mms.rlimitAs[mm]!) return false;
  const isData = (flags & (VM.WRITE | VM.SHARED | VM.GROWSDOWN)) === VM.WRITE;
  // A soft limit of 0 is taken for the hard one, for the sake of Valgrind.
  const limit = mms.rlimitData[mm] === 0 ? mms.hardData[mm]! : mms.rlimitData[mm]!;
  return !isData || (mms.dataVm[mm]! + pages) * PAGE_SIZE <= limit;
}

/** What lies in [start, end) already: all pages, and those counted in Committed_AS. */
function mappedPages(k: MemoryState, mm: MmId, start: number, end: number): { pages: number; charged: number } {
  let pages = 0;
  let charged = 0;
  for (let i = findVmaIndex(k, mm, start); i < vmaCount(k, mm); i++) {
    const vma = vmaAt(k, mm, i);
    if (k.vmas.start[vma]! >= end) break;
    const inside = Math.min(end, k.vmas.end[vma]!) - Math.max(start, k.vmas.start[vma]!);
    pages += inside;
    if ((k.vmas.flags[vma]! & VM.ACCOUNT) !== 0) charged += inside;
  }
  return { pages, charged };
}

/**
 * mmap(2) of anonymous memory or a file.
 * Source: Linux 6.18 mm/mmap.c do_mmap, __get_unmapped_area; the order of the checks is the kernel's, because it
 * decides which error comes back.
 * @returns the first page of the mapping; EINVAL, ENOMEM, EPERM, EEXIST or EAGAIN
 */
export function sysMmap(k: MemoryState, mm: MmId, request: MmapRequest): SysResult<number> {
  if (isReal(k)) return realMmap(k, mm, request);
  const { address, sharing, file = null } = request;
  const huge = request.hugepages === true;
  const length = lengthOf(k, request);
  if (file !== null && !isPageAligned(file.offset)) return fail('EINVAL');
  if (length === 0) return fail('EINVAL');
  if (length < 0 || length > TASK_SIZE) return fail('ENOMEM');
  const pages = pagesFor(length);
  if (file !== null && (file.offset < 0 || file.offset + length > 2 ** 63)) return fail('EOVERFLOW');
  if (vmaCount(k, mm) > MAX_MAP_COUNT) return fail('ENOMEM');
  if (address < 0 || address > TASK_SIZE - pages * PAGE_SIZE) return fail('ENOMEM');
  if (!isPageAligned(address) || (request.small !== true && !isUnitAligned(k, address))) return fail('EINVAL');
  // Source: Linux 6.18 mm/hugetlb.c prepare_hugepage_range.
  if (huge && address % HUGE_BYTES !== 0) return fail('EINVAL');
  if (!mayMapAt(k, mm, address)) return fail('EPERM');
  const start = address / PAGE_SIZE;
  const end = start + pages;
  if (request.placement === 'noreplace' && overlapsVma(k, mm, start, end)) return fail('EEXIST');
  let flags = request.access | k.mms.defFlags[mm]! | (request.locked ? VM.LOCKED : 0);
  if (request.locked && !mayLock(k, mm)) return fail('EPERM');
  if (!lockLimitAllows(k, mm, flags, pages)) return fail('EAGAIN');
  if (sharing === 'none') return fail('EINVAL');
  if (sharing === 'shared') flags |= VM.SHARED;
  if (request.noreserve && (huge || k.machine.overcommit[0] !== OVERCOMMIT.NEVER)) flags |= VM.NORESERVE;
  if (file !== null && isDevice(k, file.object)) {
    const allowed = deviceAllows(k, file.object, file.offset / PAGE_SIZE, pages, flags);
    if (!allowed.ok) return allowed;
    flags = deviceFlags(flags);
  }
  // Source: Linux 6.18 fs/hugetlbfs/inode.c hugetlbfs_file_mmap.
  if (huge) flags |= VM.HUGETLB | VM.DONTEXPAND;
  const made = closingAfter(k, mm, start, end, () => mapAndFill(k, mm, start, end, flags, request));
  return made.ok ? ok(start) : made;
}

/** Bytes that are mapped: whole pages of the size that is asked for. Source: Linux 6.18 mm/mmap.c ksys_mmap_pgoff. */
function lengthOf(k: MemoryState, { small, hugepages, length }: MmapRequest): number {
  if (hugepages === true) return Math.ceil(length / HUGE_BYTES) * HUGE_BYTES;
  return small === true ? length : wholeUnits(k, length);
}

/** The area, and what of it is there at once. Source: Linux 6.18 mm/util.c vm_mmap_pgoff. */
function mapAndFill(
  k: MemoryState,
  mm: MmId,
  start: number,
  end: number,
  flags: number,
  { populate, file = null }: MmapRequest,
): SysResult {
  const made = mapRegion(k, mm, start, end, flags, file);
  if (!made.ok) return made;
  if ((flags & VM.PFNMAP) !== 0) return mapDevice(k, mm, start, end);
  if (populate || (flags & VM.LOCKED) !== 0) populatePages(k, mm, start, end, 'go on after errors');
  return DONE;
}

/**
 * Puts the new area in the place of whatever was there. Limits and the charge of private memory are asked before
 * anything is removed, net of what goes: refused, the old areas stay (cut at the ends). The charge of shared memory is
 * asked after, and its refusal leaves a hole.
 * Source: Linux 6.18 mm/vma.c __mmap_region, __mmap_setup, __mmap_new_vma, vms_abort_munmap_vmas.
 */
function mapRegion(
  k: MemoryState,
  mm: MmId,
  start: number,
  end: number,
  wanted: number,
  file: MappedFile | null,
): SysResult {
  const cut = cutForUnmap(k, mm, start, end);
  if (!cut.ok) return cut;
  const old = mappedPages(k, mm, start, end);
  if (!mayExpand(k, mm, wanted, end - start - old.pages)) return fail('ENOMEM');
  // Private writable memory is charged to the VMA. Source: Linux mm/vma.c accountable_mapping.
  const charges = (wanted & (VM.NORESERVE | VM.SHARED | VM.WRITE | VM.HUGETLB)) === VM.WRITE;
  if (charges) {
    const more = end - start - old.charged;
    if (more !== 0 && !accountPages(k, mm, more).ok) return fail('ENOMEM');
  }
  removeAreas(k, mm, start, end, charges ? 'charge kept' : 'charge given back');
  // Locks mean nothing there. Source: Linux 6.18 mm/vma.c __mmap_complete.
  if (isHugetlb(wanted)) return mapHugetlb(k, mm, start, end, wanted & ~VM_LOCKED_MASK);
  if (file === null && (wanted & VM.SHARED) !== 0) return mapShared(k, mm, start, end, wanted);
  const behind =
    file === null ? { object: NO_OBJECT, offset: start } : { object: file.object, offset: file.offset / PAGE_SIZE };
  addVma(k, mm, { start, end, flags: charges ? wanted | VM.ACCOUNT : wanted, ...behind });
  mergeVma(k, mm, findVmaIndex(k, mm, start));
  return DONE;
}

/**
 * Shared memory is charged once, to the object; with MAP_NORESERVE page by page as it is used.
 * Source: Linux mm/shmem.c shmem_zero_setup, shmem_acct_size.
 */
function mapShared(k: MemoryState, mm: MmId, start: number, end: number, flags: number): SysResult {
  const noreserve = (flags & VM.NORESERVE) !== 0;
  if (!noreserve && !accountPages(k, mm, end - start).ok) return fail('ENOMEM');
  const object = makeObject(k, FRAME.SHMEM, end - start, false);
  k.objects.charged[object] = noreserve ? CHARGED.BY_PAGE : CHARGED.WHOLE;
  addVma(k, mm, { start, end, flags, object, offset: 0 });
  return DONE;
}
