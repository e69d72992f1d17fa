import { ERRNO, type SysResult } from '../base/errno.ts';
import { EVENT, OPERATIONS, type Operation } from '../base/event-kinds.ts';
import { emit, within } from '../base/event-log.ts';
import { costOf, PRICE } from '../mm/costs.ts';
import { SIGNAL } from '../base/signals.ts';
import type { Pid } from '../base/units.ts';
import { blockTask, unblockTask } from '../proc/block.ts';
import { sysSetuid } from '../proc/credentials.ts';
import { endTask } from '../proc/exit.ts';
import { setOomScoreAdj } from '../proc/oom-score.ts';
import { sendSignal, sysSigaction } from '../proc/signal.ts';
import { usageOf } from '../proc/usage.ts';
import { sysWait } from '../proc/wait.ts';
import type { TaskOperation } from '../protocol/commands.ts';
import { spend } from './boot.ts';

import type { Outcome } from './outcome.ts';
import { taskFileText } from './procfs/index.ts';
import type { KernelState } from './state.ts';

/** Operations about a task as such. */
export type TaskCall = Extract<
  TaskOperation,
  {
    op: 'oom_score_adj' | 'setuid' | 'sigaction' | 'wait' | 'kill' | 'exit' | 'getrusage' | 'block' | 'unblock' | 'cat';
  }
>;
const TASK_CALLS: ReadonlySet<string> = new Set<TaskCall['op']>([
  'oom_score_adj', 'setuid', 'sigaction', 'wait', 'kill', 'exit', 'getrusage', 'block', 'unblock', 'cat',
]); // prettier-ignore

export const isTaskCall = (command: TaskOperation): command is TaskCall => TASK_CALLS.has(command.op);

/** Somebody outside does this; the task need not run for it, nor be able to. */
export const fromOutside = (command: TaskOperation): boolean =>
  command.op === 'cat' || command.op === 'unblock' || (command.op === 'kill' && command.target === undefined);

export function taskCall(k: KernelState, pid: Pid, command: TaskCall): Outcome {
  switch (command.op) {
    case 'exit':
      spend(k, pid, costOf(k, PRICE.system_call));
      endTask(k, pid, 0, command.status ?? 0);
      return {};
    case 'kill':
      if (command.target !== undefined) return called(k, pid, command, () => send(k, pid, command));
      spend(k, pid, costOf(k, PRICE.system_call));
      sendSignal(k, null, pid, command.signal ?? SIGNAL.SIGKILL);
      return {};
    case 'cat':
      return { text: taskFileText(k, pid, command.file) };
    case 'wait':
      return waitFor(k, pid, command);
    case 'getrusage':
      return { ...called(k, pid, command, () => ({ ok: true, value: 0 })), usage: usageOf(k, pid, command.who) };
    case 'unblock':
      unblockTask(k, pid);
      return {};
    default:
      return called(k, pid, command, () => simpleCall(k, pid, command));
  }
}

function simpleCall(
  k: KernelState,
  pid: Pid,
  command: Extract<TaskCall, { op: 'oom_score_adj' | 'setuid' | 'sigaction' | 'block' }>,
): SysResult {
  switch (command.op) {
    case 'oom_score_adj':
      return setOomScoreAdj(k, pid, command.value);
    case 'setuid':
      return sysSetuid(k, pid, command.uid);
    case 'sigaction':
      return sysSigaction(k, pid, command.signal, command.action);
    case 'block':
      return blockTask(k, pid);
  }
}

const send = (k: KernelState, pid: Pid, { target, signal }: TaskCall & { op: 'kill' }): SysResult =>
  sendSignal(k, pid, target! as Pid, signal ?? SIGNAL.SIGKILL);

function waitFor(k: KernelState, pid: Pid, command: TaskCall & { op: 'wait' }): Outcome {
  let status: number | null = null;
  const outcome = called(k, pid, command, () => {
    const waited = sysWait(k, pid, (command.child ?? null) as Pid | null);
    if (!waited.ok) return waited;
    status = waited.value?.status ?? null;
    return { ok: true, value: waited.value === null ? 0 : `p${waited.value.child}` };
  });
  return status === null ? outcome : { ...outcome, status };
}

/** A system call: an event, its price, its error in words. */
function called(k: KernelState, pid: Pid, command: TaskCall, run: () => SysResult<number | string>): Outcome {
  const index = OPERATIONS.indexOf(command.op as Operation);
  const id = emit(k.events, EVENT.SYSCALL, -1, -1, index);
  spend(k, pid, costOf(k, PRICE.system_call));
  return within(k.events, id, () => {
    const result = run();
    if (result.ok) return { ret: result.value };
    emit(k.events, EVENT.SYSCALL_ERROR, -1, -1, index, ERRNO[result.errno]);
    return { ret: -1, errno: result.errno };
  });
}
