import { NULL, type Heap, type HeapView } from './heap.ts';

/**
 * A chunk, by the address of its header: word 0 is the size of the chunk before it while that one is free (else the
 * last word of that one's block), word 1 its own size with three flags in the low bits; the block starts at word 2.
 * Free chunks keep list links in the block. glibc 2.36 malloc/malloc.c struct malloc_chunk.
 */
export const HEADER = 16;
export const MIN_CHUNK = 32;
export const CHUNK_ALIGN = 16;
export const SIZE_WORD = 8;

export const FLAG = {
  PREV_INUSE: 1, // the chunk before is not in a bin; set by whoever hands that one out
  IS_MMAPPED: 2, // a mapping of its own; set by mmap
  NON_MAIN_ARENA: 4, // of a thread's arena; the lab has none and never sets it
} as const;
const FLAGS = 7;

export const blockOf = (chunk: number): number => chunk + HEADER;
export const chunkOf = (block: number): number => block - HEADER;

/** Chunk size for a request: a word of header more, in steps of 16, at least 32. `bytes` below 2^63. */
export const chunkSizeFor = (bytes: number): number =>
  bytes + SIZE_WORD + 15 < MIN_CHUNK ? MIN_CHUNK : Math.floor((bytes + SIZE_WORD + 15) / 16) * 16;

/** As chunkSizeFor; 0 for a request above PTRDIFF_MAX, which is a negative word. glibc: checked_request2size. */
export const checkedChunkSize = (bytes: number): number => (bytes < 0 ? 0 : chunkSizeFor(bytes));

/** Size and flags as they stand. glibc: chunksize_nomask. */
export const headOf = (h: HeapView, chunk: number): number => h.mem.load64(chunk + SIZE_WORD);
export const setHead = (h: Heap, chunk: number, head: number): void => h.mem.store64(chunk + SIZE_WORD, head);

/** glibc: chunksize. */
export function sizeOf(h: HeapView, chunk: number): number {
  const head = h.mem.load64(chunk + SIZE_WORD);
  return head - (head & FLAGS);
}

/** The low 32 bits of the size, exact whatever was written over it. */
export const lowSizeOf = (h: HeapView, chunk: number): number => (h.mem.load32(chunk + SIZE_WORD) & ~FLAGS) >>> 0;

/** Changes the size and keeps the flags. glibc: set_head_size. */
export function setSize(h: Heap, chunk: number, size: number): void {
  setHead(h, chunk, size + (h.mem.load32(chunk + SIZE_WORD) & FLAGS));
}

export const flagsOf = (h: HeapView, chunk: number): number => h.mem.load32(chunk + SIZE_WORD) & FLAGS;
export const prevInuse = (h: HeapView, chunk: number): boolean =>
  (h.mem.load32(chunk + SIZE_WORD) & FLAG.PREV_INUSE) !== 0;
export const isMmapped = (h: HeapView, chunk: number): boolean =>
  (h.mem.load32(chunk + SIZE_WORD) & FLAG.IS_MMAPPED) !== 0;

/** Marks the chunk before this header as in use. glibc: set_inuse_bit_at_offset. */
export function setPrevInuse(h: Heap, chunk: number): void {
  h.mem.store32(chunk + SIZE_WORD, (h.mem.load32(chunk + SIZE_WORD) | FLAG.PREV_INUSE) >>> 0);
}
export function clearPrevInuse(h: Heap, chunk: number): void {
  h.mem.store32(chunk + SIZE_WORD, (h.mem.load32(chunk + SIZE_WORD) & ~FLAG.PREV_INUSE) >>> 0);
}

/** Not in a bin: the next chunk says so. glibc: inuse. */
export const isInuse = (h: HeapView, chunk: number): boolean => prevInuse(h, chunk + sizeOf(h, chunk));

export const prevSizeOf = (h: HeapView, chunk: number): number => h.mem.load64(chunk);
/** The footer: a free chunk's size in the word behind it. glibc: set_foot. */
export const setFoot = (h: Heap, chunk: number, size: number): void => h.mem.store64(chunk + size, size);

export const fdOf = (h: HeapView, chunk: number): number => h.mem.load64(chunk + 16);
export const bkOf = (h: HeapView, chunk: number): number => h.mem.load64(chunk + 24);
export const setFd = (h: Heap, chunk: number, to: number): void => h.mem.store64(chunk + 16, to);
export const setBk = (h: Heap, chunk: number, to: number): void => h.mem.store64(chunk + 24, to);
/** Links between the first chunks of each size in a large bin. */
export const fdNextsizeOf = (h: HeapView, chunk: number): number => h.mem.load64(chunk + 32);
export const bkNextsizeOf = (h: HeapView, chunk: number): number => h.mem.load64(chunk + 40);
export const setFdNextsize = (h: Heap, chunk: number, to: number): void => h.mem.store64(chunk + 32, to);
export const setBkNextsize = (h: Heap, chunk: number, to: number): void => h.mem.store64(chunk + 40, to);

/** A large free chunk outside the large bins has no neighbours in size. */
export function clearNextsize(h: Heap, chunk: number): void {
  setFdNextsize(h, chunk, NULL);
  setBkNextsize(h, chunk, NULL);
}

/** Bytes a program may use. glibc: memsize. */
export const blockBytes = (h: HeapView, chunk: number): number =>
  sizeOf(h, chunk) - HEADER + (isMmapped(h, chunk) ? 0 : SIZE_WORD);

/** No chunk starts there: the block would not be aligned. */
export const isMisaligned = (address: number): boolean => (address & 15) !== 0;

/** glibc's test that a chunk does not wrap round the end of the address space; `size` as a signed word. */
export const wrapsRound = (chunk: number, size: number): boolean => size === 0 || (size < 0 && chunk > -size);
