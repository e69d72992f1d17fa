import { assert } from '../base/assert.ts';
import { FRAME } from '../base/flags.ts';
import { allocRow, freeRow } from '../base/table.ts';
import type { ObjectId, Pfn } from '../base/units.ts';
import { unaccountPages } from './commit.ts';
import { dropHugeObject } from './huge-pool.ts';
import { inactiveList, lruAdd } from './lru-list.ts';
import { dropObjectSlots } from './object-slots.ts';
import { putFrame } from './page-alloc.ts';
import type { MemoryState } from './state.ts';

/** How an object's pages are counted in Committed_AS. Source: Linux mm/shmem.c shmem_acct_size, shmem_acct_blocks. */
export const CHARGED = {
  NOTHING: 0, // files
  WHOLE: 1, // its size, from the start
  BY_PAGE: 2, // MAP_NORESERVE: what it holds
} as const;

/**
 * Shared memory objects and files: what the pages of shared and file mappings hang on, with the page cache that finds
 * the frame of (object, page). Source of the idea: Linux struct address_space; a hash table in place of the xarray.
 */
export function makeObject(
  k: MemoryState,
  kind: typeof FRAME.SHMEM | typeof FRAME.FILE | typeof FRAME.DEVICE | typeof FRAME.HUGETLB,
  pages: number,
  pinned: boolean,
): ObjectId {
  const object = allocRow(k.objects) as ObjectId;
  k.objects.kind[object] = kind;
  k.objects.pages[object] = pages;
  k.objects.head[object] = -1;
  k.objects.swapHead[object] = -1;
  k.objects.pinned[object] = pinned ? 1 : 0;
  return object;
}

function bucketOf(k: MemoryState, object: number, index: number): number {
  const mixed = Math.imul(object + 1, 0x9e3779b1) + Math.imul(index | 0, 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) & (k.cacheHash.rows - 1);
}

/** The cached frame of a page, or −1. */
export function cachedFrame(k: MemoryState, object: ObjectId, index: number): number {
  const { frames, cacheHash } = k;
  let frame = cacheHash.first[bucketOf(k, object, index)]!;
  while (frame >= 0 && (frames.object[frame] !== object || frames.index[frame] !== index)) {
    frame = frames.hashNext[frame]!;
  }
  return frame;
}

/** Puts a fresh frame into the cache; the frame's first reference is the cache's. */
export function cacheFrame(k: MemoryState, object: ObjectId, index: number, frame: Pfn): void {
  const { frames, cacheHash, objects } = k;
  const bucket = bucketOf(k, object, index);
  frames.object[frame] = object;
  frames.index[frame] = index;
  frames.hashNext[frame] = cacheHash.first[bucket]!;
  cacheHash.first[bucket] = frame;
  const first = objects.head[object]!;
  frames.prev[frame] = -1;
  frames.next[frame] = first;
  if (first >= 0) frames.prev[first] = frame;
  objects.head[object] = frame;
  objects.cached[object]!++;
  if (frames.lru[frame] === 0) lruAdd(k, frame, inactiveList(k, frame));
}

/** Takes a frame out of the cache; the cache's reference is the caller's. */
export function uncacheFrame(k: MemoryState, object: ObjectId, frame: Pfn): void {
  const { frames, cacheHash, objects } = k;
  const bucket = bucketOf(k, object, frames.index[frame]!);
  let at = cacheHash.first[bucket]!;
  if (at === frame) {
    cacheHash.first[bucket] = frames.hashNext[frame]!;
  } else {
    while (frames.hashNext[at] !== frame) {
      at = frames.hashNext[at]!;
      assert(at >= 0, `cached frame ${frame} is in its bucket`);
    }
    frames.hashNext[at] = frames.hashNext[frame]!;
  }
  frames.hashNext[frame] = -1;
  const prev = frames.prev[frame]!;
  const next = frames.next[frame]!;
  if (prev >= 0) frames.next[prev] = next;
  else objects.head[object] = next;
  if (next >= 0) frames.prev[next] = prev;
  frames.prev[frame] = -1;
  frames.next[frame] = -1;
  objects.cached[object]!--;
}

/** Takes a frame out of the cache and gives the cache's reference and the page's charge up. */
export function dropFromCache(k: MemoryState, object: ObjectId, frame: Pfn): void {
  uncacheFrame(k, object, frame);
  uncharge(k, object, 1);
  putFrame(k, frame);
}

/** Pages whose charge is by the page are gone. Source: Linux 6.18 mm/shmem.c shmem_unacct_blocks. */
function uncharge(k: MemoryState, object: ObjectId, pages: number): void {
  if (pages > 0 && k.objects.charged[object] === CHARGED.BY_PAGE) unaccountPages(k, pages);
}

/** Pages [from, to) of an object that are in swap are given up. */
export function dropSwapped(k: MemoryState, object: ObjectId, from: number, to: number): void {
  uncharge(k, object, dropObjectSlots(k, object, from, to));
}

export function useObject(k: MemoryState, object: ObjectId): void {
  k.objects.users[object]!++;
}

/** The last user of shared memory takes its pages and its commit charge along; a file's cache stays. */
export function dropObjectUser(k: MemoryState, object: ObjectId): void {
  const { objects } = k;
  assert(objects.users[object]! > 0, 'an object has a user to lose', object);
  if (--objects.users[object]! > 0 || objects.pinned[object] === 1) return;
  while (objects.head[object]! >= 0) dropFromCache(k, object, objects.head[object]! as Pfn);
  dropSwapped(k, object, 0, Infinity);
  if (objects.kind[object] === FRAME.HUGETLB) dropHugeObject(k, object);
  if (objects.charged[object] === CHARGED.WHOLE) unaccountPages(k, objects.pages[object]!);
  freeRow(objects, object);
}
