import type { HeapView } from '../heap.ts';
import type { MallocMemory } from '../memory.ts';

/**
 * Ways to build an allocator, side by side with glibc's. They work on the same memory interface and keep everything that
 * lasts (list heads, the rover, tags, links, bitmap) as bytes behind it, so that walking a list touches pages, and a
 * child of fork has a heap of its own.
 */

export { DESIGN_NAMES, type DesignName } from '../../protocol/library-calls.ts';

/** The calls that every design answers. Sizes are 64-bit words, blocks are addresses, 0 is NULL. */
export interface BlockAllocator {
  malloc(bytes: number): number;
  free(block: number): void;
  calloc(n: number, size: number): number;
  realloc(block: number, bytes: number): number;
  /** Bytes that the program may use of a block. */
  usableSize(block: number): number;
}

/** What a design did on its way, with what a and b stand for. Never needed for the result. */
export type DesignStep =
  | 'look' // free block or bitmap word looked at, its bytes
  | 'take' // block, its bytes
  | 'split' // rest that stays free, its bytes
  | 'give' // block given back, its bytes
  | 'merge' // free neighbour that is joined in, its bytes
  | 'grow'; // address, bytes got from the system

export interface DesignWatcher {
  step(step: DesignStep, a: number, b: number): void;
}

/** One allocator at work: the way to its memory, and where in it its own state lies. */
export interface DesignHeap extends HeapView {
  readonly mem: MallocMemory;
  readonly watcher: DesignWatcher | null;
  /** A rule that tests switch off: free blocks stay as they are. */
  readonly neverJoins?: boolean;
}

/** A piece of the heap, in use, free, or neither: tags at the ends, a directory, what somebody else got of the break. */
export interface Stretch {
  readonly address: number;
  /** All of it, tags included. */
  readonly bytes: number;
  readonly state: 'used' | 'free' | 'own' | 'foreign';
  /** What a program got or would get for its pointer; 0 where there is none. */
  readonly block: number;
}

/** A block in use: where its bookkeeping begins, all of it, and what the program may use. */
export interface BlockLook {
  readonly address: number;
  readonly bytes: number;
  readonly usable: number;
}

/** Free blocks in the order of a list, first the one that is tried first. Addresses of their first bytes. */
export interface FreeListLook {
  readonly title: string;
  readonly blocks: readonly number[];
  /** It goes round, or leads out of the heap. */
  readonly broken: boolean;
}

/** What is where in a heap of a design, by looking alone. */
export interface DesignLook {
  /** All that it has from the system, in order of addresses, without gaps inside one region. */
  walk(h: HeapView): Stretch[];
  /** [start, end) of the heap's stretches; both 0 while there are none. */
  extent(h: HeapView): { readonly start: number; readonly end: number };
  /** The block in use that a pointer leads to, or null. */
  blockAt(h: HeapView, block: number): BlockLook | null;
  lists(h: HeapView): FreeListLook[];
  /** Bytes of a stretch that are the allocator's: at its start in use and free, and at its end. */
  readonly tags: { readonly used: number; readonly free: number; readonly end: number };
}

/** The parts of one design. */
export interface Design {
  /** The object may be made anew at any time. @param h `arena` is the address of zeroed bytes, aligned to 16 */
  make(h: DesignHeap): BlockAllocator;
  /** All that it has from the system, in order of addresses, without gaps inside one region; by looking alone. */
  walk(h: HeapView): Stretch[];
  /** Rules of a heap in order. @returns one sentence for each that does not hold; by looking alone */
  check(h: HeapView): string[];
}

/** Bytes of state that a design may keep at its arena. */
export const DESIGN_STATE_BYTES = 1024;

/** Every block starts at such an address. */
export const ALIGNMENT = 16;
/** Least that is asked of the system at a time. Kernighan and Ritchie's NALLOC, 1,024 units of 16 bytes. */
export const GROWTH_BYTES = 1024 * ALIGNMENT;
/** Largest request: PTRDIFF_MAX and more cannot be held by any process. */
export const MAX_REQUEST = 2 ** 47;
