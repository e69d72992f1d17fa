import { assert } from '../../base/assert.ts';
import { type Pid } from '../../base/units.ts';
import {
  Call, Cpu, callLibrary, enterHandler, errorNumber, Fault, infoOf, SIGNALS, SP, TEXT_START, type Caller, type Image,
  type SignalAction, type SignalInfo, type Usage,
} from '../../c/index.ts'; // prettier-ignore
import { attempt, makeAllocator, type Allocator } from '../../malloc/index.ts';
import { dispatch, mmOf, taskState } from '../../proc/task.ts';
import { endTask, reapTask } from '../../proc/exit.ts';
import { sysFork } from '../../proc/fork.ts';
import { sysPrlimit, type Resource } from '../../proc/rlimit.ts';
import { spend } from '../boot.ts';
import { TaskMallocMemory } from '../malloc-memory.ts';
import type { KernelState } from '../state.ts';
import { loadImage } from './load-image.ts';
import { MemorySystem } from './memory-system.ts';
import { Process } from './process.ts';
import { TaskPager } from './task-pager.ts';

/** What `faultline run` is asked for. */
export interface ProgramOptions {
  readonly name: string;
  readonly args: readonly string[];
  readonly environment: readonly string[];
  /** Instructions of all processes together. */
  readonly instructions: number;
  /** Bytes of output. */
  readonly output: number;
  readonly write: (fd: 1 | 2, bytes: Uint8Array) => void;
}

export type ProgramEnd =
  | { readonly kind: 'exit'; readonly status: number }
  | { readonly kind: 'signal'; readonly signal: number; readonly reason: string }
  | { readonly kind: 'budget'; readonly reason: string };

/** Instructions before the next process has its turn. */
const SLICE = 20_000;
/** Virtual time of an instruction. */
const INSTRUCTION_NS = 1;
/** After the first process has ended, others may go on so long. */
const ORPHAN_INSTRUCTIONS = 5_000_000;
const FIRST_PID = 1000;
const RESOURCES: Readonly<Record<number, Resource>> = { 2: 'data', 3: 'stack', 8: 'memlock', 9: 'as' };
const IGNORED_BY_DEFAULT = new Set([17, 18, 23, 28]);
const SIGCHLD = 17;
const WNOHANG = 1;
const OUTPUT_STOP = Symbol('output');

/**
 * Runs a C program and the processes it makes on one processor, in turns whose order follows from the program alone.
 * All memory is the kernel's; what a process has beside it (registers, signal actions) is in `Process`.
 */
export class ProgramRun implements Caller {
  readonly cpu: Cpu;
  readonly symbols: Image['symbols'];
  readonly system: Caller['system'];
  private readonly pager: TaskPager;
  private readonly processes: Process[] = [];
  private current: Process;
  private nextPid = FIRST_PID;
  private written = 0;
  private end: ProgramEnd | null = null;
  private ran = 0;
  private readonly reasons = new Map<number, string>();

  constructor(
    private readonly k: KernelState,
    image: Image,
    private readonly options: ProgramOptions,
  ) {
    const first = 0 as Pid;
    this.symbols = image.symbols;
    const { stackTop } = loadImage(k, mmOf(k, first), options.name, image);
    this.pager = new TaskPager(k, first);
    this.cpu = new Cpu(this.pager);
    this.pager.changed = () => this.cpu.flush();
    this.cpu.library = (number) => this.library(number);
    this.system = this.makeSystem();
    this.current = new Process(first, this.nextPid++, 1, this.cpu);
    this.processes.push(this.current);
    this.prepareStack(stackTop);
    this.current.save(this.cpu);
  }

  /** Instructions so far. */
  get instructions(): number {
    return this.ran;
  }

  /** Runs until the first process has ended, or a budget has. */
  run(): ProgramEnd {
    while (this.end === null) {
      if (this.ran >= this.options.instructions) {
        this.end = { kind: 'budget', reason: `${this.options.instructions} instructions have run` };
      } else if (!this.turn())
        this.end = { kind: 'budget', reason: 'all processes wait for something that never comes' };
    }
    const orphansUntil = this.ran + ORPHAN_INSTRUCTIONS;
    while (this.end.kind !== 'budget' && this.ran < orphansUntil && this.turn());
    return this.end;
  }

  // ——— the processor's time ———

  /** One process's turn. @returns false when none can run any more */
  private turn(): boolean {
    const ready = this.nextReady();
    if (ready === null) return false;
    this.switchTo(ready);
    this.deliverPending();
    if (ready.status !== null || ready.waiting !== null) return true;
    const budget = Math.min(SLICE, Math.max(1, this.options.instructions - this.ran));
    let done = 0;
    try {
      done = this.cpu.run(budget);
    } catch (error) {
      done = budget - this.cpu.left;
      this.caught(error);
    }
    this.ran += done;
    if (ready.status === null) {
      spend(this.k, ready.task, done * INSTRUCTION_NS);
      ready.save(this.cpu);
    }
    return true;
  }

  /** In turns from the one that ran last; when all sleep, time passes until the first wakes. */
  private nextReady(): Process | null {
    const living = this.processes.filter((process) => process.status === null);
    const from = living.indexOf(this.current) + 1;
    const order = [...living.slice(from), ...living.slice(0, from)];
    for (;;) {
      const ready = order.find((process) => this.canRun(process));
      if (ready !== undefined) return ready;
      const times = living.flatMap(({ waiting }) => (waiting?.kind === 'time' ? [waiting.until] : []));
      if (times.length === 0) return null;
      this.k.machine.timeNs[0] = Math.min(...times);
      this.k.events.now = this.k.machine.timeNs[0];
    }
  }

  private canRun(process: Process): boolean {
    const { waiting } = process;
    if (process.pending.some((info) => this.isWanted(process, info))) return true;
    if (waiting === null) return true;
    if (waiting.kind === 'time') return this.k.machine.timeNs[0]! >= waiting.until;
    if (waiting.kind === 'signal') return false;
    return this.children(process, waiting.pid).some((child) => child.status !== null);
  }

  private switchTo(process: Process): void {
    if (process.waiting?.kind === 'time' && this.k.machine.timeNs[0]! >= process.waiting.until) {
      process.awake = true;
      process.waiting = null;
    } else if (process.waiting?.kind === 'child') process.waiting = null;
    this.current = process;
    this.pager.pid = process.task;
    dispatch(this.k, process.task);
    this.k.events.currentPid = process.task;
    process.restore(this.cpu);
  }

  private library(number: number): void {
    if (!callLibrary(this, number)) {
      this.cpu.left = 0;
      return;
    }
    if (this.current.pending.length > 0) this.deliverPending();
  }

  // ——— signals ———

  private caught(error: unknown): void {
    if (error === OUTPUT_STOP) return;
    if (!(error instanceof Fault)) throw error;
    const process = this.current;
    const action = process.actions[error.signal - 1]!;
    const blocked = (process.mask & (1n << BigInt(error.signal - 1))) !== 0n;
    if (action.handler <= 1 || blocked || error.signal === SIGNALS.SIGKILL)
      this.kill(process, error.signal, reasonOf(error));
    else this.handle(action, infoOf(error));
  }

  private isWanted(process: Process, info: SignalInfo): boolean {
    if ((process.mask & (1n << BigInt(info.signal - 1))) !== 0n) return false;
    const { handler } = process.actions[info.signal - 1]!;
    return handler !== 1 && !(handler === 0 && IGNORED_BY_DEFAULT.has(info.signal));
  }

  private deliverPending(): void {
    const process = this.current;
    for (const info of [...process.pending]) {
      if ((process.mask & (1n << BigInt(info.signal - 1))) !== 0n) continue;
      process.pending.splice(process.pending.indexOf(info), 1);
      if (!this.isWanted(process, info)) continue;
      const action = process.actions[info.signal - 1]!;
      if (action.handler === 0) {
        this.kill(process, info.signal, '');
        return;
      }
      if (process.waiting?.kind === 'signal' || process.waiting?.kind === 'time') this.interrupt();
      process.waiting = null;
      this.handle(action, info);
    }
  }

  /** pause and sleep end with EINTR once a handler has run. */
  private interrupt(): void {
    this.cpu.setNumber(0, -1);
    this.cpu.pc += 8;
    new Call(this).fail('EINTR');
  }

  private handle(action: SignalAction, info: SignalInfo): void {
    try {
      enterHandler(new Call(this), action, info);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      // No room for the frame: Linux forces SIGSEGV.
      this.kill(this.current, SIGNALS.SIGSEGV, reasonOf(error));
    }
  }

  private kill(process: Process, signal: number, reason: string): void {
    this.reasons.set(process.pid, reason);
    this.finish(process, signal);
  }

  /** @param status as wait(2) reports it */
  private finish(process: Process, status: number): void {
    const { k } = this;
    const { minflt, majflt } = k.tasks;
    const parent = this.processes.find((other) => other.pid === process.parent && other.status === null);
    if (parent !== undefined) {
      parent.childUsage.minflt += minflt[process.task]! + process.childUsage.minflt;
      parent.childUsage.majflt += majflt[process.task]! + process.childUsage.majflt;
      parent.pending.push({ signal: SIGCHLD, code: 1, value: process.pid });
    }
    process.status = status;
    this.cpu.left = 0;
    endTask(k, process.task, status & 0x7f, status >> 8);
    this.cpu.flush();
    for (const child of this.processes) if (child.parent === process.pid) child.parent = 1;
    if (process.pid === FIRST_PID) this.end = this.endOf(process, status);
    if (parent === undefined) this.processes.splice(this.processes.indexOf(process), 1);
  }

  private endOf(process: Process, status: number): ProgramEnd {
    const signal = status & 0x7f;
    if (signal === 0) return { kind: 'exit', status: status >> 8 };
    return { kind: 'signal', signal, reason: this.reasons.get(process.pid) ?? '' };
  }

  // ——— what the library asks for ———

  heap<T>(use: (allocator: Allocator) => T): T {
    const memory = new TaskMallocMemory(this.k, this.current.task);
    const result = attempt(() => {
      const arena = memory.mapLibrary();
      assert(arena !== null, 'the library’s data find room');
      return use(makeAllocator(memory, arena));
    });
    this.cpu.flush();
    if (result.ok) {
      if (memory.errno !== null) new Call(this).fail(memory.errno);
      return result.value;
    }
    const { stop } = result;
    if (stop.kind === 'signal')
      throw new Fault(SIGNALS[stop.signal], 1, 0, memory.caught?.reason ?? 'in the allocator');
    if (stop.kind === 'abort') this.output(2, new TextEncoder().encode(stop.message));
    else throw new Fault(SIGNALS.SIGKILL, 0, 0, `the allocator goes round for ever in ${stop.list}`);
    throw new Fault(SIGNALS.SIGABRT, -6, 0, 'abort');
  }

  private output(fd: number, bytes: Uint8Array): number {
    if (fd !== 1 && fd !== 2) return -errorNumber('EBADF');
    this.written += bytes.length;
    if (this.written > this.options.output) {
      this.end = { kind: 'budget', reason: `${this.options.output} bytes of output were written` };
      this.cpu.left = 0;
      throw OUTPUT_STOP;
    }
    this.options.write(fd, bytes);
    return bytes.length;
  }

  private children(process: Process, pid: number): Process[] {
    return this.processes.filter(
      (child) => child.parent === process.pid && (pid === -1 || pid === 0 || child.pid === pid),
    );
  }

  private freeTask(): Pid {
    const { used } = this.k.tasks;
    let task = 0;
    while (task < this.k.tasks.rows && used[task] === 1) task++;
    return task as Pid;
  }

  private fork(): number {
    const { k, cpu, current } = this;
    const task = this.freeTask();
    const forked = sysFork(k, current.task, task);
    cpu.flush();
    if (!forked.ok) return -errorNumber(forked.errno);
    const child = current.copy(task, this.nextPid++, cpu);
    // The child comes back from the same call, with 0.
    child.registers[0] = 0;
    child.registers[1] = 0;
    child.pc = cpu.pc + 8;
    this.processes.push(child);
    return child.pid;
  }

  private wait(pid: number, options: number): { pid: number; status: number } | number | null {
    const children = this.children(this.current, pid);
    if (children.length === 0) return -errorNumber('ECHILD');
    const ended = children.find((child) => child.status !== null);
    if (ended !== undefined) {
      this.processes.splice(this.processes.indexOf(ended), 1);
      if (this.k.tasks.used[ended.task] === 1 && taskState(this.k, ended.task) === 'zombie')
        reapTask(this.k, ended.task);
      return { pid: ended.pid, status: ended.status! };
    }
    if ((options & WNOHANG) !== 0) return { pid: 0, status: 0 };
    this.current.waiting = { kind: 'child', pid };
    return null;
  }

  private sendSignal(pid: number, signal: number): number {
    if (signal < 0 || signal > 64) return -errorNumber('EINVAL');
    const target = this.processes.find((process) => process.pid === (pid === 0 ? this.current.pid : pid));
    if (target === undefined) return -errorNumber('ESRCH');
    if (signal === 0 || target.status !== null) return 0;
    if (signal === SIGNALS.SIGKILL) {
      this.kill(target, signal, '');
      return 0;
    }
    if (!target.pending.some((info) => info.signal === signal))
      target.pending.push({ signal, code: 0, value: this.current.pid });
    return 0;
  }

  private sleep(ns: number): number | null {
    const { current } = this;
    if (current.awake) {
      current.awake = false;
      return 0;
    }
    current.waiting = { kind: 'time', until: this.k.machine.timeNs[0]! + ns };
    return null;
  }

  private usage(ofChildren: boolean): Usage {
    const { tasks, mms } = this.k;
    const { task, childUsage } = this.current;
    if (ofChildren) return { userNs: 0, maxRssPages: 0, ...childUsage };
    const mm = mmOf(this.k, task);
    const rss = mms.rssAnon[mm]! + mms.rssFile[mm]! + mms.rssShmem[mm]!;
    return { userNs: tasks.timeNs[task]!, maxRssPages: rss, minflt: tasks.minflt[task]!, majflt: tasks.majflt[task]! };
  }

  private limit(resource: number): { soft: number; hard: number } | null {
    if (resource < 0 || resource > 15) return null;
    const { mms } = this.k;
    const mm = mmOf(this.k, this.current.task);
    switch (RESOURCES[resource]) {
      case 'data':
        return { soft: mms.rlimitData[mm]!, hard: mms.hardData[mm]! };
      case 'stack':
        return { soft: mms.rlimitStack[mm]!, hard: mms.hardStack[mm]! };
      case 'memlock':
        return { soft: mms.rlimitMemlock[mm]!, hard: mms.hardMemlock[mm]! };
      case 'as':
        return { soft: mms.rlimitAs[mm]!, hard: mms.hardAs[mm]! };
      case undefined:
        return { soft: Infinity, hard: Infinity };
    }
  }

  private makeSystem(): Caller['system'] {
    const memory = new MemorySystem(
      this.k,
      () => this.current.task,
      () => this.cpu.flush(),
    );
    const mm = () => mmOf(this.k, this.current.task);
    return Object.assign(memory, {
      write: (fd: number, bytes: Uint8Array) => this.output(fd, bytes),
      fork: () => this.fork(),
      exit: (status: number) => this.finish(this.current, status << 8),
      wait: (pid: number, options: number) => this.wait(pid, options),
      kill: (pid: number, signal: number) => this.sendSignal(pid, signal),
      sleep: (ns: number) => this.sleep(ns),
      pause: () => {
        this.current.waiting = { kind: 'signal' };
        return null;
      },
      action: (signal: number) =>
        signal < 1 || signal > 64 || signal === 9 || signal === 19 ? null : this.current.actions[signal - 1]!,
      mask: () => this.current.mask,
      setMask: (mask: bigint) => {
        // SIGKILL and SIGSTOP cannot be blocked.
        this.current.mask = BigInt.asUintN(64, mask) & ~((1n << 8n) | (1n << 18n));
      },
      pid: () => this.current.pid,
      parent: () => this.current.parent,
      uid: () => this.current.uid,
      setuid: (uid: number) => {
        if (this.current.uid !== 0 && uid !== this.current.uid) return -errorNumber('EPERM');
        this.current.uid = uid;
        // Leaving uid 0 drops all capabilities. Source: Linux security/commoncap.c cap_emulate_setxuid.
        if (uid !== 0) this.k.mms.capsDropped[mm()] = 0xffffffff;
        return 0;
      },
      usage: (ofChildren: boolean) => this.usage(ofChildren),
      limit: (resource: number) => this.limit(resource),
      setLimit: (resource: number, soft: number, hard: number) => {
        const name = RESOURCES[resource];
        if (name === undefined) return 0;
        const done = sysPrlimit(this.k, mm(), name, soft, hard);
        return done.ok ? 0 : -errorNumber(done.errno);
      },
      timeNs: () => this.k.machine.timeNs[0]!,
      ramPages: () => this.k.machine.totalFrames[0]!,
    });
  }

  /** Arguments and environment at the end of the stack, and the first function's own arguments below them. */
  private prepareStack(top: number): void {
    const { cpu, options } = this;
    let at = top - 16;
    const place = (text: string): number => {
      const bytes = new TextEncoder().encode(`${text}\0`);
      at -= bytes.length;
      cpu.write(at, bytes);
      return at;
    };
    const call = new Call(this);
    const list = (texts: readonly string[]): number => {
      const addresses = [...texts.map(place), 0];
      at = Math.floor(at / 16) * 16 - Math.ceil(addresses.length / 2) * 16;
      addresses.forEach((address, i) => call.setWord(at + 8 * i, address));
      return at;
    };
    const environment = list(options.environment);
    const args = list([options.name, ...options.args]);
    const sp = Math.floor(at / 16) * 16 - 32;
    call.setWord(sp, options.args.length + 1);
    call.setWord(sp + 8, args);
    call.setWord(sp + 16, environment);
    call.setWord(call.symbol('__program_name'), call.word(args));
    cpu.setNumber(SP, sp - 8);
    cpu.pc = this.symbols.get('__start')!.address - TEXT_START;
  }
}

const reasonOf = (fault: Fault): string => {
  const where =
    fault.signal === SIGNALS.SIGSEGV || fault.signal === SIGNALS.SIGBUS ? ` at 0x${fault.address.toString(16)}` : '';
  return `${fault.reason}${where}`;
};
