import { NULL } from '../heap.ts';
import { FAILED } from '../memory.ts';
import { alignUp } from '../word.ts';
import {
  buddyOf,
  firstOf,
  FIRST_ORDER,
  HEADER_BYTES,
  isUsed,
  MAX_ORDER,
  MAX_POOLS,
  MIN_ORDER,
  orderAt,
  poolAt,
  poolCount,
  poolOf,
  push,
  remove,
  setHeader,
  setPool,
  type Pool,
} from './buddy-pool.ts';
import { badPointer, blockAllocator, type DesignCalls } from './calls.ts';
import { ALIGNMENT, type BlockAllocator, type DesignHeap } from './design.ts';

/** Powers of two: a request is rounded up to one, so that up to half of a block is lost inside. */
export function buddyAllocator(h: DesignHeap): BlockAllocator {
  const calls: DesignCalls = {
    allocate(bytes) {
      const order = orderFor(bytes);
      if (order > MAX_ORDER) return NULL;
      const at = reserve(h, order);
      return at === NULL ? NULL : at + HEADER_BYTES;
    },
    release(block) {
      const at = usedBlock(h, block, 'free()');
      h.watcher?.step('give', at, 2 ** orderAt(h, at));
      giveBack(h, poolOf(h, at)!, at, orderAt(h, at));
    },
    resize: (block, bytes) => shrink(h, usedBlock(h, block, 'realloc()'), orderFor(bytes)),
    usableSize: (block) => 2 ** orderAt(h, usedBlock(h, block, 'malloc_usable_size()')) - HEADER_BYTES,
  };
  return blockAllocator(h, calls);
}

const orderFor = (bytes: number): number => Math.max(MIN_ORDER, Math.ceil(Math.log2(bytes + HEADER_BYTES)));

function usedBlock(h: DesignHeap, block: number, call: string): number {
  const at = block - HEADER_BYTES;
  const pool = block % ALIGNMENT === 0 ? poolOf(h, at) : null;
  if (pool === null || !isUsed(h, at)) return badPointer(call);
  const order = orderAt(h, at);
  if (order < MIN_ORDER || order > pool.order || (at - pool.start) % 2 ** order !== 0) badPointer(call);
  return at;
}

/** A free block of that order, split off a larger one if need be. Knuth 2.5, Algorithm R. @returns NULL when refused */
function reserve(h: DesignHeap, order: number): number {
  let from = order;
  while (from <= MAX_ORDER && firstOf(h, from) === NULL) from++;
  if (from > MAX_ORDER) return grow(h, order) ? reserve(h, order) : NULL;
  const at = firstOf(h, from);
  h.watcher?.step('look', at, 2 ** from);
  remove(h, at, from);
  splitTo(h, at, from, order);
  setHeader(h, at, order, true);
  h.watcher?.step('take', at, 2 ** order);
  return at;
}

/** Halves a block until it has the order wanted; the upper halves become free. */
function splitTo(h: DesignHeap, at: number, from: number, to: number): void {
  for (let order = from - 1; order >= to; order--) {
    push(h, at + 2 ** order, order);
    h.watcher?.step('split', at + 2 ** order, 2 ** order);
  }
}

/** Joins a block with its buddy as long as that is free and whole. Knuth 2.5, Algorithm S. */
function giveBack(h: DesignHeap, pool: Pool, at: number, order: number): void {
  let start = at;
  let to = order;
  for (; to < pool.order && h.neverJoins !== true; to++) {
    const buddy = buddyOf(pool, start, to);
    if (isUsed(h, buddy) || orderAt(h, buddy) !== to) break;
    h.watcher?.step('merge', buddy, 2 ** to);
    remove(h, buddy, to);
    start = Math.min(start, buddy);
  }
  push(h, start, to);
}

/** Gives the upper halves back that a smaller block does not need. @returns false when it would have to grow */
function shrink(h: DesignHeap, at: number, order: number): boolean {
  const has = orderAt(h, at);
  if (order > has) return false;
  splitTo(h, at, has, order);
  setHeader(h, at, order, true);
  return true;
}

/** As much again as the last pool has, or what the request needs, or less if the system refuses. */
function grow(h: DesignHeap, order: number): boolean {
  const last = poolCount(h) === 0 ? null : poolAt(h, poolCount(h) - 1);
  for (let wanted = Math.max(order, last?.order ?? FIRST_ORDER); wanted >= order; wanted--) {
    // An end that is not aligned costs up to 16 bytes, and the first header lies 8 behind an aligned address.
    const end = h.mem.sbrk(0);
    const start = alignUp(end + HEADER_BYTES, ALIGNMENT) - HEADER_BYTES;
    const doubles = last !== null && start === last.start + 2 ** last.order && wanted === last.order;
    if (!doubles && poolCount(h) === MAX_POOLS) return false;
    if (h.mem.sbrk(start + 2 ** wanted - end) === FAILED) continue;
    h.watcher?.step('grow', start, 2 ** wanted);
    addFree(h, start, wanted, doubles ? last : null);
    return true;
  }
  return false;
}

/** A pool twice as large when the new half lies right behind the old one, else one more. */
function addFree(h: DesignHeap, start: number, order: number, doubled: Pool | null): void {
  const pool = doubled === null ? { start, order } : { start: doubled.start, order: order + 1 };
  setPool(h, doubled === null ? poolCount(h) : poolCount(h) - 1, pool);
  giveBack(h, pool, start, order);
}
