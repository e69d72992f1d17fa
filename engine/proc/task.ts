import { transition } from 'xstate';
import { assert } from '../base/assert.ts';
import { countStep } from '../base/compile-machine.ts';
import type { MmId, Pid } from '../base/units.ts';
import { makeTable, type Table } from '../base/table.ts';
import type { MemoryState } from '../mm/state.ts';
import type { OomReport } from '../protocol/commands.ts';
import { TASK_STATES, taskMachine, taskTable, type TaskEvent, type TaskStateName } from './task.machine.ts';

/** One row per task number: row N is pN. Source: Linux struct task_struct, struct signal_struct. */
export const TASK_SPEC = {
  used: 'u8', // 1 from fork to reap
  state: 'u8', // index in TASK_STATES
  mm: 'i32',
  parent: 'i32', // −1 for p0 and for those whose parent has ended: init
  minflt: 'f64',
  majflt: 'f64',
  timeNs: 'f64',
  stallNs: 'f64', // of it, in faults
  exitSignal: 'u8', // 0 for a plain exit
  exitStatus: 'u8',
  sigHandled: 'u32', // one bit a signal, by number: a handler is called
  sigIgnored: 'u32',
  sigPending: 'u32', // sent while the task was stopped or blocked
  maxRss: 'f64', // pages, of address spaces it no longer has
  childMinflt: 'f64', // of children that were waited for
  childMajflt: 'f64',
  childTimeNs: 'f64',
  childMaxRss: 'f64', // pages
  dying: 'u8', // 1 once the OOM killer chose it in the middle of its own operation
  uid: 'u32',
  oomScoreAdj: 'i32', // −1000 … 1000
  oomScoreAdjMin: 'i32', // lowest value that a task without CAP_SYS_RESOURCE may set
  born: 'f64', // how many tasks were made before it; numbers are used again, this is not
} as const;

/** The part of the kernel's state that tasks own, on top of memory management's. */
export interface ProcState extends MemoryState {
  readonly tasks: Table<typeof TASK_SPEC>;
  /** Passes of the out-of-memory killer in the step that runs; no part of the state, but of what the step gives back. */
  readonly oomReports: OomReport[];
}

export const makeTaskTable = (): Table<typeof TASK_SPEC> => makeTable('tasks', TASK_SPEC, 8);

export const taskState = (k: ProcState, pid: Pid): TaskStateName => TASK_STATES[k.tasks.state[pid]!]!;
/** Zombies exist too. */
export const taskExists = (k: ProcState, pid: number): boolean =>
  pid >= 0 && pid < k.tasks.rows && k.tasks.used[pid] === 1;
export const isAlive = (k: ProcState, pid: number): boolean =>
  taskExists(k, pid) && taskState(k, pid as Pid) !== 'zombie';
/** Is there such a task, and has it an address space? */
export const hasMemory = (k: ProcState, pid: number): boolean => taskExists(k, pid) && k.tasks.mm[pid]! >= 0;
export const mmOf = (k: ProcState, pid: Pid): MmId => k.tasks.mm[pid]! as MmId;

/** What /proc/PID/comm says. */
export const taskName = (_k: ProcState, pid: Pid): string => `p${pid}`;

/** Numbers of the tasks that exist, ascending; zombies are among them. */
export function taskNumbers(k: ProcState): Pid[] {
  const found: Pid[] = [];
  for (let n = 0; n < k.tasks.rows; n++) if (k.tasks.used[n] === 1) found.push(n as Pid);
  return found;
}

const snapshots = Object.fromEntries(
  TASK_STATES.map((value) => [value, taskMachine.resolveState({ value, context: {} })]),
) as Record<TaskStateName, ReturnType<typeof taskMachine.resolveState>>;

/** What XState answered for a state and an event: without context it is the same whenever it is asked. */
const answers = new Map<TaskStateName, Map<TaskEvent, number>>(TASK_STATES.map((state) => [state, new Map()]));

function stateAfter(from: TaskStateName, event: TaskEvent): number {
  const known = answers.get(from)!.get(event);
  if (known !== undefined) return known;
  assert(snapshots[from].can({ type: event }), `task.machine allows ${event} in ${from}`);
  const [next] = transition(taskMachine, snapshots[from], { type: event });
  const state = TASK_STATES.indexOf(next.value as TaskStateName);
  answers.get(from)!.set(event, state);
  return state;
}

/** Steps one task's statechart; an event that it does not allow is a broken invariant. */
export function sendTask(k: ProcState, pid: Pid, event: TaskEvent): void {
  const from = taskState(k, pid);
  k.tasks.state[pid] = stateAfter(from, event);
  countStep(taskTable, from, event);
}

/** There is one CPU: the task that a command is given to runs, the one before it waits. */
export function dispatch(k: ProcState, pid: Pid): void {
  const current = k.machine.currentTask[0]!;
  if (current === pid) return;
  if (current >= 0 && k.tasks.used[current] === 1 && taskState(k, current as Pid) === 'running') {
    sendTask(k, current as Pid, 'task.preempt');
  }
  sendTask(k, pid, 'task.dispatch');
  k.machine.currentTask[0] = pid;
}
