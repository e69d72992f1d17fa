import type { MemoryState } from './state.ts';

/**
 * What things take, in virtual nanoseconds: orders of magnitude of a current desktop, so that stories have a length.
 * They are part of the state, may be set per machine, and never influence what happens.
 */
interface CostMeaning {
  readonly ns: number;
  /** What one of it is. */
  readonly what: string;
  readonly source: string;
}

const meaning = (ns: number, what: string, source: string): CostMeaning => ({ ns, what, source });

/** Defaults, in the order of their rows. */
export const COSTS = {
  memory_access: meaning(2, 'a load or store', 'Intel Optimization Manual: L1 latency of 4 to 5 cycles'),
  tlb_miss_level: meaning(4, 'a level of a page walk', 'Intel Optimization Manual: L2 latency of 12 to 14 cycles'),
  minor_fault: meaning(500, 'a minor fault: trap, handler, return', 'lmbench lat_pagefault on cached pages, 0.5 µs'),
  major_fault: meaning(80_000, 'a page read from a disk', 'NVMe random 4 KiB read, about 80 µs'),
  system_call: meaning(100, 'entry and exit of a system call', 'lmbench lat_syscall null with mitigations, 0.1 µs'),
  library_call: meaning(
    10,
    'a call into the C library, besides its loads and stores',
    'a malloc that the tcache serves, about 20 ns in all',
  ),
  copy_frame: meaning(400, 'a frame copied', 'about 10 GB/s out of cache for 4,096 bytes'),
  zero_frame: meaning(100, 'a frame cleared', 'rep stosb at about 40 GB/s for 4,096 bytes'),
  fork_page: meaning(326, 'a page table entry that fork copies', 'fork of 10,000 mapped pages on Linux 6.18'),
  disk_read: meaning(80_000, 'a request to a disk that a read waits for', 'NVMe random 4 KiB read, about 80 µs'),
} as const satisfies Readonly<Record<string, CostMeaning>>;

export type CostName = keyof typeof COSTS;
export const COST_NAMES = Object.keys(COSTS) as CostName[];
/** Row of each price in `costs`. */
export const PRICE = Object.fromEntries(COST_NAMES.map((name, row) => [name, row])) as Readonly<
  Record<CostName, PriceRow>
>;
export type PriceRow = number & { readonly row: 'of costs' };

export const COST_SPEC = { ns: 'f64' } as const;

/** The price of one, in ns. */
export const costOf = (k: MemoryState, price: PriceRow): number => k.costs.ns[price]!;

/** @param ns 0 or more */
export function setCost(k: MemoryState, name: CostName, ns: number): void {
  k.costs.ns[PRICE[name]] = ns;
}
