import { arenaWord, NULL, setArenaWord, type Heap } from './heap.ts';
import { intMalloc } from './int-malloc.ts';
import { MP, TCACHE } from './layout.ts';

/** Makes the cache when there is none yet: a block of the heap like any other. glibc: tcache_init. */
export function ensureTcache(h: Heap): void {
  if (!h.hasTcache || arenaWord(h, MP.tcache) !== NULL) return;
  const block = intMalloc(h, TCACHE.bytes);
  if (block === NULL) return;
  setArenaWord(h, MP.tcache, block);
  h.mem.fill(block, TCACHE.bytes, 0);
}
