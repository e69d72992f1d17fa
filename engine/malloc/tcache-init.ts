import { arenaWord, NULL, setArenaWord, type Heap } from './heap.ts';
import { intMalloc } from './int-malloc.ts';
import { MP, TCACHE } from './layout.ts';

/**
 * Makes the cache when there is none yet: a block of the heap like any other. glibc: tcache_init.
 * @returns its address, NULL where there is none
 */
export function ensureTcache(h: Heap): number {
  if (!h.hasTcache) return NULL;
  const tcache = arenaWord(h, MP.tcache);
  return tcache === NULL ? makeTcache(h) : tcache;
}

function makeTcache(h: Heap): number {
  const block = intMalloc(h, TCACHE.bytes);
  if (block === NULL) return NULL;
  setArenaWord(h, MP.tcache, block);
  h.mem.fill(block, TCACHE.bytes, 0);
  return block;
}
