import type { LibraryCall } from '../../protocol/library-calls.ts';

/** One line of a malloc script: a call, a look at bytes, or how much is printed. */
export type MallocCommand =
  | LibraryCall
  | { readonly op: 'poke'; readonly name: string; readonly offset: number; readonly byte: number }
  | { readonly op: 'bytes'; readonly name: string; readonly offset: number; readonly count: number }
  | { readonly op: 'state' }
  /** Whether lines end with break and mallinfo2 from now on. */
  | { readonly op: 'stats'; readonly on: boolean };
