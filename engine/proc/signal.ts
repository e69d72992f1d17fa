import { DONE, fail, type SysResult } from '../base/errno.ts';
import { EVENT } from '../base/event-kinds.ts';
import { emit, within } from '../base/event-log.ts';
import { CAP } from '../base/flags.ts';
import { defaultAction, SIGNAL, signalBit } from '../base/signals.ts';
import type { Pid } from '../base/units.ts';
import { hasCapability } from '../mm/capability.ts';
import { DISPOSITIONS, type Disposition } from '../protocol/commands.ts';
import { endTask } from './exit.ts';
import { mmOf, sendTask, taskExists, taskState, type ProcState } from './task.ts';

/** Signals no task can catch or ignore. Source: Linux include/linux/signal.h SIG_KERNEL_ONLY_MASK. */
const KERNEL_ONLY: ReadonlySet<number> = new Set([SIGNAL.SIGKILL, SIGNAL.SIGSTOP]);

export function disposition(k: ProcState, pid: Pid, signal: number): Disposition {
  if ((k.tasks.sigHandled[pid]! & signalBit(signal)) !== 0) return 'handler';
  return (k.tasks.sigIgnored[pid]! & signalBit(signal)) !== 0 ? 'ignore' : 'default';
}

/**
 * sigaction(2). Source: Linux 6.18 kernel/signal.c do_sigaction.
 * @returns EINVAL for a number that is none, SIGKILL and SIGSTOP
 */
export function sysSigaction(k: ProcState, pid: Pid, signal: number, action: Disposition): SysResult {
  if (signal < 1 || KERNEL_ONLY.has(signal)) return fail('EINVAL');
  const { tasks } = k;
  const bit = signalBit(signal);
  tasks.sigHandled[pid] = (tasks.sigHandled[pid]! & ~bit) | (action === 'handler' ? bit : 0);
  tasks.sigIgnored[pid] = (tasks.sigIgnored[pid]! & ~bit) | (action === 'ignore' ? bit : 0);
  emit(k.events, EVENT.DISPOSITION_SET, -1, -1, signal, DISPOSITIONS.indexOf(action));
  return DONE;
}

/**
 * kill(2), from a task or from outside. Source: Linux 6.18 kernel/signal.c check_kill_permission, kill_ok_by_cred.
 * @param sender null for somebody outside who may do everything @param signal 0 only asks
 * @returns ESRCH for no such task, EPERM for another user's; a zombie takes any signal and does nothing
 */
export function sendSignal(k: ProcState, sender: Pid | null, target: Pid, signal: number): SysResult {
  if (!taskExists(k, target)) return fail('ESRCH');
  if (sender !== null && !mayKill(k, sender, target)) return fail('EPERM');
  if (signal === 0 || taskState(k, target) === 'zombie') return DONE;
  const id = emit(k.events, EVENT.SIGNAL_SENT, -1, -1, signal, target);
  within(k.events, id, () => post(k, target, signal));
  return DONE;
}

const mayKill = (k: ProcState, sender: Pid, target: Pid): boolean =>
  k.tasks.uid[sender] === k.tasks.uid[target] || hasCapability(k, mmOf(k, sender), CAP.KILL);

/** Source: Linux 6.18 kernel/signal.c prepare_signal, complete_signal. */
function post(k: ProcState, pid: Pid, signal: number): void {
  const { tasks } = k;
  const state = taskState(k, pid);
  if (signal === SIGNAL.SIGCONT && state === 'stopped') continueTask(k, pid);
  const waits = state === 'blocked' || (taskState(k, pid) === 'stopped' && signal !== SIGNAL.SIGKILL);
  if (waits) tasks.sigPending[pid]! |= signalBit(signal);
  else deliver(k, pid, signal);
}

/** What stood pending while the task was stopped reaches it now. */
function continueTask(k: ProcState, pid: Pid): void {
  sendTask(k, pid, 'signal.continue');
  emitFor(k, pid, EVENT.TASK_CONTINUED);
  deliverPending(k, pid);
}

/** Signals that waited, the lowest number first. Source: Linux kernel/signal.c next_signal. */
export function deliverPending(k: ProcState, pid: Pid): void {
  const { tasks } = k;
  if ((tasks.sigPending[pid]! & signalBit(SIGNAL.SIGKILL)) !== 0) return deliver(k, pid, SIGNAL.SIGKILL);
  for (let signal = 1; signal < 32; signal++) {
    if ((tasks.sigPending[pid]! & signalBit(signal)) === 0) continue;
    if (taskState(k, pid) !== 'runnable' && taskState(k, pid) !== 'running') return;
    tasks.sigPending[pid]! &= ~signalBit(signal);
    deliver(k, pid, signal);
  }
}

/** Source: Linux 6.18 kernel/signal.c get_signal. */
function deliver(k: ProcState, pid: Pid, signal: number): void {
  const action = disposition(k, pid, signal);
  if (action === 'handler') emitFor(k, pid, EVENT.SIGNAL_HANDLED, signal);
  if (action !== 'default') return;
  const then = defaultAction(signal);
  if (then === 'end') endTask(k, pid, signal);
  if (then !== 'stop') return;
  sendTask(k, pid, 'signal.stop');
  if (k.machine.currentTask[0] === pid) k.machine.currentTask[0] = -1;
  emitFor(k, pid, EVENT.TASK_STOPPED, signal);
}

function emitFor(k: ProcState, pid: Pid, kind: (typeof EVENT)[keyof typeof EVENT], a = 0): void {
  const outer = k.events.currentPid;
  k.events.currentPid = pid;
  emit(k.events, kind, -1, -1, a);
  k.events.currentPid = outer;
}
