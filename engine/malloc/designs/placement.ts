import { NULL } from '../heap.ts';
import { loopIn } from '../stop.ts';
import { sizeAt } from './boundary-tags.ts';
import type { DesignHeap } from './design.ts';
import { headOf, heapBlocks, LIST, nextFree } from './free-list.ts';

/** Which free block a request gets. Each may look at every free block: a list is linear by design. */
export type Placement = (h: DesignHeap, bytes: number) => number;

/** Visits free blocks from one on, once round, until `visit` says that it is enough. */
function goRound(h: DesignHeap, from: number, visit: (at: number, size: number) => boolean): void {
  const head = headOf(h);
  let at = from;
  for (let left = heapBlocks(h) + 1; left >= 0; left--) {
    if (at !== head) {
      const size = sizeAt(h, at);
      h.watcher?.step('look', at, size);
      if (visit(at, size)) return;
    }
    at = nextFree(h, at);
    if (at === from) return;
  }
  loopIn('free list');
}

/** The lowest that is large enough. Knuth 2.5, Algorithm A. */
export const firstFit: Placement = (h, bytes) => {
  let found = NULL;
  goRound(h, nextFree(h, headOf(h)), (at, size) => {
    if (size >= bytes) found = at;
    return found !== NULL;
  });
  return found;
};

/** The smallest that is large enough, the lowest of several; one that fits exactly ends the search. */
export const bestFit: Placement = (h, bytes) => {
  let found = NULL;
  let least = Infinity;
  goRound(h, nextFree(h, headOf(h)), (at, size) => {
    if (size >= bytes && size < least) {
      found = at;
      least = size;
    }
    return size === bytes;
  });
  return found;
};

/** The largest, the lowest of several. */
export const worstFit: Placement = (h, bytes) => {
  let found = NULL;
  let most = bytes - 1;
  goRound(h, nextFree(h, headOf(h)), (at, size) => {
    if (size > most) {
      found = at;
      most = size;
    }
    return false;
  });
  return found;
};

/** The first that is large enough from where the last search ended. Kernighan and Ritchie 8.7; Knuth 2.5, exercise 6. */
export const nextFit: Placement = (h, bytes) => {
  let found = NULL;
  goRound(h, h.mem.load64(h.arena + LIST.rover), (at, size) => {
    if (size >= bytes) found = at;
    return found !== NULL;
  });
  return found;
};
