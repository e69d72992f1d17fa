import type { Call, LibraryFunction } from './call.ts';
import { errorNumber } from './errors.ts';

/** malloc.h, sys/mman.h, and the break. */

const MAP_FAILED = -1;
const MALLINFO = [
  'arena',
  'ordblks',
  'smblks',
  'hblks',
  'hblkhd',
  'usmblks',
  'fsmblks',
  'uordblks',
  'fordblks',
  'keepcost',
] as const;

/** What calls of the kernel say is zero or an error number. */
const simple =
  (run: (c: Call) => number): LibraryFunction =>
  (c) =>
    c.result(run(c));

/** Fills the struct that the hidden first argument points to. */
function mallinfo(c: Call, size: 4 | 8): number {
  const target = c.long(0);
  const info = c.caller.heap((allocator) => allocator.mallinfo2());
  MALLINFO.forEach((field, i) => {
    const value = info[field] ?? 0;
    if (size === 8) c.setWord(target + 8 * i, value);
    else c.cpu.storeAt(target + 4 * i, 4, value);
  });
  return target;
}

export const MEMORY: Readonly<Record<string, LibraryFunction>> = {
  malloc: (c) => c.caller.heap((a) => a.malloc(c.long(0))),
  calloc: (c) => c.caller.heap((a) => a.calloc(c.long(0), c.long(1))),
  realloc: (c) => c.caller.heap((a) => a.realloc(c.long(0), c.long(1))),
  reallocarray: (c) => c.caller.heap((a) => a.reallocarray(c.long(0), c.long(1), c.long(2))),
  free: (c) => c.caller.heap((a) => a.free(c.long(0))),
  memalign: (c) => c.caller.heap((a) => a.memalign(c.long(0), c.long(1))),
  aligned_alloc: (c) => c.caller.heap((a) => a.memalign(c.long(0), c.long(1))),
  valloc: (c) => c.caller.heap((a) => a.valloc(c.long(0))),
  posix_memalign: (c) => {
    const { error, block } = c.caller.heap((a) => a.posixMemalign(c.long(1), c.long(2)));
    if (error !== null) return errorNumber(error);
    c.setWord(c.long(0), block);
    return 0;
  },
  malloc_usable_size: (c) => c.caller.heap((a) => a.usableSize(c.long(0))),
  malloc_trim: (c) => c.caller.heap((a) => a.trim(c.long(0))),
  mallopt: (c) => c.caller.heap((a) => a.mallopt(c.int(0), c.int(1))),
  mallinfo2: (c) => mallinfo(c, 8),
  mallinfo: (c) => mallinfo(c, 4),
  malloc_stats: (c) => {
    c.system.write(2, new TextEncoder().encode(c.caller.heap((a) => a.statsText())), null);
  },
  __brk: (c) => c.system.brk(c.long(0)),
  /** glibc 2.36 misc/sbrk.c: a smaller break that the kernel refuses is no failure to it. */
  sbrk: (c) => {
    const before = c.system.brk(0);
    const by = c.big(0);
    if (by === 0n) return before;
    const wanted = BigInt(before) + by;
    const overflows = by > 0n ? wanted >= 2n ** 64n : wanted < 0n;
    if (overflows) {
      c.setErrno(errorNumber('ENOMEM'));
      return -1;
    }
    if (c.system.brk(Number(wanted)) >= Number(wanted)) return before;
    c.setErrno(errorNumber('ENOMEM'));
    return -1;
  },
  mmap: (c) => {
    const at = c.system.mmap(c.long(0), c.size(1), c.int(2), c.int(3), c.int(4), c.long(5));
    return at < 0 ? c.result(at) && MAP_FAILED : at;
  },
  mremap: (c) => {
    const at = c.system.mremap(c.long(0), c.size(1), c.size(2), c.int(3), c.long(4));
    return at < 0 ? c.result(at) && MAP_FAILED : at;
  },
  munmap: simple((c) => c.system.munmap(c.long(0), c.size(1))),
  mprotect: simple((c) => c.system.mprotect(c.long(0), c.size(1), c.int(2))),
  madvise: simple((c) => c.system.madvise(c.long(0), c.size(1), c.int(2))),
  posix_madvise: (c) => (c.int(2) === 4 ? 0 : -c.system.madvise(c.long(0), c.size(1), c.int(2))),
  mincore: (c) => {
    const found = c.system.mincore(c.long(0), c.size(1));
    if (typeof found === 'number') return c.result(found);
    c.cpu.write(c.long(2), Uint8Array.from(found));
    return 0;
  },
  msync: simple((c) => c.system.msync(c.long(0), c.size(1), c.int(2))),
  mlock: simple((c) => c.system.mlock(c.long(0), c.size(1), 0)),
  mlock2: simple((c) => c.system.mlock(c.long(0), c.size(1), c.int(2))),
  munlock: simple((c) => c.system.munlock(c.long(0), c.size(1))),
  mlockall: simple((c) => c.system.mlockall(c.int(0))),
  munlockall: simple((c) => c.system.munlockall()),
};
