import { EVENT } from '../base/event-kinds.ts';
import { emit, within } from '../base/event-log.ts';
import { SIGNAL, signalBit } from '../base/signals.ts';
import type { Pid } from '../base/units.ts';
import { freeMm } from '../mm/mm.ts';
import { isAlive, mmOf, sendTask, taskNumbers, taskState, type ProcState } from './task.ts';
import { peakRss } from './usage.ts';

/**
 * The task ends and gives its memory back. It stays as a zombie until its parent asks, unless that ignores SIGCHLD or
 * has ended itself. Source: Linux kernel/exit.c do_exit, exit_notify; kernel/signal.c do_notify_parent.
 * @param signal 0 for exit(2), else the number of the signal that ended it
 * @param status of exit(2), 0 … 255
 */
export function endTask(k: ProcState, pid: Pid, signal: number, status = 0): void {
  const { tasks, machine, events } = k;
  const outer = events.currentPid;
  events.currentPid = pid;
  const mm = mmOf(k, pid);
  tasks.maxRss[pid] = Math.max(tasks.maxRss[pid]!, peakRss(k, mm));
  const id = emit(events, EVENT.EXIT, -1, -1, signal, status);
  within(events, id, () => freeMm(k, mm));
  sendTask(k, pid, signal === 0 ? 'task.exit' : 'signal.kill');
  tasks.mm[pid] = -1;
  tasks.exitSignal[pid] = signal;
  tasks.exitStatus[pid] = status;
  if (machine.currentTask[0] === pid) machine.currentTask[0] = -1;
  within(events, id, () => leaveFamily(k, pid));
  events.currentPid = outer;
}

/** Children go to init, which the lab does not list and which reaps at once; then the parent learns of it. */
function leaveFamily(k: ProcState, pid: Pid): void {
  const { tasks } = k;
  // Source: Linux kernel/exit.c forget_original_parent.
  for (const child of taskNumbers(k)) {
    if (tasks.parent[child] !== pid) continue;
    tasks.parent[child] = -1;
    if (taskState(k, child) === 'zombie') reapTask(k, child);
  }
  const parent = tasks.parent[pid]! as Pid;
  if (!isAlive(k, parent)) return reapTask(k, pid);
  const ignored = (tasks.sigIgnored[parent]! & signalBit(SIGNAL.SIGCHLD)) !== 0;
  if (ignored) return reapTask(k, pid);
  emit(k.events, EVENT.ZOMBIE, -1, -1, parent);
  tellParent(k, parent);
}

/** SIGCHLD: a handler is called, at once or when the parent can take it; without one nothing happens. */
function tellParent(k: ProcState, parent: Pid): void {
  const { tasks, events } = k;
  const bit = signalBit(SIGNAL.SIGCHLD);
  if ((tasks.sigHandled[parent]! & bit) === 0) return;
  const state = taskState(k, parent);
  if (state === 'stopped' || state === 'blocked') {
    tasks.sigPending[parent]! |= bit;
    return;
  }
  events.currentPid = parent;
  emit(events, EVENT.SIGNAL_HANDLED, -1, -1, SIGNAL.SIGCHLD);
}

/** Nothing of the task is left; its number is free. Source: Linux kernel/exit.c release_task. */
export function reapTask(k: ProcState, pid: Pid): void {
  sendTask(k, pid, 'task.reap');
  k.tasks.used[pid] = 0;
}
