import { tcacheIndex } from './bin-index.ts';
import { edgeOf, moveChunk, type ChunkEdge } from './chunk-state.ts';
import { blockOf, chunkOf, isMisaligned } from './chunk.ts';
import { abort, arenaWord, NULL, type Heap } from './heap.ts';
import { MP, TCACHE } from './layout.ts';
import { linkLow, loadLink, moveLink, storeLink } from './safe-link.ts';
import { unsigned } from './word.ts';

/**
 * The thread's cache: per size a short list of blocks, last in first out, linked through the block's first word. Its
 * second word holds the key, by which a second free is noticed. glibc 2.36 malloc/malloc.c struct tcache_entry.
 */
const KEY = 8;

const TAKE = edgeOf('tcache', 'tcache.take');

/** Address of tcache_perthread_struct, NULL while there is none. */
export const tcacheOf = (h: Heap): number => (h.hasTcache ? arenaWord(h, MP.tcache) : NULL);

const countAt = (tcache: number, bin: number): number => tcache + TCACHE.counts + bin * 2;
const entryAt = (tcache: number, bin: number): number => tcache + TCACHE.entries + bin * 8;

/** The cache's bin for an unsigned chunk size, −1 when it takes none of that size. */
export function tcacheBin(h: Heap, tcache: number, size: number): number {
  if (tcache === NULL) return -1;
  const bin = tcacheIndex(size);
  return bin < unsigned(arenaWord(h, MP.tcacheBins)) ? bin : -1;
}

export const tcacheHolds = (h: Heap, tcache: number, bin: number): boolean => h.mem.load16(countAt(tcache, bin)) > 0;

export const tcacheHasRoom = (h: Heap, tcache: number, bin: number): boolean =>
  h.mem.load16(countAt(tcache, bin)) < unsigned(arenaWord(h, MP.tcacheCount));

/** glibc: tcache_put. @param edge from where the chunk was */
export function tcachePut(h: Heap, tcache: number, bin: number, chunk: number, edge: ChunkEdge): void {
  const { mem } = h;
  const block = blockOf(chunk);
  mem.store32(block + KEY, mem.load32(h.arena + MP.tcacheKey));
  mem.store32(block + KEY + 4, mem.load32(h.arena + MP.tcacheKey + 4));
  const entry = entryAt(tcache, bin);
  storeLink(h, block, mem.load64(entry));
  mem.store64(entry, block);
  const count = countAt(tcache, bin);
  mem.store16(count, (mem.load16(count) + 1) & 0xffff);
  moveChunk(h, chunk, edge);
}

/** glibc: tcache_get. @returns the block */
export function tcacheGet(h: Heap, tcache: number, bin: number): number {
  const { mem } = h;
  const entry = entryAt(tcache, bin);
  const block = mem.load64(entry);
  if (!h.off.neverChecks && isMisaligned(Number.isSafeInteger(block) ? block : mem.load32(entry))) {
    abort(h, 'malloc(): unaligned tcache chunk detected');
  }
  moveLink(h, block, entry);
  const count = countAt(tcache, bin);
  mem.store16(count, (mem.load16(count) - 1) & 0xffff);
  mem.store64(block + KEY, 0);
  moveChunk(h, chunkOf(block), TAKE);
  return block;
}

/** A block that carries the key is looked for in its list: it may be the program's data by chance. glibc: _int_free. */
export function refuseDoubleFree(h: Heap, tcache: number, bin: number, block: number): void {
  const { mem } = h;
  if (h.off.neverChecks) return;
  if (mem.load32(block + KEY) !== mem.load32(h.arena + MP.tcacheKey)) return;
  if (mem.load32(block + KEY + 4) !== mem.load32(h.arena + MP.tcacheKey + 4)) return;
  const limit = unsigned(arenaWord(h, MP.tcacheCount));
  const entry = entryAt(tcache, bin);
  let low = mem.load32(entry);
  let at = mem.load64(entry);
  for (let count = 0; at !== NULL; count++) {
    if (count >= limit) abort(h, 'free(): too many chunks detected in tcache');
    if (isMisaligned(low)) abort(h, 'free(): unaligned chunk detected in tcache 2');
    if (at === block) abort(h, 'free(): double free detected in tcache 2');
    low = linkLow(h, at);
    at = loadLink(h, at);
  }
}
