/**
 * Where a small program's memory lies without ASLR: the heap behind its data, the C library below the stack, mappings
 * below the library, and a hole that the loader left above it. Taken from a real process.
 */
export const FLAT_LAYOUT = {
  heap: 0x555555573000,
  /** Where the program's own data begin; the heap follows them. */
  program: 0x55555555a000,
  arena: 0x7ffff7fa7c60,
  /** [start, end) of the library's pages; mappings go below. */
  library: [0x7ffff7dd1000, 0x7ffff7fb6000],
  loader: [0x7ffff7fc0000, 0x7ffffffff000],
} as const;

/** First addresses of heap and libraries; both differ a little from machine to machine. */
export interface FlatPlace {
  readonly heap: number;
  readonly library: number;
}
