import { binAt } from './bins.ts';
import { setBk, setFd } from './chunk.ts';
import { arenaInt, setArenaInt, setArenaWord, setTop, type Heap } from './heap.ts';
import {
  DEFAULT_MMAP_MAX,
  DEFAULT_MXFAST,
  DEFAULT_THRESHOLD,
  MAX_TCACHE_BYTES,
  MP,
  NBINS,
  TCACHE,
  TCACHE_FILL_COUNT,
} from './layout.ts';
import {
  setArenaMax,
  setArenaTest,
  setMmapMax,
  setMmapThreshold,
  setMxfast,
  setPerturb,
  setTcacheCount,
  setTcacheMax,
  setTcacheUnsortedLimit,
  setTopPad,
  setTrimThreshold,
} from './parameters.ts';

/** In the order in which glibc reads them. glibc 2.36 malloc/arena.c ptmalloc_init. */
const TUNABLES: readonly (readonly [string, (h: Heap, value: number) => unknown])[] = [
  ['top_pad', setTopPad],
  ['perturb', setPerturb],
  ['mmap_threshold', setMmapThreshold],
  ['trim_threshold', setTrimThreshold],
  ['mmap_max', setMmapMax],
  ['arena_max', setArenaMax],
  ['arena_test', setArenaTest],
  ['tcache_max', setTcacheMax],
  ['tcache_count', setTcacheCount],
  ['tcache_unsorted_limit', setTcacheUnsortedLimit],
  ['mxfast', setMxfast],
];

/**
 * Sets the arena up on the first call of any function: empty rings, default parameters, then the environment's, and the
 * key of the tcache. Nothing is asked of the system yet. glibc 2.36 malloc/arena.c ptmalloc_init, malloc_init_state.
 */
export function ensureInitialized(h: Heap): void {
  if (arenaInt(h, MP.initialized) !== 0) return;
  setArenaInt(h, MP.initialized, 1);
  if (h.hasTcache) {
    h.mem.store32(h.arena + MP.tcacheKey, h.mem.random32());
    h.mem.store32(h.arena + MP.tcacheKey + 4, h.mem.random32());
  }
  for (let bin = 1; bin < NBINS; bin++) {
    const head = binAt(h, bin);
    setFd(h, head, head);
    setBk(h, head, head);
  }
  setArenaWord(h, MP.globalMaxFast, DEFAULT_MXFAST);
  setTop(h, binAt(h, 1));
  setArenaWord(h, MP.topPad, DEFAULT_THRESHOLD);
  setArenaWord(h, MP.trimThreshold, DEFAULT_THRESHOLD);
  setArenaWord(h, MP.mmapThreshold, DEFAULT_THRESHOLD);
  setArenaInt(h, MP.nMmapsMax, DEFAULT_MMAP_MAX);
  setArenaWord(h, MP.arenaTest, 8);
  setArenaWord(h, MP.tcacheBins, TCACHE.bins);
  setArenaWord(h, MP.tcacheMaxBytes, MAX_TCACHE_BYTES);
  setArenaWord(h, MP.tcacheCount, TCACHE_FILL_COUNT);
  for (const [name, set] of TUNABLES) {
    const value = h.tunables.get(name);
    if (value !== undefined) set(h, value);
  }
}
