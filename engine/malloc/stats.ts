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
  SIZE_WORD,
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

/** Bytes in a list of chunks. A damaged size has 64 bits, so what no double holds is added up apart. */
class ByteSum {
  private exact = 0;
  private huge = 0n;

  add(h: Heap, chunk: number): void {
    const size = sizeOf(h, chunk);
    if (Number.isSafeInteger(size)) this.exact += size;
    else this.huge += wordOf(h, chunk + SIZE_WORD) & ~7n;
  }

  /** As a C long. */
  get total(): bigint {
    return BigInt.asIntN(64, BigInt(this.exact) + this.huge);
  }
}

/** All 64 bits of a word. */
const wordOf = (h: Heap, address: number): bigint =>
  (BigInt(h.mem.load32(address + 4)) << 32n) | BigInt(h.mem.load32(address));

/** mallinfo2(3). glibc 2.36 malloc/malloc.c __libc_mallinfo2. */
export function mallinfo2(h: Heap): Mallinfo {
  const words = mallinfoWords(h);
  return Object.fromEntries(Object.entries(words).map(([field, word]) => [field, Number(word)])) as unknown as Mallinfo;
}

/** The same to the last bit, also of a heap with damaged sizes; by walking all lists. glibc: int_mallinfo. */
export function mallinfoWords(h: Heap): Readonly<Record<keyof Mallinfo, bigint>> {
  ensureInitialized(h);
  const limit = systemMem(h) / MIN_CHUNK + 1;
  const free = new ByteSum();
  const top = new ByteSum();
  top.add(h, topOf(h));
  free.add(h, topOf(h));
  const fast = new ByteSum();
  const smblks = countFast(h, limit, fast);
  let ordblks = 1;
  for (let bin = 1; bin < NBINS; bin++) {
    const head = binAt(h, bin);
    for (let chunk = bkOf(h, head); chunk !== head; chunk = bkOf(h, chunk)) {
      if (ordblks > limit) loopIn('bin');
      ordblks++;
      free.add(h, chunk);
    }
  }
  const arena = BigInt(systemMem(h));
  const fordblks = BigInt.asIntN(64, free.total + fast.total);
  return {
    arena,
    ordblks: BigInt(ordblks),
    smblks: BigInt(smblks),
    hblks: BigInt(arenaInt(h, MP.nMmaps)),
    hblkhd: BigInt(arenaWord(h, MP.mmappedMem)),
    usmblks: 0n,
    fsmblks: fast.total,
    uordblks: BigInt.asIntN(64, arena - fordblks),
    fordblks,
    keepcost: top.total,
  };
}

/** @returns the number of chunks in fastbins */
function countFast(h: Heap, limit: number, sum: ByteSum): number {
  let chunks = 0;
  for (let bin = 0; bin < NFASTBINS; bin++) {
    const head = fastbinAt(h, bin);
    let low = h.mem.load32(head);
    for (let chunk = h.mem.load64(head); chunk !== NULL;) {
      if (isMisaligned(low)) abort(h, 'int_mallinfo(): unaligned fastbin chunk detected');
      if (chunks > limit) loopIn('fastbin');
      chunks++;
      sum.add(h, chunk);
      low = linkLow(h, blockOf(chunk));
      chunk = loadLink(h, blockOf(chunk));
    }
  }
  return chunks;
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
