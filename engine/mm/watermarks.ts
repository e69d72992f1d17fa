import { PAGE_SIZE } from '../base/units.ts';
import { totalRamPages } from './commit.ts';
import type { MemoryState } from './state.ts';

/** Frames. Allocations go on above `min`, kswapd is woken at `low` and stops above `high`. */
export interface Watermarks {
  readonly min: number;
  readonly low: number;
  readonly high: number;
}

/** Part of RAM between two marks, in 1/10,000. Source: Linux mm/page_alloc.c watermark_scale_factor. */
const SCALE_FACTOR = 10;
/** Frames that are reclaimed at once. Source: Linux include/linux/swap.h SWAP_CLUSTER_MAX. */
const CLUSTER = 32;
/** Smaller machines reclaim their share of a cluster. Frames of 16 MiB. */
const SMALL_RAM = 4096;

/**
 * Source: Linux 6.18 mm/page_alloc.c __setup_per_zone_wmarks; simplified: one zone, and the marks are at least a frame
 * apart, which on a machine of a few MiB they would not be.
 */
export const minMark = (k: MemoryState): number => Math.floor(k.machine.minFreeKbytes[0]! / (PAGE_SIZE / 1024));

export function watermarks(k: MemoryState): Watermarks {
  const min = minMark(k);
  const apart = Math.max(1, Math.floor(min / 4), Math.floor((totalRamPages(k) * SCALE_FACTOR) / 10_000));
  return { min, low: min + apart, high: min + 2 * apart };
}

/** How many frames one round of reclaim is after. */
export const reclaimBatch = (k: MemoryState): number =>
  Math.max(1, Math.min(CLUSTER, Math.floor((CLUSTER * totalRamPages(k)) / SMALL_RAM)));
