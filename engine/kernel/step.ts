import { EVENT, OPERATIONS, SIGNAL_REASONS, type Operation } from '../base/event-kinds.ts';
import { emit, within } from '../base/event-log.ts';
import type { Pid } from '../base/units.ts';
import { flushPending } from '../mm/tlb-flush.ts';
import { SIGNAL } from '../base/signals.ts';
import { endTask } from '../proc/exit.ts';
import { disposition } from '../proc/signal.ts';
import { victimReturned } from '../proc/oom-kill.ts';
import { oomState, panicOf } from '../proc/oom-state.ts';
import { dispatch, isAlive } from '../proc/task.ts';
import { secretOutcome } from './program/secrets.ts';
import { runTask } from './program/run-command.ts';
import { settleHugePool } from '../mm/huge-pool.ts';
import { settleFrames } from '../mm/mlock-batch.ts';
import { finishWrites } from '../mm/swap-io.ts';
import { runKswapd } from '../mm/vmscan.ts';
import type { Command, CommandResult, TaskOperation } from '../protocol/commands.ts';
import { chooseDesign } from './heap/chosen-design.ts';
import { libraryCall } from './heap/library-call.ts';
import { sweepHeapRecords } from './heap/records.ts';
import { isLibraryCall } from '../protocol/library-calls.ts';
import { loadBytes, poke, touch } from './accesses.ts';
import { directive } from './directives.ts';
import type { Outcome } from './outcome.ts';
import { pagesAsked } from './quantities.ts';
import { dropTaskRegions } from './regions.ts';
import { settleWrites } from '../mm/writeback.ts';
import type { KernelState } from './state.ts';
import { systemCall } from './system-calls.ts';
import { walkOutcome } from './walk.ts';
import { fromOutside, isTaskCall, taskCall } from './task-calls.ts';

/**
 * Carries out one command: the only way the simulated state changes. Errors of system calls, signals and kills are in
 * the result; the caller has made sure that the task is alive and a child's number is not (see whyNot).
 */
export function step(k: KernelState, command: Command): CommandResult {
  const { machine, events } = k;
  const firstEvent = events.next;
  const committed = machine.committed[0]!;
  const time = machine.timeNs[0]!;
  settleWrites(k);
  machine.steps[0]!++;
  k.oomReports.length = 0;
  const outcome = 'task' in command ? taskStep(k, command.task as Pid, command) : directive(k, command);
  sweepHeapRecords(k);
  dropTaskRegions(k, (pid) => !isAlive(k, pid));
  flushPending(k);
  runKswapd(k);
  finishWrites(k);
  settleHugePool(k);
  settleFrames(k);
  machine.nextEvent[0] = events.next;
  const panic = panicOf(k);
  return {
    ...outcome,
    ...(k.oomReports.length > 0 ? { oom: [...k.oomReports] } : {}),
    ...(panic === null ? {} : { panic }),
    casDelta: machine.committed[0]! - committed,
    timeNs: machine.timeNs[0]! - time,
    firstEvent,
    endEvent: events.next,
  };
}

function taskStep(k: KernelState, pid: Pid, command: TaskOperation): Outcome {
  const { tasks, events } = k;
  // What comes from outside reaches a task wherever it is; everything else the task does itself, on the CPU.
  if (!fromOutside(command)) dispatch(k, pid);
  events.currentPid = pid;
  const id = emit(events, EVENT.COMMAND, -1, -1, OPERATIONS.indexOf(command.op as Operation), pagesAsked(k, command));
  const minor = tasks.minflt[pid]!;
  const major = tasks.majflt[pid]!;
  const outcome = within(events, id, () => {
    const ended = carryOut(k, pid, command);
    if (oomState(k) === 'returning') return dieForMemory(k, pid);
    return dieOfAccess(k, pid, ended);
  });
  // A program that ends is no task that died of its command.
  const died = !isAlive(k, pid) && outcome.program === undefined;
  if ((died && isTaskCall(command)) || command.op === 'cat') return outcome;
  // A task that died still counted its faults: its row keeps them until its number is given out again.
  const faults = { min: tasks.minflt[pid]! - minor, maj: tasks.majflt[pid]! - major };
  if (died) return { ...outcome, ...faults, died };
  if (command.op === 'fork' || command.op === 'state' || command.op === 'walk') return outcome;
  return { ...outcome, ...faults };
}

/** The OOM killer chose the task while it was asking: its operation has ended, now it does, and nobody sees a result. */
function dieForMemory(k: KernelState, pid: Pid): Outcome {
  emit(k.events, EVENT.SIGNAL, -1, -1, SIGNAL.SIGKILL, SIGNAL_REASONS.indexOf('out of memory'));
  endTask(k, pid, SIGNAL.SIGKILL);
  victimReturned(k);
  return { sig: 'SIGKILL', reason: 'out of memory' };
}

/**
 * A bad access raises its signal by force: a handler catches it and the task lives on; ignoring it does not help.
 * Source: Linux 6.18 kernel/signal.c force_sig_info_to_task.
 */
function dieOfAccess(k: KernelState, pid: Pid, outcome: Outcome): Outcome {
  const signal = SIGNAL[outcome.sig as keyof typeof SIGNAL];
  if (signal === undefined || !isAlive(k, pid) || disposition(k, pid, signal) === 'handler') return outcome;
  endTask(k, pid, signal);
  return outcome;
}

function carryOut(k: KernelState, pid: Pid, command: TaskOperation): Outcome {
  switch (command.op) {
    case 'touch_r':
    case 'touch_w':
    case 'read':
      return touch(k, pid, command);
    case 'poke':
      return poke(k, pid, command);
    case 'bytes':
      return loadBytes(k, pid, command);
    case 'state':
      return {};
    case 'allocator':
      chooseDesign(k, pid, command.design);
      return {};
    case 'walk':
      return walkOutcome(k, pid, command);
    default:
      if (command.op === 'secret') return secretOutcome(k, pid, command);
      if (command.op === 'run' || command.op === 'step') return runTask(k, pid, command);
      if (isLibraryCall(command)) return libraryCall(k, pid, command);
      return isTaskCall(command) ? taskCall(k, pid, command) : systemCall(k, pid, command);
  }
}
