import { allocRow, freeRow, isLive } from '../../base/table.ts';
import { isAlive } from '../../proc/task.ts';
import type { KernelState } from '../state.ts';
import { allocatorRow, copyHeld, hasAllocator, noteAllocator } from './allocators.ts';
import { copyBlocks, dropBlocks } from './blocks.ts';
import { copyDesign, dropDesign } from './chosen-design.ts';
import { copyPointers, dropPointers } from './pointers.ts';
import { copyUnsorted, dropUnsorted } from './unsorted.ts';

/** The life of all records of a process together. */

/** A forked child has all that its parent has: the same addresses in a memory of its own. */
export function copyHeapRecords(k: KernelState, parent: number, child: number): void {
  copyDesign(k, parent, child);
  if (!hasAllocator(k, parent)) return;
  copyHeld(k, allocatorRow(k, parent), noteAllocator(k, child));
  copyPointers(k, parent, child);
  copyBlocks(k, parent, child);
  copyUnsorted(k, parent, child);
  const { damage } = k.heapTables;
  for (let row = 0, rows = damage.rows; row < rows; row++) {
    if (!isLive(damage, row) || damage.pid[row] !== parent) continue;
    const copy = allocRow(damage);
    damage.pid[copy] = child;
    damage.address[copy] = damage.address[row]!;
    damage.length[copy] = damage.length[row]!;
    damage.event[copy] = damage.event[row]!;
    damage.kind[copy] = damage.kind[row]!;
  }
}

/** The process has ended, or runs another program. */
export function dropHeapRecords(k: KernelState, pid: number): void {
  const { allocators, damage } = k.heapTables;
  dropDesign(k, pid);
  dropPointers(k, pid);
  dropBlocks(k, pid);
  dropUnsorted(k, pid, 0, Infinity);
  for (const table of [allocators, damage]) {
    for (let row = 0; row < table.rows; row++) if (isLive(table, row) && table.pid[row] === pid) freeRow(table, row);
  }
}

/** Behind every command: records of tasks that have ended in it go. */
export function sweepHeapRecords(k: KernelState): void {
  const { allocators, designs } = k.heapTables;
  for (const table of [allocators, designs]) {
    for (let row = 0; row < table.rows; row++) {
      if (isLive(table, row) && !isAlive(k, table.pid[row]!)) dropHeapRecords(k, table.pid[row]!);
    }
  }
}
