import type { MalloptName } from '../../malloc/index.ts';

/**
 * One line of a malloc script. Numbers are 64-bit words: from 2^63 on the negative number that C would print. Names
 * stand for pointers.
 */
export type MallocCommand =
  | { readonly op: 'malloc'; readonly name: string; readonly bytes: number }
  | { readonly op: 'calloc'; readonly name: string; readonly count: number; readonly bytes: number }
  | { readonly op: 'realloc'; readonly name: string; readonly bytes: number; readonly target: string }
  | {
      readonly op: 'memalign' | 'aligned_alloc' | 'posix_memalign';
      readonly name: string;
      readonly alignment: number;
      readonly bytes: number;
    }
  | { readonly op: 'free'; readonly name: string; readonly offset: number }
  | { readonly op: 'show' | 'usable' | 'prev'; readonly name: string }
  | { readonly op: 'fill'; readonly name: string; readonly byte: number; readonly count: number }
  | { readonly op: 'poke'; readonly name: string; readonly offset: number; readonly byte: number }
  | { readonly op: 'bytes'; readonly name: string; readonly offset: number; readonly count: number }
  /** A word of the block, by its index. */
  | { readonly op: 'raw'; readonly name: string; readonly index: number }
  /** A C int. */
  | { readonly op: 'mallopt'; readonly parameter: MalloptName; readonly value: number }
  | { readonly op: 'trim'; readonly pad: number }
  | {
      readonly op: 'loop';
      readonly action: 'malloc' | 'free';
      readonly names: readonly string[];
      readonly bytes: number;
    }
  | { readonly op: 'state' }
  /** Whether lines end with break and mallinfo2 from now on. */
  | { readonly op: 'stats'; readonly on: boolean };
