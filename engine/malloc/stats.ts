import { binAt } from './bins.ts';
import {
  bkOf,
  blockBytes,
  blockOf,
  chunkOf,
  HEADER,
  isInuse,
  isMisaligned,
  isMmapped,
  MIN_CHUNK,
  sizeOf,
} from './chunk.ts';
import { abort, arenaInt, arenaWord, NULL, systemMem, topOf, type Heap } from './heap.ts';
import { fastbinAt } from './fastbins.ts';
import { ensureInitialized } from './init.ts';
import { MP, NBINS, NFASTBINS } from './layout.ts';
import { linkLow, loadLink } from './safe-link.ts';
import { loopIn } from './stop.ts';
import { unsigned } from './word.ts';

/** struct mallinfo2 of malloc.h. Blocks of the tcache count as in use. */
export interface Mallinfo {
  readonly arena: number; // bytes from the break
  readonly ordblks: number; // free chunks, the top one of them
  readonly smblks: number; // chunks in fastbins
  readonly hblks: number; // mapped chunks
  readonly hblkhd: number; // bytes in them
  readonly usmblks: number; // always 0
  readonly fsmblks: number; // bytes in fastbins
  readonly uordblks: number; // bytes in use
  readonly fordblks: number; // bytes free
  readonly keepcost: number; // bytes of the top
}

/** mallinfo2(3), by walking all lists. glibc 2.36 malloc/malloc.c int_mallinfo. */
export function mallinfo2(h: Heap): Mallinfo {
  ensureInitialized(h);
  const limit = systemMem(h) / MIN_CHUNK + 1;
  const keepcost = sizeOf(h, topOf(h));
  const fast = countFast(h, limit);
  let ordblks = 1;
  let free = keepcost + fast.bytes;
  for (let bin = 1; bin < NBINS; bin++) {
    const head = binAt(h, bin);
    for (let chunk = bkOf(h, head); chunk !== head; chunk = bkOf(h, chunk)) {
      if (ordblks > limit) loopIn('bin');
      ordblks++;
      free += sizeOf(h, chunk);
    }
  }
  return {
    arena: systemMem(h),
    ordblks,
    smblks: fast.chunks,
    hblks: arenaInt(h, MP.nMmaps),
    hblkhd: arenaWord(h, MP.mmappedMem),
    usmblks: 0,
    fsmblks: fast.bytes,
    uordblks: systemMem(h) - free,
    fordblks: free,
    keepcost,
  };
}

function countFast(h: Heap, limit: number): { readonly chunks: number; readonly bytes: number } {
  let chunks = 0;
  let bytes = 0;
  for (let bin = 0; bin < NFASTBINS; bin++) {
    const head = fastbinAt(h, bin);
    let low = h.mem.load32(head);
    for (let chunk = h.mem.load64(head); chunk !== NULL;) {
      if (isMisaligned(low)) abort(h, 'int_mallinfo(): unaligned fastbin chunk detected');
      if (chunks > limit) loopIn('fastbin');
      chunks++;
      bytes += sizeOf(h, chunk);
      low = linkLow(h, blockOf(chunk));
      chunk = loadLink(h, blockOf(chunk));
    }
  }
  return { chunks, bytes };
}

const line = (what: string, value: number, bits: 32 | 64): string =>
  `${what} = ${String(bits === 32 ? value % 2 ** 32 : unsigned(value)).padStart(10)}\n`;

/** What malloc_stats(3) writes to standard error. Sums are C unsigned ints. glibc 2.36 malloc/malloc.c __malloc_stats. */
export function mallocStatsText(h: Heap): string {
  const { arena, uordblks, hblkhd } = mallinfo2(h);
  return (
    'Arena 0:\n' +
    line('system bytes    ', arena, 32) +
    line('in use bytes    ', uordblks, 32) +
    'Total (incl. mmap):\n' +
    line('system bytes    ', arena + hblkhd, 32) +
    line('in use bytes    ', uordblks + hblkhd, 32) +
    line('max mmap regions', arenaInt(h, MP.maxNMmaps), 32) +
    line('max mmap bytes  ', arenaWord(h, MP.maxMmappedMem), 64)
  );
}

/**
 * malloc_usable_size(3): what fits in the block, 0 for one that lies free in a bin. glibc 2.36 malloc/malloc.c musable.
 */
export function mallocUsableSize(h: Heap, block: number): number {
  if (block === NULL) return 0;
  const chunk = chunkOf(block);
  if (isMmapped(h, chunk)) return sizeOf(h, chunk) - HEADER;
  return isInuse(h, chunk) ? blockBytes(h, chunk) : 0;
}
