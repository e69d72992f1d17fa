/**
 * What things take, in virtual nanoseconds. Orders of magnitude of a current desktop, so that stories have a length;
 * each with where it comes from. They never influence what happens.
 */
export const COST = {
  /** A load or store that the MMU lets through: an L1 hit plus some. Source: Intel Optimization Manual, L1 latency 4–5 cycles. */
  access: 2,
  /** A call into the C library and back, besides its loads and stores. Source: a malloc that the tcache serves, about 20 ns in all. */
  libraryCall: 10,
  /** Entry and exit of a system call. Source: lmbench lat_syscall null, x86-64 with mitigations, about 100 ns. */
  syscall: 100,
  /** A minor fault: trap, handler, return. Source: lmbench lat_pagefault on cached pages, about 0.5 µs. */
  minorFault: 500,
  /** A page read from a solid-state disk. Source: NVMe random 4 KiB read, about 80 µs. */
  majorFault: 80_000,
  /** Copying 4,096 bytes between frames. Source: about 10 GB/s out of cache. */
  copyFrame: 400,
  /** fork for each page table entry copied. Source: fork of 10,000 mapped pages on Linux 6.18, 326 ns a page. */
  forkPage: 326,
} as const;
