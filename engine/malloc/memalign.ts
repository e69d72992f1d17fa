import { PAGE_SIZE } from '../base/units.ts';
import type { Errno } from '../base/errno.ts';
import { ofMainArena } from './arena-of.ts';
import {
  blockOf,
  CHUNK_ALIGN,
  checkedChunkSize,
  chunkOf,
  FLAG,
  isMmapped,
  MIN_CHUNK,
  prevSizeOf,
  setHead,
  setPrevInuse,
  setSize,
  sizeOf,
} from './chunk.ts';
import { NULL, type Heap } from './heap.ts';
import { ensureInitialized } from './init.ts';
import { intFree } from './int-free.ts';
import { intMalloc } from './int-malloc.ts';
import { malloc } from './malloc.ts';
import { alignUp, isPowerOfTwo, signed, unsigned } from './word.ts';

/** The next power of two, 32 at least. `alignment` unsigned. */
export function usableAlignment(alignment: number): number {
  let power = MIN_CHUNK;
  while (power < alignment) power *= 2;
  return power;
}

/** Above this an alignment has no power of two in a word. */
export const MAX_ALIGNMENT = 2 ** 63;

/**
 * memalign(3) and aligned_alloc(3), which asks for no power of two here. Up to 16 it is malloc.
 * glibc 2.36 malloc/malloc.c __libc_memalign, _mid_memalign.
 * @returns the block, or NULL with EINVAL or ENOMEM
 */
export function memalign(h: Heap, alignment: number, bytes: number): number {
  ensureInitialized(h);
  if (unsigned(alignment) <= CHUNK_ALIGN) return malloc(h, bytes);
  if (unsigned(alignment) > MAX_ALIGNMENT) {
    h.mem.setErrno('EINVAL');
    return NULL;
  }
  return ofMainArena(h, intMemalign(h, usableAlignment(unsigned(alignment)), bytes), '_mid_memalign', 'p');
}

/** valloc(3). */
export const valloc = (h: Heap, bytes: number): number => memalign(h, PAGE_SIZE, bytes);

/** What posix_memalign(3) takes: a power of two times the size of a pointer. glibc: __posix_memalign. */
export function isPosixAlignment(alignment: number): boolean {
  const value = unsigned(alignment);
  return value !== 0 && value % 8 === 0 && isPowerOfTwo(value / 8);
}

/** posix_memalign(3) without the pointer it writes to. */
export function posixMemalign(
  h: Heap,
  alignment: number,
  bytes: number,
): { readonly error: Errno | null; readonly block: number } {
  ensureInitialized(h);
  if (!isPosixAlignment(alignment)) return { error: 'EINVAL', block: NULL };
  const block = memalign(h, alignment, bytes);
  return block === NULL ? { error: 'ENOMEM', block } : { error: null, block };
}

/**
 * A block with room for the worst case, of which the parts before and behind the aligned place are freed.
 * glibc 2.36 malloc/malloc.c _int_memalign.
 */
export function intMemalign(h: Heap, alignment: number, bytes: number): number {
  const asked = checkedChunkSize(bytes);
  if (asked === 0 || alignment >= MAX_ALIGNMENT) {
    h.mem.setErrno('ENOMEM');
    return NULL;
  }
  const block = intMalloc(h, signed(asked + alignment + MIN_CHUNK));
  if (block === NULL) return NULL;
  let chunk = chunkOf(block);
  if (block % alignment !== 0) {
    const aligned = cutLead(h, chunk, alignment);
    if (isMmapped(h, aligned)) return blockOf(aligned);
    chunk = aligned;
  }
  if (!isMmapped(h, chunk)) cutTail(h, chunk, asked);
  return blockOf(chunk);
}

/** Moves a chunk's start up to the aligned place; what is before it is freed, or noted in a mapped chunk. */
function cutLead(h: Heap, chunk: number, alignment: number): number {
  let aligned = chunkOf(alignUp(blockOf(chunk), alignment));
  if (aligned - chunk < MIN_CHUNK) aligned += alignment;
  const lead = aligned - chunk;
  const size = sizeOf(h, chunk) - lead;
  if (isMmapped(h, chunk)) {
    h.mem.store64(aligned, prevSizeOf(h, chunk) + lead);
    setHead(h, aligned, size + FLAG.IS_MMAPPED);
    return aligned;
  }
  setHead(h, aligned, size + FLAG.PREV_INUSE);
  setPrevInuse(h, aligned + size);
  setSize(h, chunk, lead);
  intFree(h, chunk, true);
  return aligned;
}

function cutTail(h: Heap, chunk: number, asked: number): void {
  const size = sizeOf(h, chunk);
  if (size <= asked + MIN_CHUNK) return;
  const rest = chunk + asked;
  setHead(h, rest, size - asked + FLAG.PREV_INUSE);
  setSize(h, chunk, asked);
  intFree(h, rest, true);
}
