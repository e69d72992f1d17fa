import { PAGE_SIZE } from '../base/units.ts';

/** 2^64: a negative length of the console is a huge unsigned one to the kernel. */
const WRAP = 2 ** 64;

/**
 * A length rounded up to whole pages as 64-bit arithmetic does it: the last few bytes below 2^64 round up to 0.
 * Source: Linux PAGE_ALIGN.
 * @param length bytes; negative stands for 2^64 + length
 */
export function roundedPages(length: number): number {
  const pages = Math.ceil(length / PAGE_SIZE) + 0;
  return length >= 0 || pages === 0 ? pages : WRAP / PAGE_SIZE + pages;
}

/**
 * Where a range of bytes ends.
 * @param address bytes, a multiple of the page size
 * @param length bytes; negative stands for 2^64 + length
 * @returns the page behind the range, or null when the sum passes 2^64
 */
export function endPageOf(address: number, length: number): number | null {
  const pages = roundedPages(length);
  const end = address / PAGE_SIZE + pages;
  // Subtracted, not compared with 2^52: a double near 2^52 pages is exact, the sum behind it may not be.
  return length < 0 && pages > 0 && address / PAGE_SIZE + Math.ceil(length / PAGE_SIZE) >= 0 ? null : end;
}
