import { ARENA, MP } from './layout.ts';
import type { ChunkEvent, ChunkState } from './chunk.machine.ts';
import type { MallocMemory, WordReader } from './memory.ts';
import { AllocatorStop } from './stop.ts';

/** What the allocator did on its way, for whoever draws or explains it. Never needed for the result. */
export interface HeapWatcher {
  /** A stretch of memory changed its state; `chunk` is its header's address. */
  chunkMoved(chunk: number, from: ChunkState, event: ChunkEvent, to: ChunkState): void;
  /** The bin a free chunk still lies in: its header does not tell, so a watcher that wants it exact looks or keeps it. */
  stateOfFree(chunk: number): 'unsorted' | 'small' | 'large' | null;
  /** A step of the way from a request to its block; a, b as its name says. */
  step(step: HeapStep, a: number, b: number): void;
}

/** Steps with what a and b stand for. */
export type HeapStep =
  | 'request' // bytes asked, chunk size
  | 'tcache.hit' // bin, chunk
  | 'fastbin.hit' // bin, chunk
  | 'smallbin.hit' // bin, chunk
  | 'unsorted.visit' // chunk, its size
  | 'bin.search' // bin, chunk found
  | 'split' // chunk, rest
  | 'top.carve' // chunk, bytes left in top
  | 'consolidate' // 0, 0
  | 'system.brk' // bytes wanted, break before or FAILED
  | 'system.mmap' // bytes, address or FAILED
  | 'system.munmap' // address, bytes
  | 'system.trim'; // bytes wanted back, bytes got

/** What it takes to look at a heap. */
export interface HeapView {
  readonly mem: WordReader;
  /** Address of main_arena. */
  readonly arena: number;
}

/**
 * One process's allocator as the functions here pass it on: the way to its memory, and where in it main_arena lies.
 * Everything that lasts is in that memory.
 */
export interface Heap extends HeapView {
  readonly mem: MallocMemory;
  /** The debug library is built without one. */
  readonly hasTcache: boolean;
  /** Whether the C library's own end of line follows an abort's text. */
  readonly endsMessages: boolean;
  /** Settings of the environment by name of the tunable, e.g. `tcache_count`; read when the arena is set up. */
  readonly tunables: ReadonlyMap<string, number>;
  watcher: HeapWatcher | null;
  /** Rules that tests switch off. */
  readonly off: AllocatorRulesOff;
}

/** What tests let an allocator not do, to see that lessons are about it. */
export interface AllocatorRulesOff {
  /** Free chunks stay as they are. */
  readonly neverJoins: boolean;
  /** The tcache takes a block twice and hands out whatever its links lead to. */
  readonly neverChecks: boolean;
}

export const ALL_RULES: AllocatorRulesOff = { neverJoins: false, neverChecks: false };

/** NULL. */
export const NULL = 0;

export const arenaWord = (h: HeapView, offset: number): number => h.mem.load64(h.arena + offset);
export const setArenaWord = (h: Heap, offset: number, value: number): void => h.mem.store64(h.arena + offset, value);
/** A C int of the arena. */
export const arenaInt = (h: HeapView, offset: number): number => h.mem.load32(h.arena + offset) | 0;
export const setArenaInt = (h: Heap, offset: number, value: number): void => h.mem.store32(h.arena + offset, value);

export const topOf = (h: HeapView): number => arenaWord(h, ARENA.top);
export const setTop = (h: Heap, chunk: number): void => setArenaWord(h, ARENA.top, chunk);
export const systemMem = (h: HeapView): number => arenaWord(h, ARENA.systemMem);
/** Largest chunk that goes to a fastbin. glibc: get_max_fast. */
export const maxFast = (h: HeapView): number => arenaWord(h, MP.globalMaxFast);

/** malloc_printerr: a message, then abort. */
export function abort(h: Heap, text: string): never {
  throw new AllocatorStop({ kind: 'abort', message: h.endsMessages ? `${text}\n` : text });
}

/** glibc 2.36 malloc/malloc.c __malloc_assert. */
export function assertionFails(h: Heap, where: string, expression: string): never {
  return abort(h, `Fatal glibc error: malloc assertion failure in ${where}: ${expression}`);
}

/** Fills a block handed out under M_PERTURB. glibc: alloc_perturb. */
export function perturbAllocated(h: Heap, block: number, bytes: number): void {
  const value = arenaInt(h, MP.perturbByte);
  if (value !== 0) h.mem.fill(block, bytes, (value ^ 0xff) & 0xff);
}

/** Fills a block given back under M_PERTURB. glibc: free_perturb. */
export function perturbFreed(h: Heap, block: number, bytes: number): void {
  const value = arenaInt(h, MP.perturbByte);
  if (value !== 0) h.mem.fill(block, bytes, value & 0xff);
}
