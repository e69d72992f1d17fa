import { EVENT, OPERATIONS, SIGNAL_REASONS, type Operation } from '../base/event-kinds.ts';
import { emit, within } from '../base/event-log.ts';
import type { Pid } from '../base/units.ts';
import { spend } from './boot.ts';
import { costOf } from '../mm/costs.ts';
import { flushPending } from '../mm/tlb-flush.ts';
import { endTask, SIGNAL_NUMBER } from '../proc/exit.ts';
import { dispatch, isAlive } from '../proc/task.ts';
import { finishWrites } from '../mm/swap-io.ts';
import { mayAddSwap } from '../mm/swap-slots.ts';
import type { Command, CommandResult, TaskOperation } from '../protocol/commands.ts';
import { whyNotPointer } from './heap/why-not-pointer.ts';
import { whyNotVariable } from './heap/environment.ts';
import { libraryCall } from './heap/library-call.ts';
import { pointerOf } from './heap/pointers.ts';
import { sweepHeapRecords } from './heap/records.ts';
import { isLibraryCall } from '../protocol/library-calls.ts';
import { loadBytes, poke, touch } from './accesses.ts';
import { directive } from './directives.ts';
import type { Outcome } from './outcome.ts';
import { pagesAsked } from './quantities.ts';
import { regionPage } from './regions.ts';
import { filesIn } from './file-calls.ts';
import { fileNamed } from '../mm/file.ts';
import { settleWrites } from '../mm/writeback.ts';
import type { KernelState } from './state.ts';
import { systemCall } from './system-calls.ts';
import { walkOutcome } from './walk.ts';

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
  const outcome = 'task' in command ? taskStep(k, command.task as Pid, command) : directive(k, command);
  sweepHeapRecords(k);
  flushPending(k);
  finishWrites(k);
  machine.nextEvent[0] = events.next;
  return {
    ...outcome,
    casDelta: machine.committed[0]! - committed,
    timeNs: machine.timeNs[0]! - time,
    firstEvent,
    endEvent: events.next,
  };
}

/** Why a command cannot be given right now, or null. */
export function whyNot(k: KernelState, command: Command): string | null {
  if (command.op === '@env') return whyNotVariable(k, command.name, command.value);
  if (command.op === '@swap' && !mayAddSwap(k, command.pages)) return 'there is too much swap already';
  const { needs, makes } = filesIn(command);
  if (makes !== null && fileNamed(k, makes) !== null) return `the file ${makes} exists already`;
  if (needs !== null && fileNamed(k, needs) === null) return `there is no file ${needs}`;
  if (!('task' in command)) return null;
  if (!isAlive(k, command.task)) return `p${command.task} is not alive`;
  if (command.op === 'fork' && isAlive(k, command.child)) return `p${command.child} exists already`;
  const unknown = whyNotPointer(k, command);
  if (unknown !== null) return unknown;
  for (const name of namesIn(command)) {
    if (
      regionPage(k, name) === null &&
      pointerOf(k, command.task, name) === null &&
      !(command.op === 'mmap' && command.name === name)
    ) {
      return `nothing is called ${name}`;
    }
  }
  return null;
}

function namesIn(command: Command): string[] {
  if (command.op === 'mmap') return command.at === null ? [] : [command.at.name];
  if (command.op === 'pread' || command.op === 'pwrite') return command.buffer === null ? [] : [command.buffer.name];
  return 'name' in command && 'offset' in command ? [command.name] : [];
}

function taskStep(k: KernelState, pid: Pid, command: TaskOperation): Outcome {
  const { tasks, events } = k;
  // A signal reaches a task wherever it is; everything else the task does itself, on the CPU.
  if (command.op !== 'kill') dispatch(k, pid);
  events.currentPid = pid;
  const id = emit(events, EVENT.COMMAND, -1, -1, OPERATIONS.indexOf(command.op as Operation), pagesAsked(k, command));
  const minor = tasks.minflt[pid]!;
  const major = tasks.majflt[pid]!;
  const outcome = within(events, id, () => {
    const ended = carryOut(k, pid, command);
    return tasks.dying[pid] === 1 ? dieForMemory(k, pid) : ended;
  });
  if (!isAlive(k, pid)) return command.op === 'exit' || command.op === 'kill' ? outcome : { ...outcome, died: true };
  if (command.op === 'fork' || command.op === 'state' || command.op === 'walk') return outcome;
  return { ...outcome, min: tasks.minflt[pid]! - minor, maj: tasks.majflt[pid]! - major };
}

/** The OOM killer chose the task while it was asking: its operation has ended, now it does, and nobody sees a result. */
function dieForMemory(k: KernelState, pid: Pid): Outcome {
  emit(k.events, EVENT.SIGNAL, -1, -1, SIGNAL_NUMBER.SIGKILL, SIGNAL_REASONS.indexOf('out of memory'));
  endTask(k, pid, SIGNAL_NUMBER.SIGKILL);
  return { sig: 'SIGKILL', reason: 'out of memory' };
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
    case 'exit':
    case 'kill':
      spend(k, pid, costOf(k, 'system_call'));
      endTask(k, pid, command.op === 'exit' ? 0 : SIGNAL_NUMBER.SIGKILL);
      return {};
    case 'state':
      return {};
    case 'walk':
      return walkOutcome(k, pid, command);
    default:
      return isLibraryCall(command) ? libraryCall(k, pid, command) : systemCall(k, pid, command);
  }
}
