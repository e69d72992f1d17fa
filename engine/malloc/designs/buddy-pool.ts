import type { HeapView } from '../heap.ts';
import type { DesignHeap } from './design.ts';

/**
 * Blocks of powers of two. The buddy of a block is found by turning over one bit of its offset. Each begins with a word
 * that says its order and whether it is used, a free one goes on with two links of its order's list.
 * Source: Knuth, The Art of Computer Programming 1, 2.5, the buddy system: fields TAG, KVAL, LINKF and LINKB.
 *
 * Header words lie 8 below an address aligned to 16, so that what follows is aligned for every type.
 */

export const HEADER_BYTES = 8;
/** 2^5 = 32 bytes hold the header and both links. */
export const MIN_ORDER = 5;
export const MAX_ORDER = 47;
/** 2^14 = 16 KiB, what is asked of the system at first. */
export const FIRST_ORDER = 14;
/** The break that somebody else moves makes a new pool necessary; more of them than this are refused. */
export const MAX_POOLS = 16;

/** Words of the allocator's own state, from its arena. */
const POOLS = 0; // how many there are
const HEADS = 8; // first free block of each order, from MIN_ORDER
const POOL = HEADS + (MAX_ORDER - MIN_ORDER + 1) * 8; // address and order of each

export const BUDDY_STATE_BYTES = POOL + MAX_POOLS * 16;

/** A power of two of memory that is divided into blocks: order in the sense of 2^order bytes. */
export interface Pool {
  readonly start: number;
  readonly order: number;
}

export const poolCount = (h: HeapView): number => Math.min(h.mem.load64(h.arena + POOLS), MAX_POOLS);
export const poolAt = (h: HeapView, i: number): Pool => ({
  start: h.mem.load64(h.arena + POOL + i * 16),
  order: h.mem.load64(h.arena + POOL + i * 16 + 8),
});

/** Adds a pool, or writes one anew. */
export function setPool(h: DesignHeap, i: number, { start, order }: Pool): void {
  h.mem.store64(h.arena + POOL + i * 16, start);
  h.mem.store64(h.arena + POOL + i * 16 + 8, order);
  if (i >= poolCount(h)) h.mem.store64(h.arena + POOLS, i + 1);
}

/** The pool an address lies in, or null. */
export function poolOf(h: HeapView, at: number): Pool | null {
  for (let i = poolCount(h) - 1; i >= 0; i--) {
    const pool = poolAt(h, i);
    if (at >= pool.start && at < pool.start + 2 ** pool.order) return pool;
  }
  return null;
}

/** Where the other half of the next larger block begins. Offsets are below 2^47, so the bit is turned by arithmetic. */
export function buddyOf(pool: Pool, at: number, order: number): number {
  const size = 2 ** order;
  return Math.floor((at - pool.start) / size) % 2 === 0 ? at + size : at - size;
}

export const orderAt = (h: HeapView, at: number): number => h.mem.load32(at) >>> 1;
export const isUsed = (h: HeapView, at: number): boolean => (h.mem.load32(at) & 1) !== 0;
export function setHeader(h: DesignHeap, at: number, order: number, used: boolean): void {
  h.mem.store64(at, order * 2 + (used ? 1 : 0));
}

export const headAt = (h: HeapView, order: number): number => h.arena + HEADS + (order - MIN_ORDER) * 8;
export const firstOf = (h: HeapView, order: number): number => h.mem.load64(headAt(h, order));
export const nextOf = (h: HeapView, at: number): number => h.mem.load64(at + 8);
export const previousOf = (h: HeapView, at: number): number => h.mem.load64(at + 16);

/** Makes a block free: in front of the list of its order. */
export function push(h: DesignHeap, at: number, order: number): void {
  const first = firstOf(h, order);
  setHeader(h, at, order, false);
  h.mem.store64(at + 8, first);
  h.mem.store64(at + 16, 0);
  if (first !== 0) h.mem.store64(first + 16, at);
  h.mem.store64(headAt(h, order), at);
}

/** Takes a free block out of the list of its order. */
export function remove(h: DesignHeap, at: number, order: number): void {
  const next = nextOf(h, at);
  const previous = previousOf(h, at);
  if (previous === 0) h.mem.store64(headAt(h, order), next);
  else h.mem.store64(previous + 8, next);
  if (next !== 0) h.mem.store64(next + 16, previous);
}
