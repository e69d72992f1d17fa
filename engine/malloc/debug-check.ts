import { binAt, UNSORTED } from './bins.ts';
import {
  blockBytes,
  blockOf,
  checkedChunkSize,
  chunkOf,
  CHUNK_ALIGN,
  HEADER,
  isInuse,
  isMisaligned,
  isMmapped,
  MIN_CHUNK,
  prevInuse,
  prevSizeOf,
  SIZE_WORD,
  sizeOf,
} from './chunk.ts';
import { abort, arenaInt, arenaWord, NULL, systemMem, topOf, type Heap } from './heap.ts';
import { intFree } from './int-free.ts';
import { intMalloc } from './int-malloc.ts';
import { ARENA, MP, NONCONTIGUOUS } from './layout.ts';
import { intMemalign, MAX_ALIGNMENT, usableAlignment } from './memalign.ts';
import { mremapChunk, munmapChunk } from './mmap-chunk.ts';
import { intRealloc } from './realloc.ts';
import { signed, unsigned } from './word.ts';

/**
 * What MALLOC_CHECK_ does with libc_malloc_debug.so: one byte more is asked for, and the bytes behind the block hold the
 * way back to a magic one, so that the first byte past the end is missed at free. No tcache.
 * glibc 2.36 malloc/malloc-check.c.
 */

const PAGE = 4096;

/** Differs from place to place, and is never 1. glibc: magicbyte. */
function magicByte(chunk: number): number {
  const magic = ((Math.floor(chunk / 8) & 0xff) ^ (Math.floor(chunk / 2048) & 0xff)) & 0xff;
  return magic === 1 ? 2 : magic;
}

/** Writes the chain of distances behind a block, and the magic byte. glibc: mem2mem_check. */
function mark(h: Heap, block: number, bytes: number): number {
  if (block === NULL) return NULL;
  const chunk = chunkOf(block);
  const magic = magicByte(chunk);
  let distance = 0;
  for (let at = blockBytes(h, chunk) - 1; at > bytes; at -= distance) {
    distance = Math.min(at - bytes, 0xff);
    if (distance === magic) distance--;
    h.mem.store8(block + at, distance);
  }
  h.mem.store8(block + bytes, magic);
  return block;
}

/** Follows the chain to the magic byte. @returns its offset in the chunk, −1 when the chain is broken */
function findMagic(h: Heap, chunk: number): number {
  const magic = magicByte(chunk);
  let at = HEADER + blockBytes(h, chunk) - 1;
  for (;;) {
    const byte = h.mem.load8(chunk + at);
    if (byte === magic) return at;
    if (byte === 0 || at < byte + HEADER) return -1;
    at -= byte;
  }
}

/** malloc_usable_size: exactly what was asked for. glibc: malloc_check_get_size. */
export function checkedUsableSize(h: Heap, block: number): number {
  if (block === NULL) return 0;
  const at = findMagic(h, chunkOf(block));
  if (at < 0) abort(h, 'malloc_check_get_size: memory corruption');
  return at - HEADER;
}

/** The header of a block of the heap is what one can be. */
function plausibleInHeap(h: Heap, chunk: number): boolean {
  const size = sizeOf(h, chunk);
  const base = arenaWord(h, MP.sbrkBase);
  const contiguous = (arenaInt(h, ARENA.flags) & NONCONTIGUOUS) === 0;
  if (contiguous && (chunk < base || unsigned(chunk + size) >= base + systemMem(h))) return false;
  if (unsigned(size) < MIN_CHUNK || size % CHUNK_ALIGN !== 0 || !isInuse(h, chunk)) return false;
  if (prevInuse(h, chunk)) return true;
  const before = prevSizeOf(h, chunk);
  if (before % CHUNK_ALIGN !== 0 || (contiguous && chunk - before < base)) return false;
  return chunk - before + sizeOf(h, chunk - before) === chunk;
}

function plausibleMapping(h: Heap, block: number, chunk: number): boolean {
  const offset = block % PAGE;
  const aligned = offset === 0 || (offset >= HEADER && offset <= PAGE / 2 && Number.isInteger(Math.log2(offset)));
  if (!aligned || prevInuse(h, chunk)) return false;
  const lead = prevSizeOf(h, chunk);
  return (chunk - lead) % PAGE === 0 && (lead + sizeOf(h, chunk)) % PAGE === 0;
}

/**
 * Believes a block only if its header and its chain are whole, and breaks the chain, so that a second free is seen.
 * glibc: mem2chunk_check. @returns where the magic byte stands, or NULL
 */
function challenge(h: Heap, block: number): number {
  if (isMisaligned(block)) return NULL;
  const chunk = chunkOf(block);
  if (isMmapped(h, chunk) ? !plausibleMapping(h, block, chunk) : !plausibleInHeap(h, chunk)) return NULL;
  const at = findMagic(h, chunk);
  if (at < 0) return NULL;
  invert(h, chunk + at);
  return chunk + at;
}

const invert = (h: Heap, at: number): void => h.mem.store8(at, h.mem.load8(at) ^ 0xff);

/** glibc: top_check. */
function checkTop(h: Heap): void {
  const top = topOf(h);
  if (top === binAt(h, UNSORTED)) return;
  const size = sizeOf(h, top);
  const contiguous = (arenaInt(h, ARENA.flags) & NONCONTIGUOUS) === 0;
  const ends = !contiguous || top + size === arenaWord(h, MP.sbrkBase) + systemMem(h);
  if (isMmapped(h, top) || unsigned(size) < MIN_CHUNK || !prevInuse(h, top) || !ends) {
    abort(h, 'malloc: top chunk is corrupt');
  }
}

function noMemory(h: Heap): number {
  h.mem.setErrno('ENOMEM');
  return NULL;
}

export function checkedMalloc(h: Heap, bytes: number): number {
  if (bytes === -1) return noMemory(h);
  checkTop(h);
  return mark(h, intMalloc(h, signed(bytes + 1)), bytes);
}

export function checkedFree(h: Heap, block: number): void {
  if (block === NULL) return;
  if (challenge(h, block) === NULL) abort(h, 'free(): invalid pointer');
  const chunk = chunkOf(block);
  if (isMmapped(h, chunk)) munmapChunk(h, chunk);
  else intFree(h, chunk, true);
}

export function checkedRealloc(h: Heap, block: number, bytes: number): number {
  if (bytes === -1) return noMemory(h);
  if (block === NULL) return checkedMalloc(h, bytes);
  if (bytes === 0) {
    checkedFree(h, block);
    return NULL;
  }
  const magic = challenge(h, block);
  if (magic === NULL) abort(h, 'realloc(): invalid pointer');
  const asked = checkedChunkSize(signed(bytes + 1));
  const moved = asked === 0 ? noMemory(h) : resize(h, block, asked, signed(bytes + 1));
  if (moved === NULL) invert(h, magic);
  return mark(h, moved, bytes);
}

function resize(h: Heap, block: number, asked: number, bytes: number): number {
  const chunk = chunkOf(block);
  const size = sizeOf(h, chunk);
  if (!isMmapped(h, chunk)) {
    checkTop(h);
    return intRealloc(h, chunk, size, asked);
  }
  const resized = mremapChunk(h, chunk, asked);
  if (resized !== NULL) return blockOf(resized);
  if (size - SIZE_WORD >= asked) return block;
  checkTop(h);
  const moved = intMalloc(h, bytes);
  if (moved === NULL) return NULL;
  h.mem.copy(moved, block, size - HEADER);
  munmapChunk(h, chunk);
  return moved;
}

export function checkedMemalign(h: Heap, alignment: number, bytes: number): number {
  if (unsigned(alignment) <= CHUNK_ALIGN) return checkedMalloc(h, bytes);
  if (unsigned(alignment) > MAX_ALIGNMENT) {
    h.mem.setErrno('EINVAL');
    return NULL;
  }
  if (bytes < 0 && -bytes <= unsigned(alignment) + MIN_CHUNK) return noMemory(h);
  checkTop(h);
  return mark(h, intMemalign(h, usableAlignment(unsigned(alignment)), signed(bytes + 1)), bytes);
}
