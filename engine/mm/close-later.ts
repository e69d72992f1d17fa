import type { MmId, ObjectId } from '../base/units.ts';
import { dropObjectUser, useObject } from './object.ts';
import type { MemoryState } from './state.ts';
import { findVmaIndex, vmaAt, vmaCount } from './vma-list.ts';

/**
 * What is mapped in [start, end) now is closed, if nobody maps it any more, only when the call returns to the program:
 * its pages are not there for what the call faults in. Source: Linux 6.18 fs/file_table.c fput, task_work_run.
 */
export function closingAfter<T>(k: MemoryState, mm: MmId, start: number, end: number, work: () => T): T {
  const open = objectsIn(k, mm, start, end);
  for (const object of open) useObject(k, object);
  const result = work();
  for (const object of open) dropObjectUser(k, object);
  return result;
}

function objectsIn(k: MemoryState, mm: MmId, start: number, end: number): ObjectId[] {
  const found = new Set<ObjectId>();
  for (let i = findVmaIndex(k, mm, start); i < vmaCount(k, mm); i++) {
    const vma = vmaAt(k, mm, i);
    if (k.vmas.start[vma]! >= end) break;
    if (k.vmas.object[vma]! >= 0) found.add(k.vmas.object[vma]! as ObjectId);
  }
  return [...found];
}
