import { PAGE_SIZE } from '../base/units.ts';
import { edgeOf, moveChunk } from './chunk-state.ts';
import { blockOf, FLAG, lowSizeOf, prevSizeOf, setHead, sizeOf, SIZE_WORD } from './chunk.ts';
import { abort, arenaInt, arenaWord, NULL, setArenaInt, setArenaWord, type Heap } from './heap.ts';
import { MP } from './layout.ts';
import { FAILED } from './memory.ts';
import { alignUp, isPowerOfTwo, unsigned } from './word.ts';

const CREATE = edgeOf('trimmed', 'map.create');
const REMOVE = edgeOf('mapped', 'map.remove');
const RESIZE = edgeOf('mapped', 'map.resize');

/** Counts mapped bytes and remembers the most there ever were. */
function countMapped(h: Heap, bytes: number): void {
  const now = arenaWord(h, MP.mmappedMem) + bytes;
  setArenaWord(h, MP.mmappedMem, now);
  if (unsigned(now) > unsigned(arenaWord(h, MP.maxMmappedMem))) setArenaWord(h, MP.maxMmappedMem, now);
}

/**
 * A chunk that is a mapping of its own. glibc 2.36 malloc/malloc.c sysmalloc_mmap.
 * @param asked chunk size; there is no next chunk to borrow a word from, so one more is needed
 * @returns the block, or NULL
 */
export function mmapChunk(h: Heap, asked: number): number {
  const size = alignUp(asked + SIZE_WORD, PAGE_SIZE);
  const chunk = h.mem.mmap(size);
  h.watcher?.step('system.mmap', size, chunk);
  if (chunk === FAILED) return NULL;
  h.mem.store64(chunk, 0);
  setHead(h, chunk, size + FLAG.IS_MMAPPED);
  const count = arenaInt(h, MP.nMmaps) + 1;
  setArenaInt(h, MP.nMmaps, count);
  if (count > arenaInt(h, MP.maxNMmaps)) setArenaInt(h, MP.maxNMmaps, count);
  countMapped(h, size);
  moveChunk(h, chunk, CREATE);
  return blockOf(chunk);
}

/** First byte and length of the mapping a chunk lies in; whole pages, or the chunk is none of the allocator's. */
function mappingOf(h: Heap, chunk: number, complaint: string): { start: number; length: number } {
  const size = sizeOf(h, chunk);
  const lead = prevSizeOf(h, chunk);
  const start = chunk - lead;
  const length = lead + size;
  // From the low words: damaged ones have more bits than a double.
  const leadLow = h.mem.load32(chunk);
  const inPage = (chunk - leadLow) | (leadLow + lowSizeOf(h, chunk));
  if ((inPage & (PAGE_SIZE - 1)) !== 0 || !isPowerOfTwo(blockOf(chunk) % PAGE_SIZE)) abort(h, complaint);
  return { start, length };
}

/** glibc 2.36 malloc/malloc.c munmap_chunk. */
export function munmapChunk(h: Heap, chunk: number): void {
  const { start, length } = mappingOf(h, chunk, 'munmap_chunk(): invalid pointer');
  setArenaInt(h, MP.nMmaps, arenaInt(h, MP.nMmaps) - 1);
  setArenaWord(h, MP.mmappedMem, arenaWord(h, MP.mmappedMem) - length);
  moveChunk(h, chunk, REMOVE);
  h.watcher?.step('system.munmap', start, length);
  h.mem.munmap(start, length);
}

/**
 * Gives a mapped chunk another length, wherever the system puts it. glibc 2.36 malloc/malloc.c mremap_chunk.
 * @returns the chunk afterwards, or NULL
 */
export function mremapChunk(h: Heap, chunk: number, asked: number): number {
  const { start, length } = mappingOf(h, chunk, 'mremap_chunk(): invalid pointer');
  const lead = prevSizeOf(h, chunk);
  const wanted = alignUp(asked + lead + SIZE_WORD, PAGE_SIZE);
  if (wanted === length) return chunk;
  const moved = h.mem.mremap(start, length, wanted);
  if (moved === FAILED) return NULL;
  const now = moved + lead;
  setHead(h, now, wanted - lead + FLAG.IS_MMAPPED);
  countMapped(h, wanted - length);
  moveChunk(h, now, RESIZE);
  return now;
}
