import { firstFrom, insertRow, NO_ROW, removeRow, rowsOf } from '../../base/row-tree.ts';
import { allocRow, freeRow } from '../../base/table.ts';
import type { KernelState } from '../state.ts';
import { allocatorRow } from './allocators.ts';
import { treesOf } from './trees.ts';

/**
 * Chunks of a process that were freed and not sorted yet. Nothing in such a chunk says so, and to walk the ring for each
 * question would take long in a heap of many. Addresses of chunks that were joined to one before them may stay until
 * that one leaves; nobody asks for them.
 */
function firstRow(k: KernelState, owner: number, address: number): number {
  const { unsorted, allocators } = k.heapTables;
  return firstFrom(treesOf(k.heapTables).unsorted, allocators.unsorted[owner]!, (row) => {
    return unsorted.address[row]! < address;
  });
}

/** Whether a free chunk waits to be sorted. */
export function isUnsorted(k: KernelState, pid: number, chunk: number): boolean {
  const owner = allocatorRow(k, pid);
  const row = owner === NO_ROW ? NO_ROW : firstRow(k, owner, chunk);
  return row !== NO_ROW && k.heapTables.unsorted.address[row] === chunk;
}

export function addUnsorted(k: KernelState, pid: number, chunk: number): void {
  const owner = allocatorRow(k, pid);
  if (owner === NO_ROW || isUnsorted(k, pid, chunk)) return;
  const { unsorted, allocators } = k.heapTables;
  const row = allocRow(unsorted);
  unsorted.address[row] = chunk;
  allocators.unsorted[owner] = insertRow(treesOf(k.heapTables).unsorted, allocators.unsorted[owner]!, row);
}

/** The chunks in [from, to) wait no longer. */
export function dropUnsorted(k: KernelState, pid: number, from: number, to: number): void {
  const owner = allocatorRow(k, pid);
  if (owner === NO_ROW) return;
  const { unsorted, allocators } = k.heapTables;
  for (let row = firstRow(k, owner, from); row !== NO_ROW && unsorted.address[row]! < to;) {
    allocators.unsorted[owner] = removeRow(treesOf(k.heapTables).unsorted, allocators.unsorted[owner]!, row);
    freeRow(unsorted, row);
    row = firstRow(k, owner, from);
  }
}

export function copyUnsorted(k: KernelState, parent: number, child: number): void {
  const { unsorted, allocators } = k.heapTables;
  const rows = rowsOf(treesOf(k.heapTables).unsorted, allocators.unsorted[allocatorRow(k, parent)]!);
  for (const row of rows) addUnsorted(k, child, unsorted.address[row]!);
}
