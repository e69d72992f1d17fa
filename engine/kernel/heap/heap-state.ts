import { PAGE_SIZE } from '../../base/units.ts';
import { arenaInUse, FLAT_LAYOUT, heapBase, heapUnderway, type HeapView } from '../../malloc/index.ts';
import { mmOf } from '../../proc/task.ts';
import type { Pid } from '../../base/units.ts';
import type { KernelState } from '../state.ts';
import { environmentOf } from './environment.ts';
import { PeekMemory } from './peek-memory.ts';
import { hasAllocator } from './allocators.ts';

/** The heap of a process for whoever only looks; null while it has none. */
export function heapOf(k: KernelState, pid: number): HeapView | null {
  if (!hasAllocator(k, pid) || (k.tasks.mm[pid] ?? -1) < 0) return null;
  const view = { mem: new PeekMemory(k, pid), arena: arenaInUse(FLAT_LAYOUT.arena, environmentOf(k)) };
  return heapUnderway(view) ? view : null;
}

/** Where the heap lies: from the first break the allocator saw to the break now. Bytes; null while there is none. */
export function heapExtent(k: KernelState, pid: number): { readonly start: number; readonly end: number } | null {
  const view = heapOf(k, pid);
  const start = view === null ? 0 : heapBase(view);
  if (start === 0) return null;
  return { start, end: Math.max(start, k.mms.brk[mmOf(k, pid as Pid)]!) };
}

/** Is there a heap to be looked at? */
export const hasHeap = (k: KernelState, pid: number): boolean => heapExtent(k, pid) !== null;

export const pageOfAddress = (address: number): number => Math.floor(address / PAGE_SIZE);
