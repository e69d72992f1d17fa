import { binIndex, smallBinRange } from './bin-index.ts';
import { binAt, binmap, setBinmap, unlinkChunk } from './bins.ts';
import { bkNextsizeOf, bkOf, fdOf, headOf, MIN_CHUNK, sizeOf } from './chunk.ts';
import { assertionFails, NULL, systemMem, type Heap } from './heap.ts';
import { splitFree } from './split.ts';
import { loopIn } from './stop.ts';
import { unsigned } from './word.ts';

/** Words of the map of bins. */
const MAP_WORDS = 4;

/**
 * The smallest chunk of the request's own large bin that is large enough, cut to size. Of several equal ones the second
 * is taken: the first carries the links between sizes. glibc 2.36 malloc/malloc.c _int_malloc.
 * @returns the chunk, or NULL
 */
export function takeLarge(h: Heap, asked: number): number {
  const bin = binIndex(asked);
  const head = binAt(h, bin);
  const largest = fdOf(h, head);
  if (largest === head || unsigned(headOf(h, largest)) < asked) return NULL;
  let victim = bkNextsizeOf(h, largest);
  let size = sizeOf(h, victim);
  const limit = systemMem(h) / MIN_CHUNK + 1;
  for (let steps = 0; unsigned(size) < asked; steps++) {
    victim = bkNextsizeOf(h, victim);
    size = sizeOf(h, victim);
    if (steps > limit) loopIn('large bin');
  }
  if (victim !== bkOf(h, head) && headOf(h, victim) === headOf(h, fdOf(h, victim))) victim = fdOf(h, victim);
  h.watcher?.step('bin.search', bin, victim);
  unlinkChunk(h, victim, 'bin.take');
  splitFree(h, victim, size, asked, false, 'malloc(): corrupted unsorted chunks');
  return victim;
}

/**
 * The last chunk of the next larger bin that holds one, cut to size; the map of bins says where to look, and bins found
 * empty are struck off it. glibc 2.36 malloc/malloc.c _int_malloc.
 * @returns the chunk, or NULL
 */
export function takeFromLargerBin(h: Heap, asked: number): number {
  let bin = binIndex(asked) + 1;
  let block = bin >> 5;
  let map = binmap(h, block);
  let bit = (1 << (bin & 31)) >>> 0;
  for (;;) {
    if (bit > map || bit === 0) {
      do {
        if (++block >= MAP_WORDS) return NULL;
        map = binmap(h, block);
      } while (map === 0);
      bin = block << 5;
      bit = 1;
    }
    while ((bit & map) === 0) {
      bin++;
      bit = (bit << 1) >>> 0;
    }
    const head = binAt(h, bin);
    const victim = bkOf(h, head);
    if (victim !== head) {
      const size = sizeOf(h, victim);
      if (unsigned(size) < asked) {
        assertionFails(h, '_int_malloc', '(unsigned long) (size) >= (unsigned long) (nb)');
      }
      h.watcher?.step('bin.search', bin, victim);
      unlinkChunk(h, victim, 'bin.take');
      splitFree(h, victim, size, asked, smallBinRange(asked), 'malloc(): corrupted unsorted chunks 2');
      return victim;
    }
    map = (map & ~bit) >>> 0;
    setBinmap(h, block, map);
    bin++;
    bit = (bit << 1) >>> 0;
  }
}
