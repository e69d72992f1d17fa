import { fail, ok, type SysResult } from '../base/errno.ts';
import { PTE } from '../base/flags.ts';
import { TASK_SIZE } from '../base/limits.ts';
import {
  isPageAligned,
  PAGE_SIZE,
  pagesFor,
  type MmId,
  type ObjectId,
  type SlotId,
  type VmaId,
} from '../base/units.ts';
import { cachedFrame } from './object.ts';
import { slotOfObjectPage } from './object-slots.ts';
import { findEntry, lowWord } from './page-table.ts';
import type { MemoryState } from './state.ts';
import { isSwapped, slotOfEntry } from './swap-entry.ts';
import { objectPage } from './vma.ts';
import { vmaOf } from './vma-list.ts';

/**
 * mincore(2): which pages an access would find without reading from a disk. Source: Linux 6.18 mm/mincore.c.
 * @param most entries to return; the range is checked whole all the same
 * @returns 0 or 1 a page; EINVAL for an unaligned start, ENOMEM for a hole or a range that leaves user space
 */
export function sysMincore(
  k: MemoryState,
  mm: MmId,
  address: number,
  length: number,
  most: number,
): SysResult<number[]> {
  if (!isPageAligned(address)) return fail('EINVAL');
  if (length < 0 || address < 0 || address + length > TASK_SIZE) return fail('ENOMEM');
  const start = address / PAGE_SIZE;
  const vector: number[] = [];
  for (let page = start, end = start + pagesFor(length); page < end;) {
    const vma = vmaOf(k, mm, page);
    if (vma < 0) return fail('ENOMEM');
    const to = Math.min(end, k.vmas.end[vma]!);
    for (; page < to && vector.length < most; page++) vector.push(isInCore(k, mm, vma, page) ? 1 : 0);
    page = to;
  }
  return ok(vector);
}

/** A page with an entry counts whatever its permissions; without one, the cache of its object is asked. */
function isInCore(k: MemoryState, mm: MmId, vma: VmaId, page: number): boolean {
  const entry = findEntry(k, mm, page);
  const low = entry < 0 ? 0 : lowWord(k, entry);
  if ((low & (PTE.PRESENT | PTE.PROTNONE)) !== 0) return true;
  if (isSwapped(low)) return isInSwapCache(k, slotOfEntry(k, entry));
  const object = k.vmas.object[vma]! as ObjectId;
  if (object < 0) return false;
  const index = objectPage(k, vma, page);
  if (cachedFrame(k, object, index) >= 0) return true;
  const slot = slotOfObjectPage(k, object, index);
  return slot >= 0 && isInSwapCache(k, slot);
}

const isInSwapCache = (k: MemoryState, slot: SlotId): boolean => k.swapSlots.frame[slot]! >= 0;
