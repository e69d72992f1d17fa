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

/** What an allocator's calls took from the system and gave back: bytes, and how many calls. */
export interface HeldChange {
  readonly held: number;
  /** The most it held meanwhile, from 0 at the start. */
  readonly peak: number;
  readonly systemCalls: number;
}

export function noteHeld(k: KernelState, pid: number, change: HeldChange): void {
  const row = allocatorRow(k, pid);
  if (row === NO_ROW) return;
  const { allocators } = k.heapTables;
  const before = allocators.held[row]!;
  allocators.held[row] = before + change.held;
  allocators.peak[row] = Math.max(allocators.peak[row]!, before + change.peak);
  allocators.systemCalls[row]! += change.systemCalls;
}

/** Free blocks were looked at to find room. */
export function noteLooks(k: KernelState, pid: number, looks: number): void {
  const row = allocatorRow(k, pid);
  if (row !== NO_ROW) k.heapTables.allocators.looks[row]! += looks;
}

/** A forked child holds what its parent does, and has asked for nothing itself. */
export function copyHeld(k: KernelState, parent: number, child: number): void {
  const { asked, held, peak } = k.heapTables.allocators;
  asked[child] = asked[parent]!;
  held[child] = held[parent]!;
  peak[child] = held[parent]!;
}
