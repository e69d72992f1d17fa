import { DONE, fail, type SysResult } from '../base/errno.ts';
import { FRAME, VM } from '../base/flags.ts';
import { isPageAligned, PAGE_SIZE, type MmId, type ObjectId, type VmaId } from '../base/units.ts';
import { syncPages } from './page-cache.ts';
import { endPageOf } from './range.ts';
import type { MemoryState } from './state.ts';
import { objectPage } from './vma.ts';
import { findVmaIndex, vmaAt, vmaCount } from './vma-list.ts';

/** Bits of msync. Source: Linux include/uapi/asm-generic/mman-common.h. */
const MS = { ASYNC: 1, INVALIDATE: 2, SYNC: 4 } as const;

/**
 * msync(2): MS_SYNC writes a shared file's dirty pages and waits; MS_ASYNC leaves that to the kernel, which does it in
 * its own time anyhow. Source: Linux 6.18 mm/msync.c. @returns EINVAL, ENOMEM for a hole, EBUSY for a locked area under MS_INVALIDATE
 */
export function sysMsync(k: MemoryState, mm: MmId, address: number, length: number, flags: number): SysResult {
  if ((flags & ~(MS.ASYNC | MS.INVALIDATE | MS.SYNC)) !== 0 || !isPageAligned(address)) return fail('EINVAL');
  if ((flags & MS.ASYNC) !== 0 && (flags & MS.SYNC) !== 0) return fail('EINVAL');
  const start = address / PAGE_SIZE;
  const end = endPageOf(address, length);
  if (end === null) return fail('ENOMEM');
  let holes = false;
  for (let page = start; page < end;) {
    const index = findVmaIndex(k, mm, page);
    if (index === vmaCount(k, mm)) return fail('ENOMEM');
    const vma = vmaAt(k, mm, index);
    if (k.vmas.start[vma]! > page) {
      if (flags === MS.ASYNC || k.vmas.start[vma]! >= end) return fail('ENOMEM');
      holes = true;
    }
    if ((flags & MS.INVALIDATE) !== 0 && (k.vmas.flags[vma]! & VM.LOCKED) !== 0) return fail('EBUSY');
    const to = Math.min(end, k.vmas.end[vma]!);
    if ((flags & MS.SYNC) !== 0) syncArea(k, vma, Math.max(page, k.vmas.start[vma]!), to);
    page = k.vmas.end[vma]!;
  }
  return holes ? fail('ENOMEM') : DONE;
}

function syncArea(k: MemoryState, vma: VmaId, start: number, end: number): void {
  const object = k.vmas.object[vma]! as ObjectId;
  const shared = (k.vmas.flags[vma]! & VM.SHARED) !== 0;
  if (!shared || object < 0 || k.objects.kind[object] !== FRAME.FILE) return;
  syncPages(k, object, objectPage(k, vma, start), objectPage(k, vma, end));
}
