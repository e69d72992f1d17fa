import type { Pid } from '../../base/units.ts';
import type { Cpu, SignalAction, SignalInfo } from '../../c/index.ts';

const SIGNALS = 64;

/** What a process waits for. */
export type Waiting =
  | { readonly kind: 'child'; readonly pid: number }
  | { readonly kind: 'time'; readonly until: number }
  | { readonly kind: 'signal' };

/** A process that runs a C program: its registers while it does not run, and what the kernel keeps of it beside memory. */
export class Process {
  readonly registers: Int32Array;
  pc = 0;
  waiting: Waiting | null = null;
  /** The time it slept for is over. */
  awake = false;
  readonly actions: SignalAction[] = Array.from({ length: SIGNALS }, () => ({ handler: 0, flags: 0, mask: 0n }));
  mask = 0n;
  readonly pending: SignalInfo[] = [];
  /** Of a zombie: what wait(2) reports. */
  status: number | null = null;
  readonly childUsage = { minflt: 0, majflt: 0 };
  uid = 0;

  constructor(
    readonly task: Pid,
    readonly pid: number,
    public parent: number,
    cpu: Cpu,
  ) {
    this.registers = cpu.registers.slice();
  }

  save(cpu: Cpu): void {
    this.registers.set(cpu.registers);
    this.pc = cpu.pc;
  }

  restore(cpu: Cpu): void {
    cpu.registers.set(this.registers);
    cpu.pc = this.pc;
    cpu.flush();
  }

  /** A child: everything but pending signals. Source: fork(2). */
  copy(task: Pid, pid: number, cpu: Cpu): Process {
    const child = new Process(task, pid, this.pid, cpu);
    child.pc = cpu.pc;
    this.actions.forEach((action, i) => Object.assign(child.actions[i]!, action));
    child.mask = this.mask;
    child.uid = this.uid;
    return child;
  }
}
