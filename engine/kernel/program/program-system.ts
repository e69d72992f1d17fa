import type { Errno } from '../../base/errno.ts';
import type { Pid } from '../../base/units.ts';
import { errorNumber, SIGNALS, type SignalAction, type System, type Usage } from '../../c/index.ts';
import { sysSetuid } from '../../proc/credentials.ts';
import { sysFork } from '../../proc/fork.ts';
import { sysPrlimit, type Resource } from '../../proc/rlimit.ts';
import { isAlive, mmOf, taskNumbers, taskState } from '../../proc/task.ts';
import { usageOf } from '../../proc/usage.ts';
import { sysWait } from '../../proc/wait.ts';
import { copyHeapRecords } from '../heap/records.ts';
import { copyTaskRegions } from '../regions.ts';
import type { KernelState } from '../state.ts';
import * as files from './descriptors.ts';
import { MemorySystem } from './memory-system.ts';
import { copyProcess, Process } from './process.ts';
import type { ProgramRun } from './program-run.ts';

const RESOURCES: Readonly<Record<number, Resource>> = { 2: 'data', 3: 'stack', 8: 'memlock', 9: 'as' };
const RESOURCE_NUMBERS = 16;
const WNOHANG = 1;
const MAX_SIGNAL = 64;
const PAGE_KIB = 4;

/** The system calls of the process that runs. Source: as each call of the kernel's own names it. */
export class ProgramSystem extends MemorySystem implements System {
  constructor(private readonly run: ProgramRun) {
    super(
      run.k,
      () => run.process.task,
      () => run.cpu.flush(),
    );
  }

  private get state(): KernelState {
    return this.run.k;
  }
  private get process(): Process {
    return this.run.process;
  }
  private get task(): Pid {
    return this.run.process.task;
  }
  private store = (address: number, bytes: Uint8Array): void => this.run.cpu.write(address, bytes);
  private done(result: { ok: boolean; errno?: Errno }): number {
    return result.ok ? 0 : -errorNumber(result.errno!);
  }

  // ——— files ———

  write(fd: number, bytes: Uint8Array, address: number | null): number {
    return this.called('write', bytes.length, () => {
      const done = files.writeFile(this.state, this.task, fd, address, bytes.length);
      return done ?? this.run.output(fd, bytes);
    });
  }
  read(fd: number, address: number, length: number): number {
    const value = this.called('read', length, () =>
      files.readFile(this.state, this.task, fd, address, length, this.store),
    );
    if (value > 0) this.run.checker?.kernelWrote(address, value);
    return value;
  }
  open(path: string, flags: number): number {
    return this.called('open', 0, () => files.openFile(this.state, this.task, path, flags));
  }
  close(fd: number): number {
    return this.called('close', 0, () => files.closeFile(this.state, this.task, fd));
  }
  duplicate(fd: number, to: number | null): number {
    return this.called('dup', 0, () => files.duplicateFile(this.state, this.task, fd, to));
  }
  seek(fd: number, offset: number, origin: number): number {
    return this.called('lseek', 0, () => files.seekFile(this.state, this.task, fd, offset, origin));
  }
  truncate(fd: number, length: number): number {
    return this.called('ftruncate', length, () => files.truncateFile(this.state, this.task, fd, length));
  }
  unlink(path: string): number {
    return files.unlinkFile(this.state, path);
  }
  stat(fd: number): { mode: number; size: number } | number {
    return files.statFile(this.state, this.task, fd);
  }

  // ——— processes ———

  fork(): number {
    const { k, cpu, process } = this.run;
    const child = freeTask(k);
    const value = this.called('fork', 0, () => {
      const forked = sysFork(k, process.task, child);
      return forked.ok ? 0 : -errorNumber(forked.errno);
    });
    if (value < 0) return value;
    copyHeapRecords(k, process.task, child);
    copyTaskRegions(k, process.task, child);
    process.save(cpu);
    const copy = copyProcess(k, process.task, child);
    this.run.checker?.forked(process.task, child);
    // The child comes back from the same call, with 0.
    copy.comeBack(0, cpu.pc + 8);
    return copy.pid;
  }

  exit(status: number): void {
    this.run.finish(this.task, 0, status & 0xff, '');
  }

  /** Is there a child that a wait for that number would take? None at all also ends the wait. */
  hasEndedChild(pid: number, parent: Pid): boolean {
    const children = this.childrenOf(parent, pid);
    return children.length === 0 || children.some((task) => taskState(this.state, task) === 'zombie');
  }

  private childrenOf(parent: Pid, pid: number): Pid[] {
    const { tasks } = this.state;
    const any = pid === -1 || pid === 0;
    return taskNumbers(this.state).filter(
      (task) => tasks.parent[task] === parent && (any || new Process(this.state, task).pid === pid),
    );
  }

  wait(pid: number, options: number): { pid: number; status: number } | number | null {
    const child = pid === -1 || pid === 0 ? null : (this.childrenOf(this.task, pid)[0] ?? null);
    if (pid > 0 && child === null) return -errorNumber('ECHILD');
    const waited = sysWait(this.state, this.task, child);
    if (!waited.ok) return -errorNumber(waited.errno);
    if (waited.value !== null) {
      return { pid: new Process(this.state, waited.value.child).pid, status: waited.value.status };
    }
    if ((options & WNOHANG) !== 0) return { pid: 0, status: 0 };
    this.process.wait('child', pid);
    return null;
  }

  kill(pid: number, signal: number): number {
    if (signal < 0 || signal > MAX_SIGNAL) return -errorNumber('EINVAL');
    const target = pid === 0 ? this.task : files.taskOf(this.state, pid);
    if (target === null) return -errorNumber('ESRCH');
    if (signal === 0 || !isAlive(this.state, target)) return 0;
    if (signal === SIGNALS.SIGKILL) this.run.kill(target, signal, '');
    else new Process(this.state, target).post({ signal, code: 0, value: this.process.pid });
    return 0;
  }

  sleep(ns: number): number | null {
    if (this.process.takeAwake()) return 0;
    this.process.wait('time', this.state.machine.timeNs[0]! + ns);
    return null;
  }
  pause(): null {
    this.process.wait('signal');
    return null;
  }

  action(signal: number): SignalAction | null {
    return signal < 1 || signal > MAX_SIGNAL || signal === 9 || signal === 19 ? null : this.process.action(signal);
  }
  setAction(signal: number, action: SignalAction): void {
    this.process.setAction(signal, action);
  }
  mask(): bigint {
    return this.process.mask;
  }
  setMask(mask: bigint): void {
    this.process.mask = mask;
  }

  pid(): number {
    return this.process.pid;
  }
  parent(): number {
    return this.process.parent;
  }
  uid(): number {
    return this.state.tasks.uid[this.task]!;
  }
  setuid(uid: number): number {
    return this.done(sysSetuid(this.state, this.task, uid));
  }

  usage(ofChildren: boolean): Usage {
    const usage = usageOf(this.state, this.task, ofChildren ? 'children' : 'self');
    const { minflt, majflt, timeNs, maxrss } = usage;
    return { userNs: timeNs, maxRssPages: maxrss / PAGE_KIB, minflt, majflt };
  }

  limit(resource: number): { soft: number; hard: number } | null {
    if (resource < 0 || resource >= RESOURCE_NUMBERS) return null;
    const { mms } = this.state;
    const mm = mmOf(this.state, this.task);
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
  setLimit(resource: number, soft: number, hard: number): number {
    const name = RESOURCES[resource];
    if (name === undefined) return 0;
    return this.done(sysPrlimit(this.state, mmOf(this.state, this.task), name, soft, hard));
  }

  timeNs(): number {
    return this.state.machine.timeNs[0]!;
  }
  ramPages(): number {
    return this.state.machine.totalFrames[0]!;
  }
}

function freeTask(k: KernelState): Pid {
  const { used, rows } = k.tasks;
  let task = 0;
  while (task < rows && used[task] === 1) task++;
  return task as Pid;
}
