import { setTimeout as after } from 'node:timers/promises';
import { ERRNO } from '../../base/errno.ts';
import type { ScriptCommand } from '../../player/commands/parse-script.ts';
import type { Command, TaskOperation } from '../../protocol/commands.ts';
import type { RecordedLine } from '../../testing/compare-recorded.ts';
import { brkCall, mmapCall, mremapCall, plainCall, type WorkerCall } from './kernel-calls.ts';
import { NativeNames } from './kernel-names.ts';
import { KernelSession, MAX_PROCESSES, type Answer } from './kernel-session.ts';
import { NativeState } from './kernel-state.ts';
import type { MachineSettings } from './machine-settings.ts';
import { ZramSwap } from './zram-swap.ts';

const PAGE = 4096;
const SIGNALS: Readonly<Record<number, string>> = { 7: 'SIGBUS', 11: 'SIGSEGV' };
/** si_code by signal. Source: Linux include/uapi/asm-generic/siginfo.h. */
const CODES: Readonly<Record<number, readonly (string | undefined)[]>> = {
  7: [undefined, undefined, 'ADRERR'],
  11: [undefined, 'MAPERR', 'ACCERR'],
};
const ERRNO_NAMES = new Map(Object.entries(ERRNO).map(([name, number]) => [number as number, name]));

type Fields = Record<string, unknown>;

/** A script in real processes of the machine. */
export class NativeKernel {
  private readonly state = new NativeState();
  private swap: ZramSwap | null = null;

  private constructor(
    private readonly session: KernelSession,
    private readonly names: NativeNames,
    private readonly settings: MachineSettings,
  ) {}

  /** @returns lines as `faultline exec --json` prints them, but for the fields that nobody compares */
  static async run(
    worker: string,
    cpu: number,
    ramPages: number,
    commands: readonly ScriptCommand[],
    settings: MachineSettings,
  ): Promise<RecordedLine[]> {
    settings.set('overcommit_memory', '0');
    const session = await KernelSession.start(worker, cpu);
    const kernel = new NativeKernel(session, new NativeNames(session.heap, ramPages), settings);
    try {
      const lines: RecordedLine[] = [];
      for (const [i, { command, text }] of commands.entries()) {
        lines.push({ step: i + 1, op: text, ...(await kernel.step(command, i + 1)) });
      }
      return lines;
    } finally {
      kernel.state.close();
      session.end();
      kernel.swap?.end();
    }
  }

  private async step(command: Command, step: number): Promise<Fields> {
    if (!('task' in command)) {
      if (command.op === '@overcommit') this.settings.set('overcommit_memory', `${command.mode}`);
      if (command.op === '@swap') this.swap = new ZramSwap(command.pages, this.settings);
      if (command.op === '@sleep') await after(command.milliseconds);
      return {};
    }
    const alive = this.session.pids.has(command.task);
    const childIsNew = command.op !== 'fork' || !this.session.pids.has(command.child);
    const result = alive && childIsNew ? await this.operation(command, step) : { ret: -1, errno: 'ESRCH' };
    return { ...result, procs: this.state.processes(this.session.pids, this.names) as never };
  }

  private async operation(command: Command & { readonly task: number } & TaskOperation, step: number): Promise<Fields> {
    const { session, names } = this;
    const { task } = command;
    switch (command.op) {
      case 'state':
        return {};
      case 'exit':
      case 'kill':
        await session.endProcess(task, command.op);
        return {};
      case 'fork': {
        const result = await session.fork(task, command.child);
        return result < 0 ? failure(result) : { ret: `p${command.child}` };
      }
      case 'mmap': {
        const address = names.place(command);
        const bytes = names.bytes(command.length);
        const answer = await this.call(task, mmapCall(command, address, bytes));
        if (answer.result !== address) return withFaults(answer, answer.result > 0 ? { ret: 'elsewhere' } : null);
        names.reached(command.name, address + bytes);
        return withFaults(answer, { ret: command.name });
      }
      case 'mremap':
        return this.mremap(task, command, step);
      case 'brk':
        return this.brk(task, command);
      default: {
        const call = plainCall(command, names, step);
        if (call === null) throw new Error(`${command.op} is not supported`);
        return plainResult(command, await this.call(task, call));
      }
    }
  }

  private async mremap(task: number, command: Extract<TaskOperation, { op: 'mremap' }>, step: number): Promise<Fields> {
    const { names } = this;
    const from = names.address(command);
    const target = command.fixed === null ? null : names.address(command.fixed);
    const bytes = names.bytes(command.newLength);
    const answer = await this.call(task, mremapCall(command, names, target));
    const { result } = answer;
    if (result < 0) return withFaults(answer, null);
    if (result === from) {
      names.reached(command.name, from + bytes);
      return withFaults(answer, { ret: 'inplace' });
    }
    if (result === target) {
      names.reached(command.fixed!.name, target + bytes);
      return withFaults(answer, { ret: command.fixed!.name });
    }
    names.chosen(`mv${step}`, result, bytes);
    return withFaults(answer, { ret: `mv${step}` });
  }

  private async brk(task: number, command: Extract<TaskOperation, { op: 'brk' }>): Promise<Fields> {
    const { names, session } = this;
    const now = (await this.call(task, brkCall(0))).result;
    const amount = names.bytes(command.amount);
    const wanted = command.change === '=' ? session.heap + amount : now + (command.change === '+' ? amount : -amount);
    const answer = await this.call(task, brkCall(wanted));
    names.reached('heap', answer.result);
    const bytes = answer.result - session.heap;
    const where = `brk=${Math.trunc(bytes / PAGE)}${bytes % PAGE === 0 ? '' : '+'}`;
    return withFaults({ ...answer, result: 0 }, { ret: `${answer.result === wanted ? 'ok' : 'unchanged'} ${where}` });
  }

  private call(task: number, [operation, ...words]: WorkerCall): Promise<Answer> {
    return this.session.call(task, operation, ...words);
  }
}

const failure = (result: number): Fields => ({ ret: -1, errno: ERRNO_NAMES.get(-result) ?? `E${-result}` });

/** @param words what stands for the result when it is no error; null: the number itself */
function withFaults({ result, minor, major }: Answer, words: Fields | null): Fields {
  const ret = result < 0 && result > -4096 ? failure(result) : (words ?? { ret: result });
  return { ...ret, min: minor, maj: major };
}

function plainResult(command: TaskOperation, answer: Answer): Fields {
  const { signal, code, done, bytes, minor, major } = answer;
  const caught = signal === 0 ? {} : { sig: SIGNALS[signal], code: CODES[signal]?.[code] ?? '?', done };
  switch (command.op) {
    case 'touch_r':
    case 'touch_w':
    case 'read':
      return { ...caught, ...(bytes.length > 0 ? { bytes: [...bytes] } : {}), min: minor, maj: major };
    case 'mincore': {
      const vector = [...bytes].map((byte) => byte & 1).join('');
      return withFaults(answer, { ret: answer.result, ...(vector === '' ? {} : { vec: vector }) });
    }
    default:
      return withFaults(answer, null);
  }
}

/** Whether real processes are enough for it. */
export const fits = (commands: readonly ScriptCommand[]): boolean =>
  commands.every(
    ({ command }) =>
      !('task' in command) ||
      (command.task < MAX_PROCESSES && !(command.op === 'fork' && command.child >= MAX_PROCESSES)),
  );
