import { ALLOCATOR_STATE_BYTES, usesDebugArena } from './allocator.ts';
import { arenaInt, arenaWord, type HeapView } from './heap.ts';
import { MP } from './layout.ts';

/** Questions about a heap that are answered by looking alone. */

/** Address of the arena that serves the program: the debug library has one of its own. */
export const arenaInUse = (arena: number, environment: ReadonlyMap<string, string>): number =>
  usesDebugArena(environment) ? arena + ALLOCATOR_STATE_BYTES / 2 : arena;

/** Whether the allocator was called yet. */
export const heapUnderway = (h: HeapView): boolean => arenaInt(h, MP.initialized) !== 0;

/** The byte that freed blocks are filled with, 0 for none. */
export const perturbByteOf = (h: HeapView): number => arenaInt(h, MP.perturbByte) & 0xff;

/** Address of the first byte the allocator got from the break, 0 while it has none. */
export const heapBase = (h: HeapView): number => arenaWord(h, MP.sbrkBase);
