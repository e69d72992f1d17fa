import { DONE, fail, type SysResult } from '../base/errno.ts';
import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { FRAME, PG, PTE, VM } from '../base/flags.ts';
import { HUGE_PAGES } from '../base/limits.ts';
import { freeRow } from '../base/table.ts';
import type { EntryId, MmId, ObjectId, Pfn, TableId, VmaId } from '../base/units.ts';
import { prepareAnonVma } from './anon-vma.ts';
import { PRICE } from './costs.ts';
import { copyFrameBytes } from './frame-bytes.ts';
import { changeHuge, emptyHuge, hugeTableOf, makeHuge } from './huge-entry.ts';
import {
  cachedHugePage, cacheHugePage, hugeCounts, promiseHugePage, reserveHugePages, takeHugePage, uncacheHugePage,
} from './huge-pool.ts'; // prettier-ignore
import { ensureEntry, entryId, frameOfLow, lowWord, tableOfEntry } from './page-table.ts';
import { unmapEntries } from './page-runs.ts';
import { mapFrame, replaceFrame, reuseFrame } from './page-state.ts';
import { PAGE_EVENT } from './page.machine.ts';
import { makeObject } from './object.ts';
import { entriesOf } from './rmap.ts';
import type { MemoryState } from './state.ts';
import { addVma, objectPage } from './vma.ts';
import { vmaOf } from './vma-list.ts';

/** Areas that mmap made with MAP_HUGETLB. Their pages come from the pool, and nothing smaller is ever mapped there. */

/** Source: Linux include/linux/hugetlb.h is_vm_hugetlb_page. */
export const isHugetlb = (flags: number): boolean => (flags & VM.HUGETLB) !== 0;
/** May an area of these flags end at this page? Source: Linux 6.18 mm/hugetlb.c hugetlb_vm_op_split. */
export const mayEndAt = (flags: number, page: number): boolean => !isHugetlb(flags) || page % HUGE_PAGES === 0;
/** A length in pages, as whole huge pages. */
export const wholeHugePages = (pages: number): number => Math.ceil(pages / HUGE_PAGES) * HUGE_PAGES;

/** Which huge page of its object a page is part of. */
const hugeIndex = (k: MemoryState, vma: VmaId, page: number): number =>
  Math.floor(objectPage(k, vma, page) / HUGE_PAGES);

/**
 * The area, and a promise for each of its huge pages; a private one keeps its own, which fork leaves with the parent.
 * Source: Linux 6.18 fs/hugetlbfs/inode.c hugetlb_file_setup, hugetlbfs_file_mmap; mm/hugetlb.c hugetlb_reserve_pages.
 * @returns ENOMEM when the pool cannot promise so many
 */
export function mapHugetlb(k: MemoryState, mm: MmId, start: number, end: number, flags: number): SysResult {
  const object = makeObject(k, FRAME.HUGETLB, end - start, false);
  const promised = (flags & VM.NORESERVE) === 0;
  if (promised && !reserveHugePages(k, object, (end - start) / HUGE_PAGES)) {
    freeRow(k.objects, object);
    return fail('ENOMEM');
  }
  const vma = addVma(k, mm, { start, end, flags, object, offset: 0 });
  k.vmas.hugeOwner[vma] = promised && (flags & VM.SHARED) === 0 ? 1 : 0;
  return DONE;
}

/** `bus`: the pool has no page. */
export type HugetlbFault = 'done' | 'nomem' | 'bus';

/** A fault in such an area. Source: Linux 6.18 mm/hugetlb.c hugetlb_fault. */
export function hugetlbFault(k: MemoryState, mm: MmId, vma: VmaId, page: number, write: boolean): HugetlbFault {
  const table = hugeTableOf(k, mm, page);
  if (table < 0) return hugetlbNoPage(k, mm, vma, page, write);
  const low = lowWord(k, entryId(table, 0));
  return write && (low & PTE.RW) === 0 ? hugetlbWrite(k, vma, table) : 'done';
}

/**
 * First touch: what all share is looked up first; there is no huge zero page, a read takes a page as well. A child whose
 * pages were taken away for its parent's sake gets none. Source: Linux 6.18 mm/hugetlb.c hugetlb_no_page.
 */
function hugetlbNoPage(k: MemoryState, mm: MmId, vma: VmaId, page: number, write: boolean): HugetlbFault {
  const { vmas } = k;
  if (vmas.hugeLost[vma] === 1) return 'bus';
  const shared = (vmas.flags[vma]! & VM.SHARED) !== 0;
  const object = vmas.object[vma]! as ObjectId;
  const index = hugeIndex(k, vma, page);
  const base = page - (page % HUGE_PAGES);
  const entry = ensureEntry(k, mm, base);
  if (entry === null) return 'nomem';
  const cached = shared ? cachedHugePage(k, object, index) : -1;
  const first = cached >= 0 ? cached : takeHugePage(k, object, index, shared || vmas.hugeOwner[vma] === 1);
  if (first === null) return 'bus';
  if (shared && cached < 0) cacheHugePage(k, object, index, first as Pfn);
  if (!shared) prepareAnonVma(k, vma);
  const writable = (vmas.flags[vma]! & VM.WRITE) !== 0 && (shared || write);
  makeHuge(k, tableOfEntry(entry), 'fault.huge', () => fill(k, vma, tableOfEntry(entry), first as Pfn, writable));
  return 'done';
}

function fill(k: MemoryState, vma: VmaId, table: TableId, first: Pfn, writable: boolean): void {
  const event = PAGE_EVENT[writable ? 'fault.mapWritable' : 'fault.mapReadOnly'];
  const shared = (k.vmas.flags[vma]! & VM.SHARED) !== 0;
  for (let i = 0; i < HUGE_PAGES; i++) {
    const frame = (first + i) as Pfn;
    k.frames.refcount[frame]!++;
    if (!shared) k.frames.flags[frame]! |= PG.ANON_EXCLUSIVE;
    mapFrame(k, vma, entryId(table, i), event, frame, writable ? PTE.ACCESSED | PTE.DIRTY : PTE.ACCESSED);
  }
}

/**
 * Write to a page without write permission: the only one who maps it keeps it, all others copy. A parent that finds no
 * page for its copy takes this one away from its children. Source: Linux 6.18 mm/hugetlb.c hugetlb_wp, unmap_ref_private.
 */
function hugetlbWrite(k: MemoryState, vma: VmaId, table: TableId): HugetlbFault {
  const first = frameOfLow(lowWord(k, entryId(table, 0)));
  if ((k.vmas.flags[vma]! & VM.SHARED) !== 0 || k.frames.mapcount[first] === 1) return keep(k, table);
  const owner = k.vmas.hugeOwner[vma] === 1;
  const object = k.vmas.object[vma]!;
  const copy = takeHugePage(k, object, hugeIndex(k, vma, k.tables.base[table]!), !owner);
  if (copy !== null) return copyTo(k, vma, table, first, copy);
  if (!owner) return 'bus';
  takeAway(k, first, table);
  return keep(k, table);
}

function keep(k: MemoryState, table: TableId): HugetlbFault {
  changeHuge(k, table, 'change', () => {
    for (let i = 0; i < HUGE_PAGES; i++) {
      const entry = entryId(table, i);
      k.frames.flags[frameOfLow(lowWord(k, entry))]! |= PG.ANON_EXCLUSIVE;
      reuseFrame(k, entry);
    }
  });
  emit(k.events, EVENT.COW_REUSE, k.tables.base[table]!, frameOfLow(lowWord(k, entryId(table, 0))));
  return 'done';
}

function copyTo(k: MemoryState, vma: VmaId, table: TableId, first: Pfn, copy: Pfn): HugetlbFault {
  const base = k.tables.base[table]!;
  emit(k.events, EVENT.COW_SHARED, base, first, k.frames.mapcount[first]!);
  changeHuge(k, table, 'change', () => {
    for (let i = 0; i < HUGE_PAGES; i++) {
      const frame = (copy + i) as Pfn;
      copyFrameBytes(k, first + i, frame);
      k.frames.refcount[frame]!++;
      k.frames.flags[frame]! |= PG.ANON_EXCLUSIVE;
      replaceFrame(k, vma, entryId(table, i), PAGE_EVENT['write.copy'], frame);
    }
  });
  k.machine.copies[0]! += HUGE_PAGES;
  emit(k.events, EVENT.FRAME_COPY, base, copy, first);
  k.pay(PRICE.copy_frame, HUGE_PAGES);
  return 'done';
}

/** Everybody but the one whose table this is loses the page, and with it the right to fault such pages in. */
function takeAway(k: MemoryState, first: Pfn, own: TableId): void {
  for (const entry of entriesOf(k, first)) {
    const table = tableOfEntry(entry as EntryId);
    if (table === own) continue;
    k.vmas.hugeLost[vmaOf(k, k.tables.mm[table]! as MmId, k.tables.base[table]!)] = 1;
    dropPage(k, table);
  }
}

function dropPage(k: MemoryState, table: TableId): void {
  emptyHuge(k, table, () => unmapEntries(k, table, 0, HUGE_PAGES, PAGE_EVENT['page.drop']));
}

/**
 * What MADV_DONTNEED frees of a private area that was promised its pages is promised again, unless there are too many.
 * @param zap gives the pages up
 * Source: Linux 6.18 mm/hugetlb.c __unmap_hugepage_range, hugetlb_restore_reserve.
 */
export function dropHugetlbPages(k: MemoryState, vma: VmaId, start: number, end: number, zap: () => void): void {
  const before = hugeCounts(k);
  const mm = k.vmas.mm[vma]! as MmId;
  const alone: number[] = [];
  for (let page = start; page < end; page += HUGE_PAGES) {
    const table = hugeTableOf(k, mm, page);
    if (table >= 0 && k.frames.mapcount[frameOfLow(lowWord(k, entryId(table, 0)))] === 1) alone.push(page);
  }
  zap();
  if (k.vmas.hugeOwner[vma] === 0 || before.surplus > 0) return;
  for (const page of alone) promiseHugePage(k, k.vmas.object[vma]!, hugeIndex(k, vma, page));
}

/** A hole in what such areas share. Pages of the object. Source: Linux 6.18 fs/hugetlbfs/inode.c hugetlbfs_punch_hole. */
export function removeHugetlbPages(k: MemoryState, object: ObjectId, from: number, to: number): void {
  for (let index = Math.ceil(from / HUGE_PAGES); (index + 1) * HUGE_PAGES <= to; index++) {
    const first = cachedHugePage(k, object, index);
    if (first < 0) continue;
    for (const entry of entriesOf(k, first as Pfn)) dropPage(k, tableOfEntry(entry));
    uncacheHugePage(k, object, index);
  }
}
