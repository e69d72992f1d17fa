import { fail, ok, type SysResult } from '../base/errno.ts';
import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import type { Pid } from '../base/units.ts';
import { reapTask } from './exit.ts';
import { taskNumbers, taskState, type ProcState } from './task.ts';

/** A child that was waited for. status: exit status × 256, or the number of the signal that ended it. */
export interface Waited {
  readonly child: Pid;
  readonly status: number;
}

/**
 * wait4(2) that does not wait (WNOHANG): takes a child that has ended off the list, the one made first.
 * Source: Linux 6.18 kernel/exit.c do_wait, wait_task_zombie.
 * @param child one of them, null for any
 * @returns null when children live on and none has ended; ECHILD without such a child
 */
export function sysWait(k: ProcState, parent: Pid, child: Pid | null): SysResult<Waited | null> {
  const { tasks } = k;
  const children = taskNumbers(k)
    .filter((pid) => tasks.parent[pid] === parent && (child === null || pid === child))
    .sort((a, b) => tasks.born[a]! - tasks.born[b]!);
  if (children.length === 0) return fail('ECHILD');
  const ended = children.find((pid) => taskState(k, pid) === 'zombie');
  if (ended === undefined) return ok(null);
  const status = waitStatus(k, ended);
  // Source: wait_task_zombie: what the child used, and what it took over from its own children.
  tasks.childMinflt[parent]! += tasks.minflt[ended]! + tasks.childMinflt[ended]!;
  tasks.childMajflt[parent]! += tasks.majflt[ended]! + tasks.childMajflt[ended]!;
  tasks.childTimeNs[parent]! += tasks.timeNs[ended]! + tasks.childTimeNs[ended]!;
  tasks.childMaxRss[parent] = Math.max(tasks.childMaxRss[parent]!, tasks.maxRss[ended]!, tasks.childMaxRss[ended]!);
  emit(k.events, EVENT.CHILD_REAPED, -1, -1, status, ended);
  reapTask(k, ended);
  return ok({ child: ended, status });
}

/** As wait(2) stores it, without the mark of a core dump. Source: Linux include/linux/kernel.h, wait.h WEXITSTATUS. */
export const waitStatus = (k: ProcState, pid: Pid): number =>
  k.tasks.exitSignal[pid]! !== 0 ? k.tasks.exitSignal[pid]! : k.tasks.exitStatus[pid]! * 256;
