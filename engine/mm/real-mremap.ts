import { fail, ok, type SysResult } from '../base/errno.ts';
import { isPageAligned, PAGE_SIZE, pagesFor, type MmId } from '../base/units.ts';
import { unmapRange } from './munmap.ts';
import type { MemoryState } from './state.ts';
import { vmaOf } from './vma-list.ts';

/**
 * mremap(2) without page tables: a whole area may shrink where it is, and that is all.
 * Source: Linux 6.18 mm/nommu.c do_mremap; simplified: what is cut off is free at once.
 * @param address bytes, @param oldLength bytes, @param newLength bytes
 * @returns the first page; EINVAL where these are not the bounds of an area, ENOMEM for one that is to grow
 */
export function realMremap(
  k: MemoryState,
  mm: MmId,
  address: number,
  oldLength: number,
  newLength: number,
): SysResult<number> {
  if (oldLength === 0 || newLength === 0 || !isPageAligned(address)) return fail('EINVAL');
  const start = address / PAGE_SIZE;
  const vma = vmaOf(k, mm, start);
  const end = start + pagesFor(oldLength);
  if (vma < 0 || k.vmas.start[vma] !== start || k.vmas.end[vma] !== end) return fail('EINVAL');
  const after = start + pagesFor(newLength);
  if (after > end) return fail('ENOMEM');
  if (after < end) unmapRange(k, mm, after, end);
  return ok(start);
}
