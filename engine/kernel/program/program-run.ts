import { EVENT } from '../../base/event-kinds.ts';
import { emit } from '../../base/event-log.ts';
import { extendRows } from '../../base/table.ts';
import type { MmId, Pid } from '../../base/units.ts';
import { Call, Cpu, callLibrary, enterHandler, Fault, infoOf, libraryName, SIGNALS, type Caller, type Image, type SignalInfo } from '../../c/index.ts'; // prettier-ignore
import { attempt, FLAT_LAYOUT, makeAllocator, type Allocator } from '../../malloc/index.ts';
import { finishWrites } from '../../mm/swap-io.ts';
import { runKswapd } from '../../mm/vmscan.ts';
import { endTask } from '../../proc/exit.ts';
import { victimReturned } from '../../proc/oom-kill.ts';
import { oomState } from '../../proc/oom-state.ts';
import { dispatch, isAlive, mmOf, taskState } from '../../proc/task.ts';
import { spend } from '../boot.ts';
import { environmentOf } from '../heap/environment.ts';
import { TaskMallocMemory } from '../malloc-memory.ts';
import type { KernelState } from '../state.ts';
import { closeAll, streamOf } from './descriptors.ts';
import { isProgram, Process, SIGCHLD } from './process.ts';
import { Checker } from './shadow/checker.ts';
import { dropShadow, isChecking, ownerOf } from './shadow/owners.ts';
import type { StopRule } from './stops.ts';
import { ProgramSystem } from './program-system.ts';
import { TaskPager } from './task-pager.ts';

/** Virtual time of an instruction. */
const INSTRUCTION_NS = 1;
/** The library cannot go on as the output budget is spent. */
export const OUTPUT_STOP = Symbol('output');

/** Why a run ended. */
export type RunEnd =
  /** The rule of whoever watches held. */
  | { readonly kind: 'stop' }
  /** So many instructions have run. */
  | { readonly kind: 'budget' }
  | { readonly kind: 'output' }
  /** Nobody can go on. */
  | { readonly kind: 'waiting' }
  /** The task that was to run has ended. */
  | { readonly kind: 'ended' };

/** How a task ended, in words: kept by whoever runs it, as the state keeps the signal alone. */
export interface Death {
  readonly signal: number;
  readonly status: number;
  readonly reason: string;
}

/**
 * The processor at work for one command: it takes a process's registers from the state and puts them back, and keeps
 * nothing beyond. Processes run in turns whose order follows from the state alone.
 */
export class ProgramRun implements Caller {
  readonly cpu: Cpu;
  readonly system: ProgramSystem;
  readonly deaths = new Map<Pid, Death>();
  /** Null while no program is checked. */
  readonly checker: Checker | null;
  private readonly pager: TaskPager;
  private current: Process;
  private outputSpent = false;
  /** Instructions of a turn that ended early. */
  private unspent = 0;
  private readonly allocators = new Map<
    MmId,
    { readonly task: Pid; readonly memory: TaskMallocMemory; readonly allocator: Allocator }
  >();

  constructor(
    readonly k: KernelState,
    first: Pid,
  ) {
    this.pager = new TaskPager(k, first);
    this.cpu = new Cpu(this.pager);
    this.pager.changed = () => this.cpu.flush();
    this.cpu.library = (number) => this.library(number);
    this.current = new Process(k, first);
    this.system = new ProgramSystem(this);
    this.cpu.trapsMisaligned = k.programs.shadow.machine.trap[0] === 1;
    const checks = isChecking(k) || k.programs.shadow.tasks.rows > 0;
    this.checker = checks ? new Checker(this) : null;
  }

  get process(): Process {
    return this.current;
  }
  get symbols(): Image['symbols'] {
    return this.current.image.symbols;
  }

  /**
   * Runs in turns.
   * @param only the task to run: others have their turns only while it waits; null for all
   * @param stop when to stop ahead of an instruction of that task
   */
  run(instructions: number, only: Pid | null, stop: StopRule | null): RunEnd {
    const until = this.k.programs.runtime.instructions[0]! + instructions;
    for (;;) {
      if (only !== null && !isAlive(this.k, only)) return { kind: 'ended' };
      if (this.outputSpent) return { kind: 'output' };
      const left = until - this.k.programs.runtime.instructions[0]!;
      if (left <= 0) return { kind: 'budget' };
      const next = this.nextReady(only);
      if (next === null) return { kind: 'waiting' };
      if (this.turn(next, left, next.task === only ? stop : null)) return { kind: 'stop' };
    }
  }

  // ——— the processor's time ———

  /** One process's turn. @returns whether the rule stopped it */
  private turn(next: Process, left: number, stop: StopRule | null): boolean {
    const { k, cpu } = this;
    this.switchTo(next);
    this.deliverPending();
    if (!isAlive(k, next.task) || next.waiting !== 'nothing') return false;
    let stopped = false;
    cpu.watch = this.watchOf(next, stop, () => (stopped = true));
    const budget = Math.min(k.programs.runtime.slice[0]!, left);
    const cause = k.events.currentCause;
    this.unspent = 0;
    try {
      cpu.run(budget);
    } catch (error) {
      // Whatever was under way has been left.
      k.events.currentCause = cause;
      this.caught(error);
    }
    this.checker?.endTurn();
    const done = budget - Math.max(cpu.left, this.unspent);
    cpu.watch = null;
    k.programs.runtime.instructions[0]! += done;
    if (isAlive(k, next.task)) {
      spend(k, next.task, done * INSTRUCTION_NS);
      next.save(cpu);
    }
    if (k.machine.kswapdDue[0] !== 0) runKswapd(k);
    finishWrites(k);
    this.buryDead();
    return stopped;
  }

  /** What is asked ahead of each instruction; null while nobody wants to know. */
  private watchOf({ task, image }: Process, stop: StopRule | null, stopped: () => void): Cpu['watch'] {
    const { cpu } = this;
    const { watch } = this.k.host;
    const checker = this.checker?.isOn === true ? this.checker : null;
    if (stop === null && watch === undefined && checker === null) return null;
    return (pc) => {
      cpu.standsAt = pc;
      if (stop !== null && stop(cpu, image)) {
        stopped();
        return true;
      }
      watch?.(task, image, pc);
      checker?.before(pc);
      return false;
    };
  }

  /** The process cannot go on: its turn ends behind this instruction. */
  private stopTurn(): void {
    this.unspent = Math.max(this.unspent, this.cpu.left);
    this.cpu.left = 0;
  }

  /** In turns from the one that ran last; when all sleep, time passes until the first wakes. */
  private nextReady(only: Pid | null): Process | null {
    const living = this.living();
    const from = living.findIndex(({ task }) => task === this.current.task) + 1;
    const order = [...living.slice(from), ...living.slice(0, from)];
    const first = order.find(({ task }) => task === only);
    if (first !== undefined) order.unshift(first);
    for (;;) {
      const ready = order.find((process) => this.canRun(process));
      if (ready !== undefined) return ready;
      const times = living.filter(({ waiting }) => waiting === 'time').map(({ waitsFor }) => waitsFor);
      if (times.length === 0) return null;
      this.k.machine.timeNs[0] = Math.min(...times);
      this.k.events.now = this.k.machine.timeNs[0];
    }
  }

  /** Processes that run a program and have not ended, in the order in which they were made. */
  private living(): Process[] {
    const { k } = this;
    const tasks: Pid[] = [];
    for (let task = 0; task < k.programs.processes.rows; task++) {
      if (isProgram(k, task) && isAlive(k, task)) tasks.push(task as Pid);
    }
    return tasks.sort((a, b) => k.tasks.born[a]! - k.tasks.born[b]!).map((task) => new Process(k, task));
  }

  private canRun(process: Process): boolean {
    const state = taskState(this.k, process.task);
    if (state !== 'runnable' && state !== 'running') return false;
    if (process.isCalled) return true;
    switch (process.waiting) {
      case 'nothing':
        return true;
      case 'time':
        return this.k.machine.timeNs[0]! >= process.waitsFor;
      case 'signal':
        return false;
      case 'child':
        return this.system.hasEndedChild(process.waitsFor, process.task);
    }
  }

  private switchTo(process: Process): void {
    if (process.waiting === 'time' && this.k.machine.timeNs[0]! >= process.waitsFor) process.wake();
    else if (process.waiting === 'child') process.wait('nothing');
    this.current = process;
    this.pager.pid = process.task;
    dispatch(this.k, process.task);
    this.k.events.currentPid = process.task;
    process.restore(this.cpu);
    this.checker?.enter(process.task);
  }

  private library(number: number): void {
    if (!this.call(number)) {
      this.stopTurn();
      return;
    }
    if (oomState(this.k) === 'returning') this.dieForMemory();
    else if (this.current.hasPending) this.deliverPending();
  }

  private call(number: number): boolean {
    const { checker } = this;
    if (checker === null) return callLibrary(this, number);
    const name = libraryName(number);
    checker.beforeCall(name);
    const done = callLibrary(this, number);
    checker.afterCall(name);
    return done;
  }

  /** The OOM killer chose the process in the middle of its own call. */
  private dieForMemory(): void {
    this.kill(this.current.task, SIGNALS.SIGKILL, 'out of memory');
    victimReturned(this.k);
  }

  // ——— signals ———

  private caught(error: unknown): void {
    this.checker?.leave();
    if (error === OUTPUT_STOP) {
      this.outputSpent = true;
      return;
    }
    if (!(error instanceof Fault)) throw error;
    const { current, k } = this;
    if (oomState(k) === 'returning') return this.dieForMemory();
    if (!isAlive(k, current.task)) return;
    const action = current.action(error.signal);
    if (action.handler <= 1 || current.isBlocked(error.signal) || error.signal === SIGNALS.SIGKILL) {
      this.kill(current.task, error.signal, reasonOf(error));
    } else this.handle(infoOf(error));
  }

  private deliverPending(): void {
    const { current } = this;
    for (let info = current.takePending(); info !== null; info = current.takePending()) {
      if (!current.isWanted(info.signal)) continue;
      if (current.action(info.signal).handler === 0) {
        this.kill(current.task, info.signal, '');
        return;
      }
      if (current.waiting === 'signal' || current.waiting === 'time') this.interrupt();
      current.wait('nothing');
      this.handle(info);
    }
  }

  /** pause and sleep end with EINTR once a handler has run. */
  private interrupt(): void {
    this.cpu.setNumber(0, -1);
    this.cpu.pc += 8;
    new Call(this).fail('EINTR');
  }

  private handle(info: SignalInfo): void {
    try {
      emit(this.k.events, EVENT.SIGNAL_HANDLED, -1, -1, info.signal);
      if (this.checker?.isOn === true) this.cpu.tap = this.checker.kernelTap;
      enterHandler(new Call(this), this.current.action(info.signal), info);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      // No room for the frame: Linux forces SIGSEGV.
      this.kill(this.current.task, SIGNALS.SIGSEGV, reasonOf(error));
    } finally {
      this.cpu.tap = null;
    }
  }

  kill(task: Pid, signal: number, reason: string): void {
    this.finish(task, signal, 0, reason);
  }

  /** The task ends; what it had open is closed, and its parent hears of it. */
  finish(task: Pid, signal: number, status: number, reason: string): void {
    this.deaths.set(task, { signal, status, reason });
    if (task === this.current.task) this.stopTurn();
    const owner = ownerOf(this.k, task);
    endTask(this.k, task, signal, status);
    if (owner > 0) dropShadow(this.k, owner);
    this.cpu.flush();
    this.buryDead();
  }

  /** Whoever ended a task, also the out-of-memory killer: its descriptors close and its parent gets SIGCHLD. */
  private buryDead(): void {
    const { k } = this;
    const { processes } = k.programs;
    for (let task = 0; task < processes.rows; task++) {
      if (processes.image[task] === 0 || isAlive(k, task)) continue;
      closeAll(k, task as Pid);
      processes.image[task] = 0;
      const parent = k.tasks.parent[task]! as Pid;
      if (!isAlive(k, parent) || !isProgram(k, parent)) continue;
      new Process(k, parent).post({ signal: SIGCHLD, code: 1, value: new Process(k, task as Pid).pid });
    }
  }

  // ——— what the library asks for ———

  heap<T>(use: (allocator: Allocator) => T): T {
    const { k, cpu } = this;
    const before = k.events.next;
    const { memory, allocator } = this.allocatorOf(mmOf(k, this.current.task));
    if (memory.mapLibrary() === null) throw new Fault(SIGNALS.SIGKILL, 0, 0, 'no room for the library’s data');
    const result = attempt(() => use(this.checker?.allocator(allocator) ?? allocator));
    // Whatever changes a page table says so.
    if (k.events.next === before) cpu.renew();
    else cpu.flush();
    if (result.ok) {
      if (memory.errno !== null) new Call(this).fail(memory.errno);
      memory.errno = null;
      return result.value;
    }
    const { stop } = result;
    if (stop.kind === 'signal')
      throw new Fault(SIGNALS[stop.signal], 1, 0, memory.caught?.reason ?? 'in the allocator');
    if (stop.kind === 'abort') this.output(2, new TextEncoder().encode(stop.message));
    else throw new Fault(SIGNALS.SIGKILL, 0, 0, `the allocator goes round for ever in ${stop.list}`);
    throw new Fault(SIGNALS.SIGABRT, -6, 0, 'abort');
  }

  /** Made once for each address space: it keeps nothing of the heap, but takes its time to make. */
  private allocatorOf(mm: MmId): { readonly memory: TaskMallocMemory; readonly allocator: Allocator } {
    let known = this.allocators.get(mm);
    if (known === undefined || known.task !== this.current.task) {
      const memory = new TaskMallocMemory(this.k, this.current.task);
      const { rules } = this.k;
      const off = { neverJoins: rules.blocksNeverJoin, neverChecks: rules.heapIsNeverChecked };
      const made = makeAllocator(memory, FLAT_LAYOUT.arena, environmentOf(this.k), null, off);
      const allocator = rules.blocksComeCleared ? { ...made, malloc: (bytes: number) => made.calloc(1, bytes) } : made;
      known = { task: this.current.task, memory, allocator };
      this.allocators.set(mm, known);
    }
    return known;
  }

  /** Bytes of standard output or error leave the machine. */
  output(fd: number, bytes: Uint8Array): number {
    const { k } = this;
    const { runtime } = k.programs;
    runtime.written[0]! += bytes.length;
    if (runtime.written[0]! > runtime.outputLimit[0]!) {
      this.stopTurn();
      throw OUTPUT_STOP;
    }
    const stream = streamOf(k, this.current.task, fd);
    emit(k.events, EVENT.OUTPUT, -1, -1, stream, bytes.length);
    if (k.host.write !== null) k.host.write(stream, bytes);
    else keepOutput(k, this.current.task, stream, bytes);
    return bytes.length;
  }
}

function keepOutput(k: KernelState, pid: Pid, fd: 1 | 2, bytes: Uint8Array): void {
  const { output } = k.programs;
  for (const byte of bytes) {
    const row = output.rows;
    extendRows(output, row + 1);
    output.byte[row] = byte;
    output.fd[row] = fd;
    output.pid[row] = pid;
  }
}

const reasonOf = (fault: Fault): string => {
  const where =
    fault.signal === SIGNALS.SIGSEGV || fault.signal === SIGNALS.SIGBUS ? ` at 0x${fault.address.toString(16)}` : '';
  return `${fault.reason}${where}`;
};
