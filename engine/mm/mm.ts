import { DEFAULT_MEMLOCK_LIMIT, DEFAULT_STACK_LIMIT } from '../base/limits.ts';
import { allocRow, freeRow } from '../base/table.ts';
import type { MmId, Pid } from '../base/units.ts';
import { freeTopTable, makeTopTable } from './page-table.ts';
import { isReal } from './real-mode.ts';
import { drainMlockBatch } from './mlock-batch.ts';
import type { MemoryState } from './state.ts';
import { unmapAll } from './munmap.ts';
import { forgetSpace } from './tlb-flush.ts';
import { freeVmaList, makeVmaList } from './vma-list.ts';

/**
 * An empty address space with its top page table. Source: Linux kernel/fork.c mm_init.
 * @returns null when no frame could be had for the table
 */
export function makeMm(k: MemoryState, pid: Pid): MmId | null {
  const { mms } = k;
  const mm = allocRow(mms) as MmId;
  mms.pid[mm] = pid;
  mms.pgd[mm] = -1;
  for (const limit of [mms.rlimitAs, mms.rlimitData, mms.hardAs, mms.hardData, mms.hardStack]) limit[mm] = Infinity;
  mms.rlimitStack[mm] = DEFAULT_STACK_LIMIT;
  mms.rlimitMemlock[mm] = DEFAULT_MEMLOCK_LIMIT;
  mms.hardMemlock[mm] = DEFAULT_MEMLOCK_LIMIT;
  if (!isReal(k) && !makeTopTable(k, mm)) {
    freeRow(mms, mm);
    return null;
  }
  makeVmaList(k, mm);
  return mm;
}

/** Gives back everything the address space holds. Source: Linux mm/mmap.c exit_mmap, kernel/fork.c mmdrop. */
export function freeMm(k: MemoryState, mm: MmId): void {
  unmapAll(k, mm);
  drainMlockBatch(k);
  forgetSpace(k, mm);
  freeTopTable(k, mm);
  freeVmaList(k, mm);
  freeRow(k.mms, mm);
}
