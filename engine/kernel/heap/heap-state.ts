import { PAGE_SIZE } from '../../base/units.ts';
import { DESIGN_LOOKS, type DesignLook } from '../../malloc/designs/index.ts';
import { arenaInUse, FLAT_LAYOUT, heapBase, heapUnderway, type HeapView } from '../../malloc/index.ts';
import { mmOf } from '../../proc/task.ts';
import type { Pid } from '../../base/units.ts';
import type { KernelState } from '../state.ts';
import { environmentOf } from './environment.ts';
import { PeekMemory } from './peek-memory.ts';
import { hasAllocator } from './allocators.ts';
import { designOf } from './chosen-design.ts';

/** The glibc heap of a process for whoever only looks; null while it has none, or has another allocator. */
export function heapOf(k: KernelState, pid: number): HeapView | null {
  const isProgram = runsProgram(k, pid) && (k.tasks.mm[pid] ?? -1) >= 0;
  if (!isProgram && (!hasMemory(k, pid) || designOf(k, pid) !== 'glibc')) return null;
  const view = { mem: new PeekMemory(k, pid), arena: arenaInUse(FLAT_LAYOUT.arena, environmentOf(k)) };
  return heapUnderway(view) ? view : null;
}

/** A C program has glibc's allocator from its start, whatever the console did before it. */
const runsProgram = (k: KernelState, pid: number): boolean =>
  pid < k.programs.processes.rows && k.programs.processes.image[pid]! > 0;

/** A heap of another design, and how to look at it; null while there is none. */
export interface DesignedHeap {
  readonly view: HeapView;
  readonly look: DesignLook;
}

export function designedHeap(k: KernelState, pid: number): DesignedHeap | null {
  const design = designOf(k, pid);
  if (design === 'glibc' || !hasMemory(k, pid) || runsProgram(k, pid)) return null;
  const heap = { view: { mem: new PeekMemory(k, pid), arena: FLAT_LAYOUT.arena }, look: DESIGN_LOOKS[design] };
  return heap.look.extent(heap.view).start === 0 ? null : heap;
}

const hasMemory = (k: KernelState, pid: number): boolean => hasAllocator(k, pid) && (k.tasks.mm[pid] ?? -1) >= 0;

/** Where the heap lies: from the first break the allocator saw to the break now. Bytes; null while there is none. */
export function heapExtent(k: KernelState, pid: number): { readonly start: number; readonly end: number } | null {
  const designed = designedHeap(k, pid);
  if (designed !== null) return designed.look.extent(designed.view);
  const view = heapOf(k, pid);
  const start = view === null ? 0 : heapBase(view);
  if (start === 0) return null;
  return { start, end: Math.max(start, k.mms.brk[mmOf(k, pid as Pid)]!) };
}

/** Is there a heap to be looked at? */
export const hasHeap = (k: KernelState, pid: number): boolean => heapExtent(k, pid) !== null;

export const pageOfAddress = (address: number): number => Math.floor(address / PAGE_SIZE);
