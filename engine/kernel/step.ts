import { ERRNO, type SysResult } from '../base/errno.ts';
import { EVENT, OPERATIONS, SIGNAL_REASONS, type Operation } from '../base/event-kinds.ts';
import { emit, within } from '../base/event-log.ts';
import { VM } from '../base/flags.ts';
import { MAX_PAGES_PER_COMMAND } from '../base/limits.ts';
import { PAGE_SIZE, pagesFor, type Pid } from '../base/units.ts';
import { accessPage } from '../mm/access.ts';
import { sysBrk } from '../mm/brk.ts';
import { totalRamPages } from '../mm/commit.ts';
import { peekByte, storeByte } from '../mm/frame-bytes.ts';
import { sysMmap } from '../mm/mmap.ts';
import { sysMprotect } from '../mm/mprotect.ts';
import { sysMunmap } from '../mm/munmap.ts';
import { endTask, SIGNAL_NUMBER } from '../proc/exit.ts';
import { sysFork } from '../proc/fork.ts';
import { dispatch, isAlive, mmOf } from '../proc/task.ts';
import type { Command, CommandResult, Perms, Quantity, RegionOffset, TaskOperation } from '../protocol/commands.ts';
import { spend } from './boot.ts';
import { COST } from './cost.ts';
import { aliasRegion, placeRegion, regionPage } from './regions.ts';
import type { KernelState } from './state.ts';

/** What an operation adds to the common fields of its result. */
type Outcome = Partial<Omit<CommandResult, 'casDelta' | 'timeNs' | 'firstEvent' | 'endEvent'>>;

/**
 * Carries out one command: the only way the simulated state changes. Errors of system calls, signals and kills are in
 * the result; the caller has made sure that the task is alive and a child's number is not (see canStep).
 */
export function step(k: KernelState, command: Command): CommandResult {
  const { machine, events } = k;
  const firstEvent = events.next;
  const committed = machine.committed[0]!;
  const time = machine.timeNs[0]!;
  machine.steps[0]!++;
  const outcome = 'task' in command ? taskStep(k, command.task as Pid, command) : directive(k, command);
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
  if (!('task' in command)) return null;
  if (!isAlive(k, command.task)) return `p${command.task} is not alive`;
  if (command.op === 'fork' && isAlive(k, command.child)) return `p${command.child} exists already`;
  for (const name of namesIn(command)) {
    if (regionPage(k, name) === null && !(command.op === 'mmap' && command.name === name)) {
      return `nothing is called ${name}`;
    }
  }
  return null;
}

function namesIn(command: Command): string[] {
  if (command.op === 'mmap') return command.at === null ? [] : [command.at.name];
  return 'name' in command && 'offset' in command ? [command.name] : [];
}

function directive(k: KernelState, command: Extract<Command, { op: `@${string}` }>): Outcome {
  emit(k.events, EVENT.COMMAND, -1, -1, OPERATIONS.indexOf(command.op));
  if (command.op === '@overcommit') k.machine.overcommit[0] = command.mode;
  if (command.op === '@sleep') {
    k.machine.timeNs[0]! += command.milliseconds * 1_000_000;
    k.events.now = k.machine.timeNs[0]!;
  }
  return {};
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
  if (command.op === 'fork' || command.op === 'state') return outcome;
  return { ...outcome, min: tasks.minflt[pid]! - minor, maj: tasks.majflt[pid]! - major };
}

/** The OOM killer chose the task while it was asking: its operation has ended, now it does, and nobody sees a result. */
function dieForMemory(k: KernelState, pid: Pid): Outcome {
  emit(k.events, EVENT.SIGNAL, -1, -1, SIGNAL_NUMBER.SIGKILL, SIGNAL_REASONS.indexOf('out of memory'));
  endTask(k, pid, SIGNAL_NUMBER.SIGKILL);
  return { sig: 'SIGKILL', reason: 'out of memory' };
}

function carryOut(k: KernelState, pid: Pid, command: TaskOperation): Outcome {
  const mm = mmOf(k, pid);
  switch (command.op) {
    case 'mmap': {
      const length = bytesOf(k, command.length);
      const address = mmapAddress(k, command, length);
      return call(k, pid, command.op, pagesFor(length), () =>
        named(
          command.name,
          sysMmap(k, mm, {
            address,
            length,
            access: accessFlags(command.perms),
            sharing: command.sharing,
            placement: command.at?.kind === 'fixed' ? 'fixed' : 'noreplace',
            noreserve: command.noreserve,
            populate: command.populate,
          }),
        ),
      );
    }
    case 'munmap': {
      const length = bytesOf(k, command.length);
      return call(k, pid, command.op, pagesFor(length), () => sysMunmap(k, mm, addressOf(k, command), length));
    }
    case 'mprotect': {
      const length = bytesOf(k, command.length);
      return call(k, pid, command.op, pagesFor(length), () =>
        sysMprotect(k, mm, addressOf(k, command), length, accessFlags(command.perms)),
      );
    }
    case 'brk':
      return moveBreak(k, pid, command);
    case 'touch_r':
    case 'touch_w':
    case 'read':
      return touch(k, pid, command);
    case 'poke':
      return poke(k, pid, command);
    case 'bytes':
      return loadBytes(k, pid, command);
    case 'fork':
      return call(k, pid, command.op, 0, () => {
        const before = k.events.next;
        const forked = sysFork(k, pid, command.child as Pid);
        spendForkedPages(k, pid, before);
        return forked.ok ? { ok: true, value: `p${command.child}` } : forked;
      });
    case 'exit':
      endTask(k, pid, 0);
      return {};
    case 'kill':
      endTask(k, pid, SIGNAL_NUMBER.SIGKILL);
      return {};
    case 'state':
      return {};
  }
}

/** A system call: an event with its length, its price, its error in words. */
function call(k: KernelState, pid: Pid, op: Operation, pages: number, run: () => SysResult<number | string>): Outcome {
  const index = OPERATIONS.indexOf(op);
  const id = emit(k.events, EVENT.SYSCALL, -1, -1, index, pages);
  spend(k, pid, COST.syscall);
  return within(k.events, id, () => {
    const copies = k.machine.copies[0]!;
    const result = run();
    spend(k, pid, (k.machine.copies[0]! - copies) * COST.copyFrame);
    if (result.ok) return { ret: result.value };
    emit(k.events, EVENT.SYSCALL_ERROR, -1, -1, index, ERRNO[result.errno]);
    return { ret: -1, errno: result.errno };
  });
}

function spendForkedPages(k: KernelState, pid: Pid, fromEvent: number): void {
  let pages = 0;
  for (let id = fromEvent; id < k.events.next; id++) {
    const at = id - k.events.first;
    if (k.events.kind[at] === EVENT.PAGES_SHARED) pages += k.events.a[at]! + k.events.b[at]!;
  }
  spend(k, pid, pages * COST.forkPage);
}

const named = (name: string, result: SysResult<number>): SysResult<string> =>
  result.ok ? { ok: true, value: name } : result;

/** One access a page, until a signal. */
function touch(
  k: KernelState,
  pid: Pid,
  command: Extract<TaskOperation, { op: 'touch_r' | 'touch_w' | 'read' }>,
): Outcome {
  const first = addressOf(k, command);
  const count = Math.floor(bytesOf(k, command.length) / PAGE_SIZE);
  const value = command.op === 'touch_w' ? (command.byte ?? k.machine.steps[0]!) & 0xff : null;
  const bytes: number[] = [];
  let done = 0;
  let signal: Outcome = {};
  for (; done < Math.min(count, MAX_PAGES_PER_COMMAND); done++) {
    const result = accessByte(k, pid, first + done * PAGE_SIZE, value);
    if (typeof result !== 'number') {
      signal = result;
      break;
    }
    if (command.op === 'read') bytes.push(result);
  }
  const isSignal = signal.sig !== undefined && signal.sig !== 'SIGKILL';
  return {
    ...signal,
    ...(isSignal ? { done } : {}),
    ...(bytes.length > 0 ? { bytes } : {}),
  };
}

/**
 * One byte by one user instruction.
 * @param value what to store, null to load
 * @returns the byte, or how it ended
 */
function accessByte(k: KernelState, pid: Pid, address: number, value: number | null): number | Outcome {
  const mm = mmOf(k, pid);
  const page = Math.floor(address / PAGE_SIZE);
  const copies = k.machine.copies[0]!;
  const result = accessPage(k, mm, page, value !== null);
  spend(k, pid, COST.access + (k.machine.copies[0]! - copies) * COST.copyFrame);
  if (result.kind === 'frame') {
    const offset = address - page * PAGE_SIZE;
    if (value !== null) storeByte(k, result.frame, offset, value);
    return peekByte(k, result.frame, offset);
  }
  if (result.kind === 'killed') {
    return {};
  }
  emit(k.events, EVENT.SIGNAL, page, -1, SIGNAL_NUMBER[result.signal], SIGNAL_REASONS.indexOf(result.reason));
  return { sig: result.signal, code: result.code, reason: result.reason };
}

function poke(k: KernelState, pid: Pid, command: Extract<TaskOperation, { op: 'poke' }>): Outcome {
  const first = addressOf(k, command);
  for (let i = 0; i < command.values.length; i++) {
    const result = accessByte(k, pid, first + i, command.values[i]!);
    if (typeof result !== 'number') return { ...result, done: i };
  }
  return {};
}

function loadBytes(k: KernelState, pid: Pid, command: Extract<TaskOperation, { op: 'bytes' }>): Outcome {
  const first = addressOf(k, command);
  const count = Math.min(bytesOf(k, command.length), PAGE_SIZE);
  const bytes: number[] = [];
  for (let i = 0; i < count; i++) {
    const result = accessByte(k, pid, first + i, null);
    if (typeof result !== 'number') return { ...result, done: i, bytes };
    bytes.push(result);
  }
  return { bytes };
}

function moveBreak(k: KernelState, pid: Pid, command: Extract<TaskOperation, { op: 'brk' }>): Outcome {
  const mm = mmOf(k, pid);
  const amount = bytesOf(k, command.amount);
  const start = k.mms.startBrk[mm]!;
  const now = k.mms.brk[mm]!;
  const wanted = command.change === '=' ? start + amount : now + (command.change === '+' ? amount : -amount);
  return call(k, pid, 'brk', pagesFor(amount), () => {
    const after = sysBrk(k, mm, wanted);
    const distance = after - start;
    const text = `${after === wanted ? 'ok' : 'unchanged'} brk=${Math.trunc(distance / PAGE_SIZE)}${distance % PAGE_SIZE === 0 ? '' : '+'}`;
    return { ok: true, value: text };
  });
}

/** A size of the console in bytes. A negative one stays negative: the kernel sees a huge unsigned number. */
function bytesOf(k: KernelState, quantity: Quantity): number {
  const share = Math.floor((totalRamPages(k) * quantity.ramPercent) / 100) * PAGE_SIZE;
  return quantity.bytes + share;
}

/** A name that was never used gets a place where nothing is mapped. */
function addressOf(k: KernelState, place: RegionOffset): number {
  return placeRegion(k, place.name, 0) * PAGE_SIZE + bytesOf(k, place.offset);
}

function mmapAddress(k: KernelState, command: Extract<TaskOperation, { op: 'mmap' }>, length: number): number {
  if (command.at === null) return placeRegion(k, command.name, pagesFor(length)) * PAGE_SIZE;
  const address = addressOf(k, command.at);
  aliasRegion(k, command.name, Math.floor(address / PAGE_SIZE));
  return address;
}

function accessFlags(perms: Perms): number {
  return (
    (perms.includes('r') ? VM.READ : 0) | (perms.includes('w') ? VM.WRITE : 0) | (perms.includes('x') ? VM.EXEC : 0)
  );
}

function pagesAsked(k: KernelState, command: TaskOperation): number {
  return 'length' in command ? pagesFor(Math.max(0, bytesOf(k, command.length))) : 0;
}
