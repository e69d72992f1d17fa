import { EVENT } from '../base/event-kinds.ts';
import { emit, within } from '../base/event-log.ts';
import type { Pid } from '../base/units.ts';
import { endTask, SIGNAL_NUMBER } from './exit.ts';
import { mmOf, taskNumbers, taskState, type ProcState } from './task.ts';

/**
 * What a task is worth to the OOM killer, in pages. Source: Linux 6.18 mm/oom_kill.c oom_badness; every task's
 * oom_score_adj is 0.
 */
export function badness(k: ProcState, pid: Pid): number {
  const mm = mmOf(k, pid);
  const { mms } = k;
  return mms.rssAnon[mm]! + mms.rssFile[mm]! + mms.rssShmem[mm]! + mms.tables[mm]!;
}

/**
 * No frame is free: the task with the largest badness is killed; of equals the youngest, which stands last in Linux's
 * list of processes. A victim that is asking right now is only marked here: its operation ends first, then it does.
 * Source: Linux 6.18 mm/oom_kill.c select_bad_process, oom_evaluate_task, oom_kill_process.
 * @returns the victim
 */
export function killForMemory(k: ProcState, asking: Pid): Pid {
  if (k.tasks.dying[asking] === 1) return asking;
  let victim = asking;
  let worst = -1;
  for (const pid of taskNumbers(k)) {
    if (mmOf(k, pid) < 0 || taskState(k, pid) === 'new') continue;
    const points = badness(k, pid);
    const younger = k.tasks.born[pid]! > k.tasks.born[victim]!;
    if (points > worst || (points === worst && younger)) {
      worst = points;
      victim = pid;
    }
  }
  const id = emit(k.events, EVENT.OOM_KILL, -1, -1, worst, victim);
  if (victim === asking) k.tasks.dying[victim] = 1;
  else within(k.events, id, () => endTask(k, victim, SIGNAL_NUMBER.SIGKILL));
  return victim;
}
