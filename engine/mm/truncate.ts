import { DONE, fail, type SysResult } from '../base/errno.ts';
import { EVENT } from '../base/event-kinds.ts';
import { emit, within } from '../base/event-log.ts';
import { PG } from '../base/flags.ts';
import { isLive } from '../base/table.ts';
import { PAGE_SIZE, pagesFor, type MmId, type ObjectId, type Pfn } from '../base/units.ts';
import { punchDisk } from './disk.ts';
import { setFileSize } from './file.ts';
import { dropShadows } from './file-shadow.ts';
import { zeroTail } from './frame-bytes.ts';
import { zapPages } from './munmap.ts';
import { cachedFrame, dropFromCache } from './object.ts';
import { allocFrameOrKill } from './page-alloc.ts';
import { cachedFrames, markDirty, noteClean, readPage } from './page-cache.ts';
import { unmapPage } from './page-runs.ts';
import { PAGE_EVENT } from './page.machine.ts';
import { ownerOfEntry } from './page-table.ts';
import { entriesOf, rememberPeakRss } from './rmap.ts';
import type { MemoryState } from './state.ts';

/** Largest file. Source: Linux s_maxbytes of ext4 with blocks of 4 KiB. */
const MAX_FILE_BYTES = 2 ** 44 - PAGE_SIZE;

/**
 * Empties every entry that maps pages [from, to) of an object, in all tasks.
 * Source: Linux 6.18 mm/memory.c unmap_mapping_pages.
 * @param copies whether private copies of the pages go too
 */
export function unmapObject(k: MemoryState, object: ObjectId, from: number, to: number, copies: boolean): void {
  const { vmas } = k;
  if (!copies) {
    for (const frame of cachedFrames(k, object, from, to)) {
      for (const entry of entriesOf(k, frame)) {
        rememberPeakRss(k, ownerOfEntry(k, entry).mm);
        unmapPage(k, entry, PAGE_EVENT['page.drop']);
      }
    }
    return;
  }
  for (let vma = 0; vma < vmas.rows; vma++) {
    if (!isLive(vmas, vma) || vmas.object[vma] !== object) continue;
    const first = Math.max(vmas.start[vma]!, vmas.start[vma]! + (from - vmas.offset[vma]!));
    const behind = Math.min(vmas.end[vma]!, vmas.start[vma]! + (to - vmas.offset[vma]!));
    if (first >= behind) continue;
    zapPages(k, vmas.mm[vma]! as MmId, first, behind, PAGE_EVENT['page.drop']);
  }
}

/** Takes a page out of the cache, whatever it holds. On entry nobody maps it. */
export function forgetPage(k: MemoryState, file: ObjectId, frame: Pfn): void {
  emit(k.events, EVENT.CACHE_DROPPED, -1, frame, k.frames.index[frame]!);
  dropFromCache(k, file, frame);
}

/**
 * ftruncate(2). Shrinking takes every page behind the new end out of the cache and out of all address spaces, private
 * copies included, and zeroes the rest of the last page; growing leaves a hole.
 * Source: Linux 6.18 fs/ext4/inode.c ext4_setattr, ext4_block_truncate_page; mm/truncate.c truncate_pagecache.
 * @param bytes negative: a huge unsigned number @returns EINVAL, EFBIG
 */
export function sysFtruncate(k: MemoryState, file: ObjectId, bytes: number): SysResult {
  if (bytes < 0) return fail('EINVAL');
  if (bytes > MAX_FILE_BYTES) return fail('EFBIG');
  const before = k.objects.sizeBytes[file]!;
  if (bytes === before) return DONE;
  const id = emit(k.events, EVENT.FILE_SIZED, -1, -1, bytes, before);
  return within(k.events, id, () => {
    const tail = Math.min(bytes, before) % PAGE_SIZE;
    const last = Math.floor(Math.min(bytes, before) / PAGE_SIZE);
    // The block with the end is read before the size changes, and written back later with zeros behind the end.
    if (tail > 0 && !zeroBehindEnd(k, file, last, tail)) return fail('ENOMEM');
    setFileSize(k, file, bytes);
    if (bytes < before) cutCache(k, file, pagesFor(bytes));
    return DONE;
  });
}

function zeroBehindEnd(k: MemoryState, file: ObjectId, index: number, tail: number): boolean {
  const cached = cachedFrame(k, file, index);
  const frame = cached >= 0 ? (cached as Pfn) : readPage(k, file, index, allocFrameOrKill);
  if (frame === null) return false;
  zeroTail(k, frame, tail);
  markDirty(k, frame);
  return true;
}

function cutCache(k: MemoryState, file: ObjectId, pages: number): void {
  unmapObject(k, file, pages, Infinity, true);
  for (const frame of cachedFrames(k, file, pages, Infinity)) forgetPage(k, file, frame);
  dropShadows(k, file, pages, Infinity);
  noteClean(k, file);
  punchDisk(k, file, pages, Infinity);
}

/**
 * Pages [from, to) of a file become a hole; its size stays, private copies too.
 * Source: Linux 6.18 fs/ext4/inode.c ext4_punch_hole, mm/truncate.c truncate_pagecache_range.
 */
export function punchHole(k: MemoryState, file: ObjectId, from: number, to: number): void {
  const end = Math.min(to, k.objects.pages[file]!);
  if (from >= end) return;
  unmapObject(k, file, from, end, false);
  for (const frame of cachedFrames(k, file, from, end)) forgetPage(k, file, frame);
  dropShadows(k, file, from, end);
  noteClean(k, file);
  punchDisk(k, file, from, end);
}

/**
 * Drops what is clean and unmapped of pages [from, to) from the cache.
 * Source: Linux 6.18 mm/truncate.c invalidate_mapping_pages. @returns pages dropped
 */
export function invalidatePages(k: MemoryState, file: ObjectId, from: number, to: number): number {
  let dropped = 0;
  dropShadows(k, file, from, to);
  for (const frame of cachedFrames(k, file, from, to)) {
    const busy = (k.frames.flags[frame]! & (PG.DIRTY | PG.WRITEBACK)) !== 0;
    if (busy || k.frames.mapcount[frame]! > 0) continue;
    forgetPage(k, file, frame);
    dropped++;
  }
  return dropped;
}
