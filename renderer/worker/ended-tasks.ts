import { signalName } from '../../engine/base/signals.ts';
import type { KernelState } from '../../engine/kernel/index.ts';
import type { EndedTask } from '../../engine/protocol/snapshot.ts';

/** Tasks that have ended: zombies, and numbers of the reaped as long as nobody took them again. */
export function endedTasks(k: KernelState): EndedTask[] {
  const { tasks } = k;
  const ended: EndedTask[] = [];
  for (let pid = 0; pid < tasks.rows; pid++) {
    const zombie = tasks.used[pid] === 1;
    // Whoever lived had memory; a fork that failed did not.
    if (tasks.mm[pid]! >= 0 || tasks.maxRss[pid] === 0) continue;
    const signal = tasks.exitSignal[pid]!;
    const ending = signal === 0 ? `exit ${tasks.exitStatus[pid]!}` : `killed by ${signalName(signal)}`;
    ended.push({ pid, state: zombie ? 'zombie' : 'reaped', ending });
  }
  return ended;
}
