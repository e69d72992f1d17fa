import { EVENT } from '../base/event-kinds.ts';
import { emit, within } from '../base/event-log.ts';
import type { Pid } from '../base/units.ts';
import { freeMm } from '../mm/mm.ts';
import { mmOf, sendTask, type ProcState } from './task.ts';

export const SIGNAL_NUMBER = { SIGABRT: 6, SIGBUS: 7, SIGKILL: 9, SIGSEGV: 11 } as const;

/**
 * The task ends and gives its memory back; its parent ignores SIGCHLD, so it is reaped at once.
 * Source: Linux kernel/exit.c do_exit, exit_notify.
 * @param signal 0 for exit(2), else the number of the signal that ended it
 */
export function endTask(k: ProcState, pid: Pid, signal: number): void {
  const { tasks, machine, events } = k;
  const outer = events.currentPid;
  events.currentPid = pid;
  const id = emit(events, EVENT.EXIT, -1, -1, signal);
  within(events, id, () => freeMm(k, mmOf(k, pid)));
  events.currentPid = outer;
  sendTask(k, pid, signal === 0 ? 'task.exit' : 'signal.kill');
  tasks.mm[pid] = -1;
  tasks.exitSignal[pid] = signal;
  sendTask(k, pid, 'task.reap');
  tasks.used[pid] = 0;
  // Its children go to init, which the lab does not list. Source: Linux kernel/exit.c forget_original_parent.
  for (let child = 0; child < tasks.rows; child++) if (tasks.parent[child] === pid) tasks.parent[child] = -1;
  if (machine.currentTask[0] === pid) machine.currentTask[0] = -1;
}
