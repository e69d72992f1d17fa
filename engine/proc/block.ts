import { DONE, type SysResult } from '../base/errno.ts';
import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import type { Pid } from '../base/units.ts';
import { deliverPending } from './signal.ts';
import { sendTask, taskState, type ProcState } from './task.ts';

/**
 * The task waits in the kernel for a device that does not answer: state D, no signal gets through, not even SIGKILL.
 * Source: Linux include/linux/sched.h TASK_UNINTERRUPTIBLE.
 */
export function blockTask(k: ProcState, pid: Pid): SysResult {
  sendTask(k, pid, 'fault.wait');
  if (k.machine.currentTask[0] === pid) k.machine.currentTask[0] = -1;
  emit(k.events, EVENT.TASK_BLOCKED, -1, -1, 1);
  return DONE;
}

/** The device answers. What was sent to the task meanwhile reaches it now; a task that does not wait is left alone. */
export function unblockTask(k: ProcState, pid: Pid): SysResult {
  if (taskState(k, pid) !== 'blocked') return DONE;
  sendTask(k, pid, 'fault.served');
  emit(k.events, EVENT.TASK_BLOCKED, -1, -1, 0);
  deliverPending(k, pid);
  return DONE;
}
