import { extendRows } from '../../base/table.ts';
import type { Pid } from '../../base/units.ts';
import { SIGNAL, signalBit } from '../../base/signals.ts';
import type { Cpu, Image, SignalAction, SignalInfo } from '../../c/index.ts';
import type { KernelState } from '../state.ts';
import { MAX_DESCRIPTORS, WAITING, type Waiting } from './tables.ts';

/** The first process's number as programs see it. */
export const FIRST_PID = 1000;
/** As programs see init. */
const INIT_PID = 1;
/** Signals that do nothing without a handler: SIGCHLD, SIGCONT, SIGURG, SIGWINCH. Source: Linux SIG_KERNEL_IGNORE_MASK. */
const IGNORED_BY_DEFAULT: ReadonlySet<number> = new Set([17, 18, 23, 28]);

const big = (low: number, high: number): bigint => (BigInt(high) << 32n) | BigInt(low);
const lowOf = (value: bigint): number => Number(value & 0xffffffffn);
const highOf = (value: bigint): number => Number((value >> 32n) & 0xffffffffn);

/** One task's row of the table of processes, under names. It keeps nothing itself. */
export class Process {
  constructor(
    private readonly k: KernelState,
    readonly task: Pid,
  ) {}

  private get table(): KernelState['programs']['processes'] {
    return this.k.programs.processes;
  }

  get image(): Image {
    return this.k.images[this.table.image[this.task]! - 1]!.image;
  }
  /** Its number as programs see it: never given out twice. */
  get pid(): number {
    return FIRST_PID + this.k.tasks.born[this.task]!;
  }
  get parent(): number {
    const parent = this.k.tasks.parent[this.task]!;
    return parent < 0 ? INIT_PID : FIRST_PID + this.k.tasks.born[parent]!;
  }

  // ——— the processor ———

  save(cpu: Cpu): void {
    const words = cpu.registers.length;
    this.table.registers.set(cpu.registers, this.task * words);
    this.table.pc[this.task] = cpu.pc;
  }
  restore(cpu: Cpu): void {
    const words = cpu.registers.length;
    cpu.registers.set(this.table.registers.subarray(this.task * words, (this.task + 1) * words));
    cpu.pc = this.table.pc[this.task]!;
    cpu.flush();
  }

  /** It goes on at a place of the text, as if a call had just given it a value. */
  comeBack(value: number, pc: number): void {
    const at = this.task * (this.table.registers.length / this.table.capacity);
    this.table.registers[at] = value;
    this.table.registers[at + 1] = 0;
    this.table.pc[this.task] = pc;
  }

  // ——— waiting ———

  get waiting(): Waiting {
    return WAITING[this.table.waiting[this.task]!]!;
  }
  get waitsFor(): number {
    return this.table.waitsFor[this.task]!;
  }
  wait(what: Waiting, until = 0): void {
    this.table.waiting[this.task] = WAITING.indexOf(what);
    this.table.waitsFor[this.task] = until;
  }
  /** The time it slept for is over. @returns whether it was so; it is not any more */
  takeAwake(): boolean {
    const was = this.table.awake[this.task] === 1;
    this.table.awake[this.task] = 0;
    return was;
  }
  wake(): void {
    this.table.awake[this.task] = 1;
    this.wait('nothing');
  }

  // ——— signals ———

  get mask(): bigint {
    const { mask } = this.table;
    return big(mask[this.task * 2]!, mask[this.task * 2 + 1]!);
  }
  /** SIGKILL and SIGSTOP cannot be blocked. */
  set mask(value: bigint) {
    const allowed = BigInt.asUintN(64, value) & ~((1n << 8n) | (1n << 18n));
    this.table.mask[this.task * 2] = lowOf(allowed);
    this.table.mask[this.task * 2 + 1] = highOf(allowed);
  }
  isBlocked(signal: number): boolean {
    return (this.mask & (1n << BigInt(signal - 1))) !== 0n;
  }

  action(signal: number): SignalAction {
    const { handler, actionFlags, actionMask } = this.table;
    const at = this.task * 65 + signal;
    return { handler: handler[at]!, flags: actionFlags[at]!, mask: big(actionMask[at * 2]!, actionMask[at * 2 + 1]!) };
  }
  /** The kernel's own sets of handled and ignored signals follow. */
  setAction(signal: number, action: SignalAction): void {
    const { handler, actionFlags, actionMask } = this.table;
    const at = this.task * 65 + signal;
    handler[at] = action.handler;
    actionFlags[at] = action.flags;
    actionMask[at * 2] = lowOf(action.mask);
    actionMask[at * 2 + 1] = highOf(action.mask);
    if (signal > 31) return;
    const { tasks } = this.k;
    const bit = signalBit(signal);
    tasks.sigHandled[this.task] = ((tasks.sigHandled[this.task]! & ~bit) | (action.handler > 1 ? bit : 0)) >>> 0;
    tasks.sigIgnored[this.task] = ((tasks.sigIgnored[this.task]! & ~bit) | (action.handler === 1 ? bit : 0)) >>> 0;
  }

  /** A signal that is neither ignored nor without meaning. */
  isWanted(signal: number): boolean {
    const { handler } = this.action(signal);
    return handler !== 1 && !(handler === 0 && IGNORED_BY_DEFAULT.has(signal));
  }
  get hasPending(): boolean {
    const { pending } = this.table;
    return (pending[this.task * 2]! | pending[this.task * 2 + 1]!) !== 0;
  }
  isPending(signal: number): boolean {
    const word = this.task * 2 + (signal > 32 ? 1 : 0);
    return (this.table.pending[word]! & (1 << ((signal - 1) & 31))) !== 0;
  }
  /** A signal that stands pending already is not sent twice. Source: Linux kernel/signal.c legacy_queue. */
  post({ signal, code, value }: SignalInfo): void {
    if (this.isPending(signal)) return;
    const word = this.task * 2 + (signal > 32 ? 1 : 0);
    this.table.pending[word]! |= 1 << ((signal - 1) & 31);
    this.table.pendingCode[this.task * 65 + signal] = code;
    this.table.pendingValue[this.task * 65 + signal] = value;
  }
  /** The next signal that is not blocked, lowest number first; it is pending no longer. Source: next_signal. */
  takePending(): SignalInfo | null {
    for (let signal = 1; signal <= 64; signal++) {
      if (!this.isPending(signal) || this.isBlocked(signal)) continue;
      const word = this.task * 2 + (signal > 32 ? 1 : 0);
      this.table.pending[word]! &= ~(1 << ((signal - 1) & 31));
      const at = this.task * 65 + signal;
      return { signal, code: this.table.pendingCode[at]!, value: this.table.pendingValue[at]! };
    }
    return null;
  }
  /** Does a signal stand pending that would be acted on? */
  get isCalled(): boolean {
    if (!this.hasPending) return false;
    for (let signal = 1; signal <= 64; signal++) {
      if (this.isPending(signal) && !this.isBlocked(signal) && this.isWanted(signal)) return true;
    }
    return false;
  }
}

/** Does the task run a C program, alive or dead? */
export const isProgram = (k: KernelState, task: number): boolean =>
  task < k.programs.processes.rows && k.programs.processes.image[task]! > 0;

/** The task's row, of a process that has just been made. */
export function freshProcess(k: KernelState, task: Pid, image: number): Process {
  const { processes } = k.programs;
  extendRows(processes, task + 1);
  for (const name of Object.keys(processes.spec) as (keyof typeof processes.spec)[]) {
    const column = processes[name];
    const stride = column.length / processes.capacity;
    column.fill(0, task * stride, (task + 1) * stride);
  }
  processes.image[task] = image;
  return new Process(k, task);
}

/** A child is its parent's image but for pending signals. Source: fork(2), Linux kernel/fork.c copy_sighand. */
export function copyProcess(k: KernelState, parent: Pid, child: Pid): Process {
  const copy = freshProcess(k, child, k.programs.processes.image[parent]!);
  const { processes, openFiles } = k.programs;
  for (const name of ['registers', 'pc', 'mask', 'handler', 'actionFlags', 'actionMask', 'descriptors'] as const) {
    const column = processes[name];
    const stride = column.length / processes.capacity;
    column.copyWithin(child * stride, parent * stride, (parent + 1) * stride);
  }
  for (let fd = 0; fd < MAX_DESCRIPTORS; fd++) {
    const row = processes.descriptors[child * MAX_DESCRIPTORS + fd]! - 1;
    if (row >= 0) openFiles.users[row]!++;
  }
  return copy;
}

/** A program starts with its signals at their defaults, whatever ran before it. Source: fs/exec.c flush_signal_handlers. */
export function defaultSignals(k: KernelState, task: Pid): void {
  k.tasks.sigHandled[task] = 0;
  k.tasks.sigIgnored[task] = 0;
}

export const SIGCHLD = SIGNAL.SIGCHLD;
