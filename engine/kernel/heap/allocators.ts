import { NO_ROW } from '../../base/row-tree.ts';
import { allocRow, isLive } from '../../base/table.ts';
import type { KernelState } from '../state.ts';

/** The row of a process that has called its allocator, NO_ROW for others. */
export function allocatorRow(k: KernelState, pid: number): number {
  const { allocators } = k.heapTables;
  for (let row = 0; row < allocators.rows; row++) {
    if (allocators.pid[row] === pid && isLive(allocators, row)) return row;
  }
  return NO_ROW;
}

export const hasAllocator = (k: KernelState, pid: number): boolean => allocatorRow(k, pid) !== NO_ROW;

/** The process has called its allocator, and may have names, blocks and damage from now on. @returns its row */
export function noteAllocator(k: KernelState, pid: number): number {
  const known = allocatorRow(k, pid);
  if (known !== NO_ROW) return known;
  const { allocators } = k.heapTables;
  const row = allocRow(allocators);
  allocators.pid[row] = pid;
  allocators.blocks[row] = NO_ROW;
  allocators.names[row] = NO_ROW;
  allocators.places[row] = NO_ROW;
  allocators.unsorted[row] = NO_ROW;
  return row;
}
