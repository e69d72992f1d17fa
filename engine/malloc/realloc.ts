import { arenaForChunk, ofMainArena } from './arena-of.ts';
import { unlinkChunk } from './bins.ts';
import { edgeOf, moveChunk } from './chunk-state.ts';
import {
  blockBytes,
  blockOf,
  checkedChunkSize,
  chunkOf,
  FLAG,
  headOf,
  HEADER,
  isInuse,
  isMisaligned,
  isMmapped,
  MIN_CHUNK,
  setHead,
  setPrevInuse,
  setSize,
  SIZE_WORD,
  sizeOf,
  wrapsRound,
} from './chunk.ts';
import { abort, NULL, setTop, systemMem, topOf, type Heap } from './heap.ts';
import { free } from './free.ts';
import { ensureInitialized } from './init.ts';
import { intFree } from './int-free.ts';
import { intMalloc } from './int-malloc.ts';
import { arrayBytes, malloc } from './malloc.ts';
import { mremapChunk, munmapChunk } from './mmap-chunk.ts';
import { ensureTcache } from './tcache-init.ts';
import { signed, unsigned } from './word.ts';

const CARVE = edgeOf('top', 'top.carve');

/**
 * realloc(3). Size 0 frees and returns NULL without an error. A mapped chunk stays one, also where a smaller block would
 * be served from the heap. glibc 2.36 malloc/malloc.c __libc_realloc.
 * @returns the block, or NULL with ENOMEM, and then the old one is as it was
 */
export function realloc(h: Heap, block: number, bytes: number): number {
  ensureInitialized(h);
  if (bytes === 0 && block !== NULL) {
    free(h, block);
    return NULL;
  }
  if (block === NULL) return malloc(h, bytes);
  const chunk = chunkOf(block);
  const size = sizeOf(h, chunk);
  const mapped = isMmapped(h, chunk);
  if (!mapped) {
    ensureTcache(h);
    arenaForChunk(h, chunk);
  }
  if (wrapsRound(chunk, size) || isMisaligned(chunk)) abort(h, 'realloc(): invalid pointer');
  const asked = checkedChunkSize(bytes);
  if (asked === 0) {
    h.mem.setErrno('ENOMEM');
    return NULL;
  }
  return mapped
    ? reallocMapped(h, block, size, asked, bytes)
    : ofMainArena(h, intRealloc(h, chunk, size, asked), '__libc_realloc', 'newp');
}

/** reallocarray(3): the product is checked first. glibc 2.36 malloc/reallocarray.c. */
export function reallocarray(h: Heap, block: number, n: number, size: number): number {
  const product = BigInt.asUintN(64, BigInt(n)) * BigInt.asUintN(64, BigInt(size));
  if (product >= 2n ** 64n) {
    h.mem.setErrno('ENOMEM');
    return NULL;
  }
  return realloc(h, block, arrayBytes(n, size) ?? -1);
}

function reallocMapped(h: Heap, block: number, size: number, asked: number, bytes: number): number {
  const resized = mremapChunk(h, chunkOf(block), asked);
  if (resized !== NULL) return blockOf(resized);
  if (size - SIZE_WORD >= asked) return block;
  const moved = malloc(h, bytes);
  if (moved === NULL) return NULL;
  h.mem.copy(moved, block, size - HEADER);
  munmapChunk(h, chunkOf(block));
  return moved;
}

/**
 * Another size for a chunk of the heap: in place when it shrinks or the top or a free chunk follows, else a new block
 * and a copy. What is left over is freed. glibc 2.36 malloc/malloc.c _int_realloc.
 * @param asked chunk size @returns the block, or NULL
 */
export function intRealloc(h: Heap, chunk: number, size: number, asked: number): number {
  const next = chunk + size;
  const limit = unsigned(systemMem(h));
  if (unsigned(headOf(h, chunk)) <= HEADER || unsigned(size) >= limit) abort(h, 'realloc(): invalid old size');
  const nextSize = sizeOf(h, next);
  if (unsigned(headOf(h, next)) <= HEADER || unsigned(nextSize) >= limit) abort(h, 'realloc(): invalid next size');
  if (unsigned(size) >= asked) return fit(h, chunk, size, asked);
  const isTop = next === topOf(h);
  if (isTop && size + nextSize >= asked + MIN_CHUNK) return growIntoTop(h, chunk, size + nextSize, asked);
  if (!isTop && size + nextSize >= asked && !isInuse(h, next)) {
    unlinkChunk(h, next, 'join.inUse');
    return fit(h, chunk, size + nextSize, asked);
  }
  const fresh = intMalloc(h, signed(asked - 15));
  if (fresh === NULL) return NULL;
  const freshChunk = chunkOf(fresh);
  // By luck the new chunk may follow the old one; then nothing is copied.
  if (freshChunk === next) return fit(h, chunk, size + sizeOf(h, freshChunk), asked);
  h.mem.copy(fresh, blockOf(chunk), blockBytes(h, chunk));
  intFree(h, chunk, true);
  return fresh;
}

function growIntoTop(h: Heap, chunk: number, total: number, asked: number): number {
  const next = topOf(h);
  setSize(h, chunk, asked);
  setTop(h, chunk + asked);
  setHead(h, chunk + asked, total - asked + FLAG.PREV_INUSE);
  moveChunk(h, next, CARVE);
  h.watcher?.step('top.carve', next, total - asked);
  return blockOf(chunk);
}

/** The chunk has `size` bytes at hand and keeps `asked`; a rest large enough for a chunk is freed. */
function fit(h: Heap, chunk: number, size: number, asked: number): number {
  const restSize = size - asked;
  if (restSize < MIN_CHUNK) {
    setSize(h, chunk, size);
    setPrevInuse(h, chunk + size);
    return blockOf(chunk);
  }
  const rest = chunk + asked;
  setSize(h, chunk, asked);
  setHead(h, rest, restSize + FLAG.PREV_INUSE);
  setPrevInuse(h, rest + restSize);
  intFree(h, rest, true);
  return blockOf(chunk);
}
