import { PAGE_SIZE } from '../base/units.ts';

/** 2^64: a negative length of the console is a huge unsigned one to the kernel. */
const WRAP = 2 ** 64;

/**
 * Where a range of bytes ends, in whole pages.
 * @param address bytes, at least 0
 * @param length bytes; negative stands for 2^64 + length
 * @returns the page behind the range, or null when rounding up the length or the sum passes 2^64
 */
export function endPageOf(address: number, length: number): number | null {
  if (length >= 0) return Math.ceil((address + length) / PAGE_SIZE);
  const rounded = Math.ceil(length / PAGE_SIZE) * PAGE_SIZE;
  // Rounded to 2^64 or wrapping with the address: both are at or behind the address in no useful way.
  if (rounded >= 0 || address + rounded >= 0) return null;
  return (WRAP + address + rounded) / PAGE_SIZE;
}
