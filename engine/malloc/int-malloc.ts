import { smallBinRange } from './bin-index.ts';
import { blockOf, checkedChunkSize } from './chunk.ts';
import { consolidate } from './consolidate.ts';
import { takeFast } from './fastbins.ts';
import { arenaInt, maxFast, NULL, perturbAllocated, type Heap } from './heap.ts';
import { ARENA } from './layout.ts';
import { takeFromLargerBin, takeLarge } from './search-bins.ts';
import { takeSmall } from './small-bins.ts';
import { sortUnsorted } from './sort-unsorted.ts';
import { sysmalloc } from './sysmalloc.ts';
import { tcacheBin, tcacheGet, tcacheOf } from './tcache.ts';
import { carveTop } from './top.ts';

/**
 * Finds a block behind the tcache: fastbin, small bin, unsorted chunks, large bin, a larger bin, the top, and last the
 * system. glibc 2.36 malloc/malloc.c _int_malloc.
 * @param bytes asked for, as a word
 * @returns the block, or NULL with ENOMEM
 */
export function intMalloc(h: Heap, bytes: number): number {
  const asked = checkedChunkSize(bytes);
  if (asked === 0) {
    h.mem.setErrno('ENOMEM');
    return NULL;
  }
  h.watcher?.step('request', bytes, asked);
  if (asked <= maxFast(h)) {
    const chunk = takeFast(h, asked);
    if (chunk !== NULL) return handOut(h, chunk, bytes);
  }
  if (smallBinRange(asked)) {
    const chunk = takeSmall(h, asked);
    if (chunk !== NULL) return handOut(h, chunk, bytes);
  } else if (arenaInt(h, ARENA.haveFastchunks) !== 0) {
    consolidate(h);
  }
  const tcache = tcacheOf(h);
  const cacheBin = tcacheBin(h, tcache, asked);
  for (;;) {
    const sorted = sortUnsorted(h, asked, tcache, cacheBin);
    if (sorted.cached) return tcacheGet(h, tcache, cacheBin);
    let chunk = sorted.chunk;
    if (chunk === NULL && !smallBinRange(asked)) chunk = takeLarge(h, asked);
    if (chunk === NULL) chunk = takeFromLargerBin(h, asked);
    if (chunk === NULL) chunk = carveTop(h, asked);
    if (chunk !== NULL) return handOut(h, chunk, bytes);
    if (arenaInt(h, ARENA.haveFastchunks) === 0) break;
    consolidate(h);
  }
  const block = sysmalloc(h, asked);
  if (block !== NULL) perturbAllocated(h, block, bytes);
  return block;
}

function handOut(h: Heap, chunk: number, bytes: number): number {
  const block = blockOf(chunk);
  perturbAllocated(h, block, bytes);
  return block;
}
