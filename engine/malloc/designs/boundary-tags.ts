import type { HeapView } from '../heap.ts';
import { alignUp } from '../word.ts';
import { ALIGNMENT, type DesignHeap } from './design.ts';

/**
 * Boundary tags: the same word, size and state, at both ends of every block, so that either neighbour is one load away.
 * A free block holds two links behind its first tag. Source: Knuth, The Art of Computer Programming 1, 2.5, Algorithm C.
 *
 *     tag | fd | bk |  …  | tag        16 n bytes; the tag lies 8 below an address that is aligned to 16
 */

export const TAG_BYTES = 8;
/** Two tags and two links. */
export const MIN_BLOCK = 32;

/** Low bits of a tag. */
export const TAG = {
  used: 1, // set while a program has it, cleared when it is given back
  foreign: 2, // set with `used` on what someone else got of the break
} as const;

/** Bytes of the block whose first tag lies there. */
export const sizeAt = (h: HeapView, at: number): number => {
  const tag = h.mem.load64(at);
  return tag - (h.mem.load32(at) & (ALIGNMENT - 1));
};
export const isUsed = (h: HeapView, at: number): boolean => (h.mem.load32(at) & TAG.used) !== 0;
export const isForeign = (h: HeapView, at: number): boolean => (h.mem.load32(at) & TAG.foreign) !== 0;

/** Writes both tags. */
export function setTags(h: DesignHeap, at: number, bytes: number, flags: number): void {
  h.mem.store64(at, bytes + flags);
  h.mem.store64(at + bytes - TAG_BYTES, bytes + flags);
}

/** First tag of the block behind. */
export const above = (h: HeapView, at: number): number => at + sizeAt(h, at);
/** First tag of the block before; of the one at the heap's start the mark before it. */
export const below = (h: HeapView, at: number): number => at - Math.max(TAG_BYTES, sizeAt(h, at - TAG_BYTES));
export const isUsedBelow = (h: HeapView, at: number): boolean => isUsed(h, at - TAG_BYTES);

/** The program's pointer, and back. */
export const blockOf = (at: number): number => at + TAG_BYTES;
export const tagOf = (block: number): number => block - TAG_BYTES;

/** Bytes of the block that a request gets. */
export const blockBytesFor = (bytes: number): number => Math.max(MIN_BLOCK, alignUp(bytes + 2 * TAG_BYTES, ALIGNMENT));
