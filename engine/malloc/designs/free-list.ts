import { NULL, type HeapView } from '../heap.ts';
import { loopIn } from '../stop.ts';
import { above, below, isUsed, isUsedBelow, MIN_BLOCK, TAG_BYTES } from './boundary-tags.ts';
import type { DesignHeap } from './design.ts';

/**
 * The explicit list of free blocks in order of their addresses, linked both ways through the blocks themselves. Its head
 * looks like a block, so that no link is ever NULL.
 */

/** Words of an explicit-list allocator's own state, from its arena. */
export const LIST = {
  head: 0, // as a block: a word unused, then fd and bk
  rover: 24, // where next fit goes on; the head at the start
  start: 32, // the heap's first byte; 0 before there is one
  end: 40, // behind its last byte
} as const;

const FD = TAG_BYTES;
const BK = TAG_BYTES + 8;

export const headOf = (h: HeapView): number => h.arena + LIST.head;
export const nextFree = (h: HeapView, at: number): number => h.mem.load64(at + FD);
export const previousFree = (h: HeapView, at: number): number => h.mem.load64(at + BK);

export function link(h: DesignHeap, before: number, behind: number): void {
  h.mem.store64(before + FD, behind);
  h.mem.store64(behind + BK, before);
}

export function insertBetween(h: DesignHeap, before: number, at: number, behind: number): void {
  link(h, before, at);
  link(h, at, behind);
}

/** Takes a block out; the rover goes on to the one behind it. */
export function unlink(h: DesignHeap, at: number): void {
  const behind = nextFree(h, at);
  link(h, previousFree(h, at), behind);
  if (h.mem.load64(h.arena + LIST.rover) === at) h.mem.store64(h.arena + LIST.rover, behind);
}

/** Puts one block in the place of another, the rover too. */
export function replace(h: DesignHeap, old: number, at: number): void {
  const before = previousFree(h, old);
  const behind = nextFree(h, old);
  insertBetween(h, before, at, behind);
  if (h.mem.load64(h.arena + LIST.rover) === old) h.mem.store64(h.arena + LIST.rover, at);
}

/**
 * Puts a block in the order of addresses. Both ways from the block at once, tag by tag, until a free one or an end of the
 * heap is met: as far as the nearest free block, however long the list is.
 */
export function insert(h: DesignHeap, at: number): void {
  const head = headOf(h);
  const start = h.mem.load64(h.arena + LIST.start) + TAG_BYTES;
  const end = h.mem.load64(h.arena + LIST.end) - TAG_BYTES;
  let down = at;
  let up = above(h, at);
  for (let left = heapBlocks(h); left >= 0; left--) {
    if (up >= end) return insertBetween(h, previousFree(h, head), at, head);
    if (!isUsed(h, up)) return insertBetween(h, previousFree(h, up), at, up);
    up = above(h, up);
    if (down <= start) return insertBetween(h, head, at, nextFree(h, head));
    const free = !isUsedBelow(h, down);
    down = below(h, down);
    if (free) return insertBetween(h, down, at, nextFree(h, down));
  }
  return loopIn('heap');
}

/** How many blocks the heap has room for: a bound of every walk. */
export function heapBlocks(h: HeapView): number {
  const start = h.mem.load64(h.arena + LIST.start);
  return start === NULL ? 0 : Math.floor((h.mem.load64(h.arena + LIST.end) - start) / MIN_BLOCK);
}
