import { chunkOf, FLAG, flagsOf } from './chunk.ts';
import { assertionFails, NULL, type Heap } from './heap.ts';
import { alignDown } from './word.ts';

/** Arenas of threads start at multiples of this. glibc: HEAP_MAX_SIZE. */
const THREAD_HEAP = 64 * 1024 * 1024;

/**
 * A chunk that says it is of a thread's arena makes glibc look for that arena's header, which no process here has: a
 * damaged size word ends in a fault there. glibc 2.36 malloc/arena.c arena_for_chunk, heap_for_ptr.
 * @returns the arena's address
 */
export function arenaForChunk(h: Heap, chunk: number): number {
  if ((flagsOf(h, chunk) & FLAG.NON_MAIN_ARENA) === 0) return h.arena;
  return h.mem.load64(alignDown(chunk, THREAD_HEAP));
}

/** What glibc asserts of a block before it hands it out. @returns the block */
export function ofMainArena(h: Heap, block: number, where: string, name: string): number {
  if (block === NULL) return NULL;
  const chunk = chunkOf(block);
  if ((flagsOf(h, chunk) & FLAG.IS_MMAPPED) === 0 && arenaForChunk(h, chunk) !== h.arena) {
    const found = `chunk_is_mmapped (mem2chunk (${name})) || &main_arena == arena_for_chunk (mem2chunk (${name}))`;
    assertionFails(h, where, `!${name} || ${found}`);
  }
  return block;
}
