import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { FRAME } from '../base/flags.ts';
import { HUGE_PAGES } from '../base/limits.ts';
import { allocRow, freeRow, isLive } from '../base/table.ts';
import type { ObjectId, Pfn } from '../base/units.ts';
import { PRICE } from './costs.ts';
import { forgetContent } from './frame-bytes.ts';
import { allocHugeFrames } from './huge-alloc.ts';
import { putFrame } from './page-alloc.ts';
import type { MemoryState } from './state.ts';

/**
 * The pool of huge pages (vm.nr_hugepages), from which MAP_HUGETLB takes: blocks of 512 frames that are set aside and
 * never split, reclaimed or swapped. A frame of the pool has one reference of its own and one for each entry, so a page
 * that nobody maps and no object caches is free. Source: Linux 6.18 mm/hugetlb.c struct hstate.
 */

/** One row per huge page of the pool. */
export const HUGE_POOL_SPEC = {
  first: 'i32', // its first frame, whose number 512 divides
  object: 'i32', // whose shared page it is, −1: a private one, or free
  index: 'f64', // of the object, in huge pages
} as const;

/** One row per huge page that a mapping was promised and has not had yet. Source: struct resv_map. */
export const HUGE_PROMISE_SPEC = { object: 'i32', index: 'f64' } as const;

/** HugePages_Total, _Free, _Rsvd and _Surp. Huge pages. */
export interface HugeCounts {
  readonly total: number;
  readonly free: number;
  readonly reserved: number;
  /** Beyond vm.nr_hugepages; they go when they become free. */
  readonly surplus: number;
}

const isFree = (k: MemoryState, row: number): boolean =>
  isLive(k.hugePool, row) && k.hugePool.object[row]! < 0 && k.frames.refcount[k.hugePool.first[row]!] === 1;

function freeRowOf(k: MemoryState): number {
  for (let row = 0; row < k.hugePool.rows; row++) if (isFree(k, row)) return row;
  return -1;
}

export function hugeCounts(k: MemoryState): HugeCounts {
  let free = 0;
  for (let row = 0; row < k.hugePool.rows; row++) if (isFree(k, row)) free++;
  const [total, reserved] = [k.hugePool.liveRows, k.hugePromises.liveRows];
  return { total, free, reserved, surplus: k.machine.hugeSurplus[0]! };
}

/** One more huge page, where such a block is free. Source: mm/hugetlb.c alloc_fresh_hugetlb_folio. */
function growPool(k: MemoryState): boolean {
  const first = allocHugeFrames(k, FRAME.HUGETLB);
  if (first === null) return false;
  const row = allocRow(k.hugePool);
  k.hugePool.first[row] = first;
  k.hugePool.object[row] = -1;
  return true;
}

/** A free huge page becomes ordinary memory. Source: mm/hugetlb.c update_and_free_hugetlb_folio. */
function shrinkPool(k: MemoryState): void {
  const row = freeRowOf(k);
  const first = k.hugePool.first[row]!;
  freeRow(k.hugePool, row);
  for (let frame = first; frame < first + HUGE_PAGES; frame++) putFrame(k, frame as Pfn);
}

/** One beyond the pool's size, as far as vm.nr_overcommit_hugepages lets. Source: alloc_surplus_hugetlb_folio. */
function growSurplus(k: MemoryState): boolean {
  const { machine } = k;
  if (machine.hugeSurplus[0]! >= machine.nrOvercommitHugepages[0]! || !growPool(k)) return false;
  machine.hugeSurplus[0]!++;
  return true;
}

/**
 * vm.nr_hugepages: as many as can be had. Pages that are in use or promised stay when it becomes less, as surplus.
 * Source: mm/hugetlb.c set_max_huge_pages.
 */
export function resizeHugePool(k: MemoryState, wanted: number): void {
  const { machine, hugePool } = k;
  const own = (): number => hugePool.liveRows - machine.hugeSurplus[0]!;
  while (machine.hugeSurplus[0]! > 0 && wanted > own()) machine.hugeSurplus[0]!--;
  while (wanted > own() && growPool(k));
  const { total, free, reserved } = hugeCounts(k);
  const least = Math.max(wanted, reserved + total - free);
  while (least < own()) shrinkPool(k);
  while (wanted < own()) machine.hugeSurplus[0]!++;
  machine.nrHugepages[0] = own();
  emit(k.events, EVENT.HUGE_POOL, -1, -1, hugePool.liveRows, hugeCounts(k).free);
}

/** Surplus pages that became free leave the pool. Source: mm/hugetlb.c free_huge_folio, return_unused_surplus_pages. */
export function settleHugePool(k: MemoryState): void {
  const { machine } = k;
  while (machine.hugeSurplus[0]! > 0) {
    const { free, reserved } = hugeCounts(k);
    if (free <= reserved) return;
    shrinkPool(k);
    machine.hugeSurplus[0]!--;
  }
}

function promiseRow(k: MemoryState, object: number, index: number): number {
  const { hugePromises } = k;
  for (let row = 0; row < hugePromises.rows; row++) {
    if (isLive(hugePromises, row) && hugePromises.object[row] === object && hugePromises.index[row] === index)
      return row;
  }
  return -1;
}

/** A page that was given up is promised anew. */
export function promiseHugePage(k: MemoryState, object: number, index: number): void {
  const row = allocRow(k.hugePromises);
  k.hugePromises.object[row] = object;
  k.hugePromises.index[row] = index;
}

/**
 * Promises huge pages [0, pages) of an object: those in the pool that nobody was promised, and surplus ones.
 * Source: mm/hugetlb.c hugetlb_reserve_pages, gather_surplus_pages. @returns false, and nothing changed, when they are too few
 */
export function reserveHugePages(k: MemoryState, object: number, pages: number): boolean {
  const { free, reserved } = hugeCounts(k);
  for (let missing = reserved + pages - free; missing > 0; missing--) {
    if (growSurplus(k)) continue;
    settleHugePool(k);
    return false;
  }
  for (let index = 0; index < pages; index++) promiseHugePage(k, object, index);
  emit(k.events, EVENT.HUGE_RESERVED, -1, -1, pages, reserved + pages);
  return true;
}

/** Promises for huge pages [from, to) of an object that nobody will ask for any more. */
export function dropHugePromises(k: MemoryState, object: number, from: number, to: number): void {
  const { hugePromises } = k;
  for (let row = 0; row < hugePromises.rows; row++) {
    const index = hugePromises.index[row]!;
    if (isLive(hugePromises, row) && hugePromises.object[row] === object && index >= from && index < to)
      freeRow(hugePromises, row);
  }
}

/**
 * A cleared huge page for an object's page: the one that was promised, else one that nobody was promised. It stays free
 * until it is mapped or cached. Source: mm/hugetlb.c alloc_hugetlb_folio, dequeue_hugetlb_folio_vma.
 * @returns its first frame, null when there is none
 */
export function takeHugePage(k: MemoryState, object: number, index: number, promised: boolean): Pfn | null {
  const promise = promised ? promiseRow(k, object, index) : -1;
  if (promise >= 0) freeRow(k.hugePromises, promise);
  else {
    const { free, reserved } = hugeCounts(k);
    if (free <= reserved && !growSurplus(k)) return null;
  }
  const first = k.hugePool.first[freeRowOf(k)]! as Pfn;
  for (let frame = first; frame < first + HUGE_PAGES; frame++) {
    if (k.frames.content[frame] !== -1) forgetContent(k, frame as Pfn);
    k.frames.flags[frame] = 0;
    k.frames.serial[frame] = k.machine.nextSerial[0]!++;
  }
  k.pay(PRICE.zero_frame, HUGE_PAGES);
  return first;
}

/** The huge page of an object that all its mappings share, or −1. */
export function cachedHugePage(k: MemoryState, object: number, index: number): number {
  const row = cachedRow(k, object, index);
  return row < 0 ? -1 : k.hugePool.first[row]!;
}

function cachedRow(k: MemoryState, object: number, index: number): number {
  const { hugePool } = k;
  for (let row = 0; row < hugePool.rows; row++) {
    if (isLive(hugePool, row) && hugePool.object[row] === object && hugePool.index[row] === index) return row;
  }
  return -1;
}

/** Source: mm/hugetlb.c hugetlb_add_to_page_cache. */
export function cacheHugePage(k: MemoryState, object: number, index: number, first: Pfn): void {
  const { hugePool, frames } = k;
  let row = 0;
  while (!isLive(hugePool, row) || hugePool.first[row] !== first) row++;
  hugePool.object[row] = object;
  hugePool.index[row] = index;
  for (let i = 0; i < HUGE_PAGES; i++) {
    frames.object[first + i] = object;
    frames.index[first + i] = index * HUGE_PAGES + i;
  }
}

/** On entry nobody maps it: it is free then. Source: fs/hugetlbfs/inode.c remove_inode_hugepages. */
export function uncacheHugePage(k: MemoryState, object: number, index: number): void {
  const row = cachedRow(k, object, index);
  if (row < 0) return;
  const first = k.hugePool.first[row]!;
  k.hugePool.object[row] = -1;
  k.frames.object.fill(-1, first, first + HUGE_PAGES);
  k.frames.index.fill(0, first, first + HUGE_PAGES);
}

/** The object goes, with what it caches and what it was promised. */
export function dropHugeObject(k: MemoryState, object: ObjectId): void {
  dropHugePromises(k, object, 0, Infinity);
  for (let row = 0; row < k.hugePool.rows; row++) {
    if (isLive(k.hugePool, row) && k.hugePool.object[row] === object)
      uncacheHugePage(k, object, k.hugePool.index[row]!);
  }
}
