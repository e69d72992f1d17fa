import { edgeOf, moveChunk } from './chunk-state.ts';
import { smallBinRange } from './bin-index.ts';
import type { ChunkEvent, ChunkState } from './chunk.machine.ts';
import {
  bkNextsizeOf,
  bkOf,
  clearNextsize,
  fdNextsizeOf,
  fdOf,
  prevSizeOf,
  setBk,
  setBkNextsize,
  setFd,
  setFdNextsize,
  sizeOf,
} from './chunk.ts';
import { abort, NULL, type Heap, type HeapView } from './heap.ts';
import { ARENA } from './layout.ts';
import { unsigned } from './word.ts';

/**
 * Bins are rings of free chunks. A ring's head is the pair of links in the arena, addressed as if it were a chunk, so
 * that taking a chunk out needs no case for the ends. glibc 2.36 malloc/malloc.c bin_at.
 */
export const binAt = (h: HeapView, bin: number): number => h.arena + ARENA.bins + (bin - 1) * 16 - 16;

/** The bin of freed chunks that nobody has sorted yet. */
export const UNSORTED = 1;

const mapWord = (h: HeapView, block: number): number => h.arena + ARENA.binmap + block * 4;
/** 32 bits, one a bin that may hold something. */
export const binmap = (h: HeapView, block: number): number => h.mem.load32(mapWord(h, block));
export const setBinmap = (h: Heap, block: number, bits: number): void => h.mem.store32(mapWord(h, block), bits >>> 0);

export function markBin(h: Heap, bin: number): void {
  setBinmap(h, bin >> 5, binmap(h, bin >> 5) | (1 << (bin & 31)));
}

/**
 * Takes a free chunk out of its ring, and out of the ring of sizes; both must be intact. glibc: unlink_chunk.
 * @param event what becomes of it
 */
export function unlinkChunk(h: Heap, chunk: number, event: ChunkEvent): void {
  const size = sizeOf(h, chunk);
  if (size !== prevSizeOf(h, chunk + size)) abort(h, 'corrupted size vs. prev_size');
  const fd = fdOf(h, chunk);
  const bk = bkOf(h, chunk);
  if (bkOf(h, fd) !== chunk || fdOf(h, bk) !== chunk) abort(h, 'corrupted double-linked list');
  const from = freeState(h, chunk, size);
  setBk(h, fd, bk);
  setFd(h, bk, fd);
  if (!smallBinRange(unsigned(size)) && fdNextsizeOf(h, chunk) !== NULL) unlinkSize(h, chunk, fd);
  moveChunk(h, chunk, edgeOf(from, event));
}

/** The next chunk of the same size takes the place in the ring of sizes; without one the ring closes. */
function unlinkSize(h: Heap, chunk: number, fd: number): void {
  const larger = bkNextsizeOf(h, chunk);
  const smaller = fdNextsizeOf(h, chunk);
  if (bkNextsizeOf(h, smaller) !== chunk || fdNextsizeOf(h, larger) !== chunk) {
    abort(h, 'corrupted double-linked list (not small)');
  }
  if (fdNextsizeOf(h, fd) !== NULL) {
    setBkNextsize(h, smaller, larger);
    setFdNextsize(h, larger, smaller);
  } else if (smaller === chunk) {
    setBkNextsize(h, fd, fd);
    setFdNextsize(h, fd, fd);
  } else {
    setFdNextsize(h, fd, smaller);
    setBkNextsize(h, fd, larger);
    setBkNextsize(h, smaller, fd);
    setFdNextsize(h, larger, fd);
  }
}

/** Where a chunk that is still in its ring lies, as far as it can be told: by the watcher, else by where sorting puts it. */
function freeState(h: Heap, chunk: number, size: number): ChunkState {
  return h.watcher?.stateOfFree(chunk) ?? (smallBinRange(unsigned(size)) ? 'small' : 'large');
}

/**
 * Puts a free chunk at the front of the unsorted bin.
 * @param corrupted what to say when the ring is damaged, null to go on
 */
export function pushUnsorted(h: Heap, chunk: number, size: number, corrupted: string | null): void {
  const head = binAt(h, UNSORTED);
  const first = fdOf(h, head);
  if (corrupted !== null && bkOf(h, first) !== head) abort(h, corrupted);
  setFd(h, chunk, first);
  setBk(h, chunk, head);
  if (!smallBinRange(size)) clearNextsize(h, chunk);
  setFd(h, head, chunk);
  setBk(h, first, chunk);
}

export { bkOf as lastOf, fdOf as firstOf };
