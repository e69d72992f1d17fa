import { arenaForChunk } from './arena-of.ts';
import { chunkOf, FLAG, flagsOf, headOf, sizeOf } from './chunk.ts';
import { arenaInt, arenaWord, NULL, setArenaWord, type Heap } from './heap.ts';
import { intFree } from './int-free.ts';
import { MMAP_THRESHOLD_MAX, MP } from './layout.ts';
import { munmapChunk } from './mmap-chunk.ts';
import { ensureTcache } from './tcache-init.ts';
import { unsigned } from './word.ts';

/**
 * free(3). A mapped chunk goes back to the system, and its size becomes the threshold for mapping, so that blocks that
 * come and go are not mapped again and again. glibc 2.36 malloc/malloc.c __libc_free.
 */
export function free(h: Heap, block: number): void {
  if (block === NULL) return;
  const chunk = chunkOf(block);
  const flags = flagsOf(h, chunk);
  if ((flags & FLAG.IS_MMAPPED) === 0) {
    ensureTcache(h);
    if ((flags & FLAG.NON_MAIN_ARENA) !== 0) arenaForChunk(h, chunk);
    intFree(h, chunk, false);
    return;
  }
  const head = unsigned(headOf(h, chunk));
  const isDynamic = arenaInt(h, MP.noDynThreshold) === 0;
  if (isDynamic && head > unsigned(arenaWord(h, MP.mmapThreshold)) && head <= MMAP_THRESHOLD_MAX) {
    const size = sizeOf(h, chunk);
    setArenaWord(h, MP.mmapThreshold, size);
    setArenaWord(h, MP.trimThreshold, 2 * size);
  }
  munmapChunk(h, chunk);
}
