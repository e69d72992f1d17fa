import { NULL } from '../heap.ts';
import { FAILED } from '../memory.ts';
import { alignUp } from '../word.ts';
import {
  above,
  below,
  blockBytesFor,
  blockOf,
  isUsed,
  isUsedBelow,
  MIN_BLOCK,
  setTags,
  sizeAt,
  TAG,
  TAG_BYTES,
  tagOf,
} from './boundary-tags.ts';
import { badPointer, blockAllocator, type DesignCalls } from './calls.ts';
import { ALIGNMENT, GROWTH_BYTES, type BlockAllocator, type DesignHeap } from './design.ts';
import { headOf, insert, link, LIST, nextFree, replace, unlink } from './free-list.ts';
import type { Placement } from './placement.ts';

/**
 * Boundary tags and one list of free blocks, with a rule of placement. Nothing is given back to the system. The heap
 * begins with a tag and ends with one, both used and of no size, so that no block has to ask whether it is the last.
 */
export function listAllocator(h: DesignHeap, place: Placement): BlockAllocator {
  const calls: DesignCalls = {
    allocate(bytes) {
      const size = blockBytesFor(bytes);
      if (h.mem.load64(headOf(h) + TAG_BYTES) === NULL) setUp(h);
      let at = place(h, size);
      if (at === NULL) at = grow(h, size);
      return at === NULL ? NULL : blockOf(take(h, at, size));
    },
    release(block) {
      const at = usedTag(h, block, 'free()');
      h.watcher?.step('give', at, sizeAt(h, at));
      giveBack(h, at, sizeAt(h, at));
    },
    resize: (block, bytes) => resize(h, usedTag(h, block, 'realloc()'), blockBytesFor(bytes)),
    usableSize: (block) => sizeAt(h, usedTag(h, block, 'malloc_usable_size()')) - 2 * TAG_BYTES,
  };
  return blockAllocator(h, calls);
}

function setUp(h: DesignHeap): void {
  link(h, headOf(h), headOf(h));
  h.mem.store64(h.arena + LIST.rover, headOf(h));
}

/** Both tags must say the same, and that the block is used. */
function usedTag(h: DesignHeap, block: number, call: string): number {
  const at = tagOf(block);
  const inside = block % ALIGNMENT === 0 && at > h.mem.load64(h.arena + LIST.start) && at < endTag(h);
  if (!inside || !isUsed(h, at) || above(h, at) > endTag(h)) badPointer(call);
  if (h.mem.load64(above(h, at) - TAG_BYTES) !== h.mem.load64(at)) badPointer(call);
  return at;
}

const endTag = (h: DesignHeap): number => h.mem.load64(h.arena + LIST.end) - TAG_BYTES;

/** Takes a free block's low end; a rest that can hold a block stays free in its place in the list. */
function take(h: DesignHeap, at: number, bytes: number): number {
  const size = sizeAt(h, at);
  const rest = at + bytes;
  if (size - bytes >= MIN_BLOCK) {
    setTags(h, rest, size - bytes, 0);
    replace(h, at, rest);
    h.mem.store64(h.arena + LIST.rover, rest);
    h.watcher?.step('split', rest, size - bytes);
  } else {
    h.mem.store64(h.arena + LIST.rover, nextFree(h, at));
    unlink(h, at);
  }
  const taken = size - bytes >= MIN_BLOCK ? bytes : size;
  setTags(h, at, taken, TAG.used);
  h.watcher?.step('take', at, taken);
  return at;
}

/** Makes a stretch free and joins it with free neighbours. Knuth 2.5, Algorithm C. @returns the free block */
function giveBack(h: DesignHeap, at: number, bytes: number): number {
  let start = at;
  let size = bytes;
  const up = at + bytes;
  const joins = h.neverJoins !== true;
  const joinsUp = joins && !isUsed(h, up);
  const joinsDown = joins && !isUsedBelow(h, at);
  if (joinsUp) {
    h.watcher?.step('merge', up, sizeAt(h, up));
    size += sizeAt(h, up);
  }
  if (joinsDown) {
    start = below(h, at);
    h.watcher?.step('merge', start, sizeAt(h, start));
    size += sizeAt(h, start);
  }
  if (joinsUp && joinsDown) {
    if (h.mem.load64(h.arena + LIST.rover) === up) h.mem.store64(h.arena + LIST.rover, start);
    unlink(h, up);
  } else if (joinsUp) {
    replace(h, up, start);
  }
  setTags(h, start, size, 0);
  if (!joinsUp && !joinsDown) insert(h, start);
  return start;
}

/** In place: the tail of a block becomes free, or the free neighbour behind it is taken in. */
function resize(h: DesignHeap, at: number, bytes: number): boolean {
  const up = above(h, at);
  let size = sizeAt(h, at);
  if (size < bytes) {
    if (isUsed(h, up) || size + sizeAt(h, up) < bytes) return false;
    h.watcher?.step('merge', up, sizeAt(h, up));
    size += sizeAt(h, up);
    unlink(h, up);
  }
  const keeps = size - bytes >= MIN_BLOCK ? bytes : size;
  setTags(h, at, keeps, TAG.used);
  if (keeps < size) {
    h.watcher?.step('split', at + keeps, size - keeps);
    giveBack(h, at + keeps, size - keeps);
  }
  return true;
}

/** Asks the system for more. @returns a free block that is large enough, or NULL */
function grow(h: DesignHeap, bytes: number): number {
  const oldEnd = h.mem.load64(h.arena + LIST.end);
  const least = bytes + 3 * ALIGNMENT; // the tags at the ends, and the break may be at any byte
  let wanted = alignUp(least, GROWTH_BYTES);
  let got = h.mem.sbrk(wanted);
  if (got === FAILED) {
    wanted = least;
    got = h.mem.sbrk(wanted);
  }
  if (got === FAILED || got < oldEnd) return NULL;
  h.watcher?.step('grow', got, wanted);
  const end = Math.floor((got + wanted) / ALIGNMENT) * ALIGNMENT;
  h.mem.store64(h.arena + LIST.end, end);
  h.mem.store64(end - TAG_BYTES, TAG.used);
  if (oldEnd === got) return giveBack(h, oldEnd - TAG_BYTES, end - oldEnd);
  const start = alignUp(got, ALIGNMENT);
  if (oldEnd === 0) {
    h.mem.store64(h.arena + LIST.start, start);
    h.mem.store64(start, TAG.used);
  } else {
    // Someone else moved the break: what lies between stands as a block that is never given back.
    setTags(h, oldEnd - TAG_BYTES, start + 2 * TAG_BYTES - oldEnd, TAG.used | TAG.foreign);
  }
  return giveBack(h, start + TAG_BYTES, end - start - 2 * TAG_BYTES);
}
