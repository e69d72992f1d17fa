/** Calls of the C library's allocator as commands, and what they give back. */

/** Parameters of mallopt(3) by their names in malloc.h, without the M_. */
export const MALLOPT_NAMES = [
  'mxfast',
  'trim_threshold',
  'top_pad',
  'mmap_threshold',
  'mmap_max',
  'check_action',
  'perturb',
  'arena_test',
  'arena_max',
] as const;
export type MalloptName = (typeof MALLOPT_NAMES)[number];

/** Ways to build an allocator: glibc's, and others to compare it with. */
export const DESIGN_NAMES = ['glibc', 'first', 'best', 'worst', 'next', 'bitmap', 'buddy'] as const;
export type DesignName = (typeof DESIGN_NAMES)[number];

/** What each is called in a sentence, and what it is. */
export const DESIGN_WORDS: Readonly<Record<DesignName, readonly [name: string, what: string]>> = {
  glibc: ['glibc’s', 'caches, bins and one top'],
  first: ['first fit', 'the first free block that is large enough'],
  best: ['best fit', 'the smallest free block that is large enough'],
  worst: ['worst fit', 'the largest free block'],
  next: ['next fit', 'the first that is large enough from where the last search ended'],
  bitmap: ['a bitmap', 'a directory apart from the blocks, two bits for every 16 bytes'],
  buddy: ['buddies', 'powers of two, which split in halves and join again'],
};

/**
 * What a program does with its heap. Names stand for pointers, each process having its own. Numbers are 64-bit words:
 * from 2^63 on the negative number that C would print.
 */
export type LibraryCall =
  | { readonly op: 'malloc' | 'valloc'; readonly name: string; readonly bytes: number }
  | { readonly op: 'calloc'; readonly name: string; readonly count: number; readonly bytes: number }
  /** `target` gets the pointer that comes back; the old name stays what it was. */
  | { readonly op: 'realloc'; readonly name: string; readonly bytes: number; readonly target: string }
  | {
      readonly op: 'reallocarray';
      readonly name: string;
      readonly count: number;
      readonly bytes: number;
      readonly target: string;
    }
  | {
      readonly op: 'memalign' | 'aligned_alloc' | 'posix_memalign';
      readonly name: string;
      readonly alignment: number;
      readonly bytes: number;
    }
  /** `shift` bytes are added to the pointer first, which no program should do. */
  | { readonly op: 'free'; readonly name: string; readonly shift: number }
  /** show: where the block is; prev: the word in front of its header; null: the name stands for NULL from now on. */
  | { readonly op: 'show' | 'usable' | 'prev' | 'null'; readonly name: string }
  /** The program stores the pointer `target` into the block, `shift` bytes behind its start. */
  | { readonly op: 'store'; readonly name: string; readonly shift: number; readonly target: string }
  /** The program stores one byte many times, from the pointer on. */
  | { readonly op: 'fill'; readonly name: string; readonly byte: number; readonly count: number }
  /** A word of the block, by its index. */
  | { readonly op: 'raw'; readonly name: string; readonly index: number }
  /** A C int. */
  | { readonly op: 'mallopt'; readonly parameter: MalloptName; readonly value: number }
  | { readonly op: 'trim'; readonly pad: number }
  | {
      readonly op: 'loop';
      readonly action: 'malloc' | 'free';
      /** The names are PREFIX0, PREFIX1 …. */
      readonly prefix: string;
      readonly count: number;
      readonly bytes: number;
    }
  | { readonly op: 'mallinfo' | 'malloc_stats' };
export type LibraryOp = LibraryCall['op'];

/** In the order of the help. */
export const LIBRARY_OPS = [
  'malloc', 'free', 'calloc', 'realloc', 'reallocarray', 'memalign', 'aligned_alloc', 'posix_memalign', 'valloc',
  'usable', 'show', 'null', 'store', 'fill', 'raw', 'prev', 'loop', 'mallopt', 'trim', 'mallinfo', 'malloc_stats',
] as const satisfies readonly LibraryOp[]; // prettier-ignore

/** Calls that glibc alone has. */
export const GLIBC_CALLS: readonly LibraryOp[] = [
  'reallocarray', 'memalign', 'aligned_alloc', 'posix_memalign', 'valloc', 'mallopt', 'trim', 'mallinfo',
  'malloc_stats',
]; // prettier-ignore

export const isLibraryCall = <C extends { readonly op: string }>(
  command: C,
): command is Extract<C, { readonly op: LibraryOp }> => (LIBRARY_OPS as readonly string[]).includes(command.op);

export const loopNames = ({ prefix, count }: { readonly prefix: string; readonly count: number }): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}`);

/** A block as the program gets it. Bytes. */
export interface BlockView {
  /** From the place where the heap began; null for a mapping of its own. */
  readonly at: number | null;
  /** Of a mapping: the offset in its page. */
  readonly pageOffset: number;
  readonly usable: number;
  readonly chunkSize: number;
  /** Letters of P (the chunk before is in use), M (mapped), A (a thread's arena). */
  readonly flags: string;
}

/** What a call of the library adds to a command's result. */
export interface LibraryResult {
  /** The block that came back; null for NULL; absent where none is asked for. */
  readonly block?: BlockView | null;
  /** realloc: the block is elsewhere now. */
  readonly moved?: boolean;
  /** calloc: all of it reads as zero. */
  readonly zero?: boolean;
  /** A number that came back. */
  readonly value?: number;
  /** A word of 64 bits as 0x…. */
  readonly word?: string;
  /**
   * Of a freed block's first word: where that link leads once it is decoded, `heap+704`, `end` for the last of a list,
   * `outside` where that is no place of the heap.
   */
  readonly link?: string;
  /** mallinfo2, by the names of its members. */
  readonly info?: Readonly<Record<string, number>>;
  /** What the library wrote to standard error: statistics, or why it gave up. */
  readonly text?: string;
}
