import { ofMainArena } from './arena-of.ts';
import { checkedChunkSize, chunkOf, isMmapped, MIN_CHUNK, SIZE_WORD, sizeOf } from './chunk.ts';
import { arenaInt, arenaWord, NULL, topOf, type Heap } from './heap.ts';
import { ensureInitialized } from './init.ts';
import { intMalloc } from './int-malloc.ts';
import { ARENA, MP } from './layout.ts';
import { ensureTcache } from './tcache-init.ts';
import { tcacheBin, tcacheGet, tcacheHolds, tcacheOf } from './tcache.ts';
import { unsigned } from './word.ts';

/**
 * malloc(3): a block of the tcache if it has one of that size, else from behind it.
 * glibc 2.36 malloc/malloc.c __libc_malloc.
 * @param bytes a 64-bit word @returns the block, or NULL with ENOMEM
 */
export function malloc(h: Heap, bytes: number): number {
  const known = tcacheOf(h);
  if (known === NULL) ensureInitialized(h);
  const size = checkedChunkSize(bytes);
  if (h.hasTcache) {
    if (size === 0) {
      h.mem.setErrno('ENOMEM');
      return NULL;
    }
    const tcache = known === NULL ? ensureTcache(h) : known;
    const bin = tcacheBin(h, tcache, size);
    if (bin >= 0 && tcacheHolds(h, tcache, bin)) {
      h.watcher?.step('request', bytes, size);
      const block = tcacheGet(h, tcache, bin);
      h.watcher?.step('tcache.hit', bin, chunkOf(block));
      return block;
    }
  }
  return ofMainArena(h, intMalloc(h, bytes), '__libc_malloc', 'victim');
}

/** n × size, or null above PTRDIFF_MAX. The factors are 64-bit words. */
export function arrayBytes(n: number, size: number): number | null {
  const product = unsigned(n) * unsigned(size);
  if (product <= Number.MAX_SAFE_INTEGER) return product;
  const exact = BigInt.asUintN(64, BigInt(n)) * BigInt.asUintN(64, BigInt(size));
  return exact < 2n ** 63n ? Number(exact) : null;
}

/**
 * calloc(3). Never takes from the tcache. Zeroes the block, but for what has just come from the system: a mapping, and
 * what of a chunk cut from the top lies above the break's highest place so far.
 * glibc 2.36 malloc/malloc.c __libc_calloc.
 */
export function calloc(h: Heap, n: number, size: number): number {
  const bytes = arrayBytes(n, size);
  if (bytes === null) {
    h.mem.setErrno('ENOMEM');
    return NULL;
  }
  ensureInitialized(h);
  ensureTcache(h);
  const oldTop = topOf(h);
  const everUsed = arenaWord(h, MP.sbrkBase) + arenaWord(h, ARENA.maxSystemMem) - oldTop;
  const dirty = Math.max(unsigned(sizeOf(h, oldTop)), unsigned(everUsed));
  const block = ofMainArena(h, intMalloc(h, bytes), '__libc_calloc', 'mem');
  if (block === NULL) return NULL;
  const chunk = chunkOf(block);
  const perturbs = arenaInt(h, MP.perturbByte) !== 0;
  if (isMmapped(h, chunk)) {
    if (perturbs) h.mem.fill(block, bytes, 0);
    return block;
  }
  const chunkBytes = sizeOf(h, chunk);
  const clears = !perturbs && chunk === oldTop && chunkBytes > dirty ? dirty : chunkBytes;
  clearWords(h, block, clears - SIZE_WORD);
  return block;
}

/** Short blocks are cleared word by word, an odd number of them. */
function clearWords(h: Heap, block: number, bytes: number): void {
  const words = Math.floor(bytes / 8);
  if (words > 9) {
    h.mem.fill(block, bytes, 0);
    return;
  }
  for (let i = 0; i < Math.max(words, MIN_CHUNK / 8 - 1); i++) h.mem.store64(block + i * 8, 0);
}
