import { PAGE_SIZE } from '../base/units.ts';
import type { Errno } from '../base/errno.ts';
import { checkedFree, checkedMalloc, checkedMemalign, checkedRealloc, checkedUsableSize } from './debug-check.ts';
import { free } from './free.ts';
import { ALL_RULES, arenaInt, NULL, type Heap, type HeapWatcher } from './heap.ts';
import { ensureInitialized } from './init.ts';
import { LIBC_BYTES, MP } from './layout.ts';
import { mallocTrim } from './malloc-trim.ts';
import { arrayBytes, calloc, malloc } from './malloc.ts';
import { mallopt } from './mallopt.ts';
import { isPosixAlignment, memalign, posixMemalign } from './memalign.ts';
import type { MallocMemory } from './memory.ts';
import { realloc, reallocarray } from './realloc.ts';
import { mallinfo2, mallinfoWords, mallocStatsText, mallocUsableSize, type Mallinfo } from './stats.ts';
import { tunablesOf } from './tunables.ts';
import { unsigned } from './word.ts';

export type AlignedResult = { readonly error: Errno | null; readonly block: number };

/**
 * malloc.h for one process. Sizes are 64-bit words: a number from 2^63 on is given as the negative one that C would
 * print. Blocks are addresses, 0 is NULL. Every call may end in `AllocatorStop`; see `attempt`.
 */
export interface Allocator {
  malloc(bytes: number): number;
  free(block: number): void;
  calloc(n: number, size: number): number;
  realloc(block: number, bytes: number): number;
  reallocarray(block: number, n: number, size: number): number;
  /** Also aligned_alloc. */
  memalign(alignment: number, bytes: number): number;
  posixMemalign(alignment: number, bytes: number): AlignedResult;
  valloc(bytes: number): number;
  usableSize(block: number): number;
  /** @returns 1 when anything was given back */
  trim(pad: number): 0 | 1;
  mallopt(parameter: number, value: number): 0 | 1;
  mallinfo2(): Mallinfo;
  /** The same to the last bit. */
  mallinfoWords(): Readonly<Record<keyof Mallinfo, bigint>>;
  /** What malloc_stats writes to standard error. */
  statsText(): string;
  /** For whoever looks at the arena that serves the program. */
  readonly heap: Heap;
}

/** Bytes that an allocator's own state takes in its process: main_arena twice, the second for the debug library. */
export const ALLOCATOR_STATE_BYTES = 2 * Math.ceil(LIBC_BYTES / 16) * 16;

/**
 * The allocator of a process. All that lasts is in its memory, so this object may be made anew at any time.
 * @param arena address of ALLOCATOR_STATE_BYTES zeroed bytes, aligned to 16
 * @param off rules that tests switch off
 * @param environment variables: GLIBC_TUNABLES, MALLOC_*, LD_PRELOAD with libc_malloc_debug.so
 */
export function makeAllocator(
  mem: MallocMemory,
  arena: number,
  environment: ReadonlyMap<string, string> = new Map(),
  watcher: HeapWatcher | null = null,
  off = ALL_RULES,
): Allocator {
  const tunables = tunablesOf(environment);
  const heap: Heap = { mem, arena, hasTcache: true, endsMessages: true, tunables, watcher, off };
  if (!(environment.get('LD_PRELOAD') ?? '').includes('libc_malloc_debug.so')) return plainAllocator(heap);
  const checks = usesDebugArena(environment);
  const debug: Heap = { ...heap, arena: arena + ALLOCATOR_STATE_BYTES / 2, hasTcache: false, endsMessages: false };
  return checks ? checkingAllocator(debug, plainAllocator(heap)) : preloadedAllocator(heap, debug);
}

/** Whether blocks come from the debug library's own arena: it is loaded, and told to check. */
export function usesDebugArena(environment: ReadonlyMap<string, string>): boolean {
  if (!(environment.get('LD_PRELOAD') ?? '').includes('libc_malloc_debug.so')) return false;
  return (tunablesOf(environment).get('check') ?? 0) !== 0;
}

const isSetUp = (h: Heap): boolean => arenaInt(h, MP.initialized) !== 0;

function plainAllocator(h: Heap): Allocator {
  return {
    malloc: (bytes) => malloc(h, bytes),
    free: (block) => free(h, block),
    calloc: (n, size) => calloc(h, n, size),
    realloc: (block, bytes) => realloc(h, block, bytes),
    reallocarray: (block, n, size) => reallocarray(h, block, n, size),
    memalign: (alignment, bytes) => memalign(h, alignment, bytes),
    posixMemalign: (alignment, bytes) => posixMemalign(h, alignment, bytes),
    valloc: (bytes) => memalign(h, PAGE_SIZE, bytes),
    usableSize: (block) => mallocUsableSize(h, block),
    trim: (pad) => mallocTrim(h, unsigned(pad)),
    mallopt: (parameter, value) => mallopt(h, parameter, value),
    mallinfo2: () => mallinfo2(h),
    mallinfoWords: () => mallinfoWords(h),
    statsText: () => mallocStatsText(h),
    heap: h,
  };
}

/**
 * With the debug library and no MALLOC_CHECK_: the first call that hands out a block tries malloc and free once.
 * glibc 2.36 malloc/malloc-debug.c generic_hook_ini.
 */
function preloadedAllocator(h: Heap, debug: Heap): Allocator {
  const plain = plainAllocator(h);
  const tried = <A extends unknown[], R>(call: (...args: A) => R) => {
    return (...args: A): R => {
      if (!isSetUp(debug)) {
        ensureInitialized(debug);
        free(h, malloc(h, 0));
      }
      return call(...args);
    };
  };
  return {
    ...plain,
    malloc: tried(plain.malloc),
    calloc(n, size) {
      const bytes = arrayBytes(n, size);
      if (bytes === null) return noMemory(h);
      const block = tried(plain.malloc)(bytes);
      if (block !== NULL) h.mem.fill(block, bytes, 0);
      return block;
    },
    realloc: tried(plain.realloc),
    memalign: tried(plain.memalign),
    valloc: tried(plain.valloc),
    posixMemalign: (alignment, bytes) =>
      isPosixAlignment(alignment) ? tried(plain.posixMemalign)(alignment, bytes) : { error: 'EINVAL', block: NULL },
  };
}

/**
 * With MALLOC_CHECK_ and the debug library, which has an arena of its own; until that is set up the other functions
 * answer for the C library's. glibc 2.36 malloc/malloc-debug.c.
 */
function checkingAllocator(h: Heap, libc: Allocator): Allocator {
  const ready = (): Heap => {
    ensureInitialized(h);
    return h;
  };
  const own = plainAllocator(h);
  const current = (): Allocator => (isSetUp(h) ? own : libc);
  const checkedCalloc = (n: number, size: number): number => {
    const bytes = arrayBytes(n, size);
    if (bytes === null) return noMemory(h);
    const block = checkedMalloc(ready(), bytes);
    if (block !== NULL) h.mem.fill(block, bytes, 0);
    return block;
  };
  return {
    malloc: (bytes) => checkedMalloc(ready(), bytes),
    free: (block) => checkedFree(h, block),
    calloc: checkedCalloc,
    realloc: (block, bytes) => checkedRealloc(ready(), block, bytes),
    reallocarray: (block, n, size) => checkedRealloc(ready(), block, arrayBytes(n, size) ?? -2),
    memalign: (alignment, bytes) => checkedMemalign(ready(), alignment, bytes),
    posixMemalign(alignment, bytes) {
      if (!isPosixAlignment(alignment)) return { error: 'EINVAL', block: NULL };
      const block = checkedMemalign(ready(), alignment, bytes);
      return block === NULL ? { error: 'ENOMEM', block } : { error: null, block };
    },
    valloc: (bytes) => checkedMemalign(ready(), PAGE_SIZE, bytes),
    usableSize: (block) => (isSetUp(h) ? checkedUsableSize(h, block) : libc.usableSize(block)),
    trim: (pad) => current().trim(pad),
    mallopt: (parameter, value) => current().mallopt(parameter, value),
    mallinfo2: () => current().mallinfo2(),
    mallinfoWords: () => current().mallinfoWords(),
    statsText: () => current().statsText(),
    heap: h,
  };
}

function noMemory(h: Heap): number {
  h.mem.setErrno('ENOMEM');
  return NULL;
}
