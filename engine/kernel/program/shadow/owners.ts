import { extendRows, freeRow, isLive } from '../../../base/table.ts';
import type { Pid } from '../../../base/units.ts';
import type { KernelState } from '../../state.ts';

/** Are programs checked from their exec on? */
export const isChecking = (k: KernelState): boolean => k.programs.shadow.machine.on[0] === 1;

/** The shadow's owner that a task is, 0 when it is not checked. */
export function ownerOf(k: KernelState, task: Pid): number {
  const { tasks } = k.programs.shadow;
  if (task >= tasks.rows) return 0;
  return tasks.owner[task] === 1 + k.tasks.born[task]! ? tasks.owner[task]! : 0;
}

/** A task begins a program: it is checked when the machine checks programs. */
export function beginChecked(k: KernelState, task: Pid): void {
  const { tasks } = k.programs.shadow;
  const owner = 1 + k.tasks.born[task]!;
  dropShadow(k, owner);
  if (!isChecking(k)) {
    if (task < tasks.rows) tasks.owner[task] = 0;
    return;
  }
  extendRows(tasks, task + 1);
  tasks.owner[task] = owner;
  tasks.undefined.fill(0, task * 64, (task + 1) * 64);
  tasks.marks.fill(0, task * 512, (task + 1) * 512);
  tasks.from.fill(0, task * 64, (task + 1) * 64);
}

/** The process has ended: nobody asks for its shadow any more. What was found stays. */
export function dropShadow(k: KernelState, owner: number): void {
  const { pages, blocks, arenas } = k.programs.shadow;
  for (const table of [pages, blocks, arenas]) {
    for (let row = 0; row < table.rows; row++) {
      if (table.owner[row] !== owner || !isLive(table, row)) continue;
      table.owner[row] = 0;
      freeRow(table, row);
    }
  }
}
