import type { Errno } from '../base/errno.ts';

/** What sbrk, mmap and mremap return when the system refuses. */
export const FAILED = -1;

/** Loads alone, for whoever only looks. Addresses in bytes; any alignment. */
export interface WordReader {
  load8(address: number): number;
  load16(address: number): number;
  /** Unsigned. */
  load32(address: number): number;
  /**
   * A 64-bit word as a signed number: exact while its distance from zero is below 2^53, else the nearest double. Sizes
   * and addresses of a heap in order are exact; of a word that a program has overwritten take the bits with `load32`.
   */
  load64(address: number): number;
}

/**
 * All that the allocator knows of the process it works in. Headers, links and footers are bytes behind it, so walking a
 * list touches pages. An access that the process may not make throws `AllocatorStop`; see stop.ts.
 */
export interface MallocMemory extends WordReader {
  store8(address: number, value: number): void;
  store16(address: number, value: number): void;
  store32(address: number, value: number): void;
  /** The low 64 bits of an integer of either sign. */
  store64(address: number, value: number): void;
  /** memset. */
  fill(address: number, length: number, byte: number): void;
  /** memcpy: the ranges do not overlap. */
  copy(to: number, from: number, length: number): void;
  /** Moves the break by so many bytes. @returns the break before, or FAILED */
  sbrk(delta: number): number;
  /** Private anonymous memory wherever there is room. @returns its address, or FAILED */
  mmap(length: number): number;
  munmap(address: number, length: number): void;
  /** MREMAP_MAYMOVE. @returns the address afterwards, or FAILED */
  mremap(address: number, oldLength: number, newLength: number): number;
  /** madvise(MADV_DONTNEED). */
  dontneed(address: number, length: number): void;
  /** 32 bits out of the process's seed: getrandom. */
  random32(): number;
  setErrno(errno: Errno): void;
}
