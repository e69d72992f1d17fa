import { allocRow, freeRow, isLive } from '../../base/table.ts';
import { DESIGN_LOOKS } from '../../malloc/designs/index.ts';
import type { TaskOperation } from '../../protocol/commands.ts';
import { DESIGN_NAMES, GLIBC_CALLS, type DesignName } from '../../protocol/library-calls.ts';
import type { KernelState } from '../state.ts';
import { hasAllocator } from './allocators.ts';

/** Which allocator a task's program was built with. Without a row it is the C library's. */
function rowOf(k: KernelState, pid: number): number {
  const { designs } = k.heapTables;
  for (let row = 0; row < designs.rows; row++) if (isLive(designs, row) && designs.pid[row] === pid) return row;
  return -1;
}

export function designOf(k: KernelState, pid: number): DesignName {
  const row = rowOf(k, pid);
  return row < 0 || k.rules.designsAreIgnored ? 'glibc' : DESIGN_NAMES[k.heapTables.designs.design[row]!]!;
}

/** The task's program calls another allocator from its first malloc on. */
export function chooseDesign(k: KernelState, pid: number, design: DesignName): void {
  const { designs } = k.heapTables;
  dropDesign(k, pid);
  if (design === 'glibc') return;
  const row = allocRow(designs);
  designs.pid[row] = pid;
  designs.design[row] = DESIGN_NAMES.indexOf(design);
}

/** First, best, worst and next fit differ in nothing but where they look: a heap of one is a heap of the others. */
const sameLayout = (a: DesignName, b: DesignName): boolean =>
  a === b || (a !== 'glibc' && b !== 'glibc' && DESIGN_LOOKS[a] === DESIGN_LOOKS[b]);

/** Why a command does not go with a task's allocator, or null. A heap keeps its layout as long as it is there. */
export function whyNotDesign(k: KernelState, command: TaskOperation & { readonly task: number }): string | null {
  const { op, task } = command;
  const design = designOf(k, task);
  if (op === 'allocator') {
    if (!hasAllocator(k, task) || sameLayout(design, command.design)) return null;
    return `p${task} has a heap already, of another layout; choose before its first malloc`;
  }
  const glibcOnly = design !== 'glibc' && (GLIBC_CALLS as readonly string[]).includes(op);
  return glibcOnly ? `p${task} has no ${op}: that is glibc's alone, and its allocator is ${design}` : null;
}

/** A forked child runs the same program. */
export const copyDesign = (k: KernelState, parent: number, child: number): void => {
  const row = rowOf(k, parent);
  if (row >= 0) chooseDesign(k, child, DESIGN_NAMES[k.heapTables.designs.design[row]!]!);
};

/** The task has ended, or runs another program. */
export function dropDesign(k: KernelState, pid: number): void {
  const row = rowOf(k, pid);
  if (row >= 0) freeRow(k.heapTables.designs, row);
}
