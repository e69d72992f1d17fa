import type { DesignName } from './library-calls.ts';

/** A heap as the window shows it: bricks in the order of their addresses, and the lists that free chunks wait in. */

/** States of a chunk. Source of the words: chunk.machine; other allocators than glibc's know `free` alone. */
export type BrickState = 'top' | 'inUse' | 'tcache' | 'fast' | 'unsorted' | 'small' | 'large' | 'mapped' | 'free';

/** A chunk, or a run of neighbours in one state that nobody has a name for. Bytes. */
export interface Brick {
  /** Of the header. */
  readonly address: number;
  /** Of all chunks of the run. */
  readonly size: number;
  readonly chunks: number;
  readonly state: BrickState;
  /** Pointers to its block; those that dangle are in the lists of `dangling`. */
  readonly names: readonly string[];
  readonly dangling: readonly string[];
  /** What the program asked for and may use; null where no block is. */
  readonly asked: number | null;
  readonly usable: number | null;
  /** The allocator's own: the cache's block, tags at the ends, a directory elsewhere. */
  readonly own: boolean;
  /** The last one that keeps the break where it is, while something below it is free. */
  readonly pins: boolean;
  /** The step just done moved it to another state, gave it out or took it back. */
  readonly fresh: boolean;
  /** Virtual page of its header. */
  readonly page: number;
}

/** A list of free chunks, first the one that is taken first. */
export interface FreeList {
  /** `tcache 32`, `unsorted`, `large bin` */
  readonly title: string;
  readonly chunks: readonly { readonly address: number; readonly size: number; readonly fresh: boolean }[];
  /** Chunks beyond those. */
  readonly more: number;
  /** It goes round, or leaves the heap: somebody wrote into freed memory. */
  readonly broken: boolean;
}

/** Everything the heap's picture shows. Bytes. */
export interface HeapLook {
  readonly pid: number;
  readonly design: DesignName;
  /** First byte that the allocator got from the break, and the break. */
  readonly start: number;
  readonly end: number;
  readonly inUse: number;
  readonly cached: number;
  readonly binned: number;
  readonly top: number;
  readonly largestFree: number;
  readonly pinned: number;
  readonly asked: number;
  readonly usable: number;
  readonly blocks: number;
  readonly mapped: number;
  /** Lost inside of blocks and between them, got from the system now and at most, and in how many calls. */
  readonly internal: number;
  readonly external: number;
  readonly held: number;
  readonly peak: number;
  readonly systemCalls: number;
  readonly bricks: readonly Brick[];
  readonly lists: readonly FreeList[];
}
