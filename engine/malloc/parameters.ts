import { tcacheIndex } from './bin-index.ts';
import { chunkSizeFor, MIN_CHUNK } from './chunk.ts';
import { setArenaInt, setArenaWord, type Heap } from './heap.ts';
import { MAX_FAST_SIZE, MAX_TCACHE_BYTES, MP } from './layout.ts';
import { unsigned } from './word.ts';

/** One function a parameter, for mallopt and the environment. glibc 2.36 malloc/malloc.c do_set_*. */

/** The four that end the dynamic mmap threshold. */
function setFixed(h: Heap, offset: number, value: number): void {
  setArenaWord(h, offset, value);
  setArenaInt(h, MP.noDynThreshold, 1);
}

export const setTrimThreshold = (h: Heap, value: number): void => setFixed(h, MP.trimThreshold, value);
export const setTopPad = (h: Heap, value: number): void => setFixed(h, MP.topPad, value);
export const setMmapThreshold = (h: Heap, value: number): void => setFixed(h, MP.mmapThreshold, value);

export function setMmapMax(h: Heap, value: number): void {
  setArenaInt(h, MP.nMmapsMax, value);
  setArenaInt(h, MP.noDynThreshold, 1);
}

export const setPerturb = (h: Heap, value: number): void => setArenaInt(h, MP.perturbByte, value);
export const setArenaTest = (h: Heap, value: number): void => setArenaWord(h, MP.arenaTest, value);
export const setArenaMax = (h: Heap, value: number): void => setArenaWord(h, MP.arenaMax, value);

/** Largest block of the fastbins. glibc: set_max_fast, do_set_mxfast. @returns 1 when it was taken */
export function setMxfast(h: Heap, value: number): 0 | 1 {
  if (unsigned(value) > MAX_FAST_SIZE) return 0;
  setArenaWord(h, MP.globalMaxFast, value <= 7 ? MIN_CHUNK / 2 : Math.floor((value + 8) / 16) * 16);
  return 1;
}

export function setTcacheMax(h: Heap, value: number): void {
  if (unsigned(value) > MAX_TCACHE_BYTES) return;
  setArenaWord(h, MP.tcacheMaxBytes, value);
  setArenaWord(h, MP.tcacheBins, tcacheIndex(chunkSizeFor(value)) + 1);
}

export function setTcacheCount(h: Heap, value: number): void {
  if (unsigned(value) <= 0xffff) setArenaWord(h, MP.tcacheCount, value);
}

export const setTcacheUnsortedLimit = (h: Heap, value: number): void => setArenaWord(h, MP.tcacheUnsortedLimit, value);
