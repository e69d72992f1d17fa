/** Which bin a chunk size belongs to. glibc 2.36 malloc/malloc.c smallbin_index, largebin_index_64, fastbin_index. */

/** First chunk size of the large bins. */
export const MIN_LARGE = 1024;

/** Below 1,024 bytes every size has a bin of its own. `size` unsigned. */
export const smallBinRange = (size: number): boolean => size < MIN_LARGE;

/** Large bins get wider: [shift of the size, largest shifted size of this width, number of its first bin − …]. */
const WIDTHS = [
  [2 ** 6, 48, 48],
  [2 ** 9, 20, 91],
  [2 ** 12, 10, 110],
  [2 ** 15, 4, 119],
  [2 ** 18, 2, 124],
] as const;
const LAST_BIN = 126;

/** Number of the bin for an unsigned chunk size. */
export function binIndex(size: number): number {
  if (smallBinRange(size)) return Math.floor(size / 16);
  for (const [width, last, base] of WIDTHS) {
    const shifted = Math.floor(size / width);
    if (shifted <= last) return base + shifted;
  }
  return LAST_BIN;
}

/** Number of the fastbin; `size` is the low 32 bits of a chunk size, and 0 and 16 give the huge number C does. */
export const fastbinIndex = (size: number): number => ((size >>> 4) - 2) >>> 0;

/** Number of the tcache bin for an unsigned chunk size, 0 for 32. glibc: csize2tidx. */
export const tcacheIndex = (size: number): number => Math.floor((size - 32 + 15) / 16);
