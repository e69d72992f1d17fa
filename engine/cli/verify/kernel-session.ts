import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { setTimeout as after } from 'node:timers/promises';
import { BARE_HIDDEN } from '../../proc/image.ts';

/** Processes of one script: p0 … . */
export const MAX_PROCESSES = 8;
/** Operations of native/kernel-worker.c. */
export const WORKER = {
  systemCall: 1,
  touchRead: 2,
  touchWrite: 3,
  read: 4,
  fork: 5,
  exit: 6,
  mincore: 7,
  ranges: 8,
  limit: 9,
  dropCapability: 10,
  pin: 11,
} as const;
const FIRST_FD = 3;
const WORD = 8;
const ANSWER_WORDS = 7;
/** An operation that takes longer has hung. */
const PATIENCE_MS = 20_000;

const SYS = { mmap: 9, madvise: 28, brk: 12, prctl: 157 };
const PR_SET_THP_DISABLE = 41;
const MADV_COLD = 20;
const RLIMIT_MEMLOCK = 8;
const CAP_SYS_RESOURCE = 24;
/** Where the pages lie that make the process as large as the lab's: below everything else. */
const FILLER = 0x20000;
const PAGE = 4096;

export interface Answer {
  readonly result: number;
  readonly signal: number;
  readonly code: number;
  readonly done: number;
  readonly minor: number;
  readonly major: number;
  readonly bytes: Uint8Array;
}

/** Real processes that do one operation at a time, all on one CPU. */
export class KernelSession {
  readonly pids = new Map<number, number>();
  /** Address of p0's first break. */
  heap = 0;

  private constructor(
    private readonly worker: ChildProcess,
    private readonly channels: readonly Channel[],
    private readonly drainer: KernelSession | null,
    private drainedPage = 0,
  ) {}

  /** @param program path of the worker @param cpu number of the CPU that all run on */
  static async start(program: string, cpu: number): Promise<KernelSession> {
    const drainer = await KernelSession.open(program, cpu, null);
    try {
      return await KernelSession.open(program, cpu, drainer);
    } catch (error) {
      drainer.end();
      throw error;
    }
  }

  private static async open(program: string, cpu: number, drainer: KernelSession | null): Promise<KernelSession> {
    const stdio = [
      'ignore',
      'ignore',
      'ignore',
      ...Array.from({ length: MAX_PROCESSES }, () => 'pipe' as const),
    ] as const;
    const worker = spawn(program, [], { stdio: [...stdio], env: {}, argv0: 'w' });
    const channels = Array.from({ length: MAX_PROCESSES }, (_, i) => new Channel(worker.stdio[FIRST_FD + i] as Duplex));
    const session = new KernelSession(worker, channels, drainer);
    session.pids.set(0, worker.pid!);
    await session.setUp(cpu);
    return session;
  }

  /** One operation by a process; its faults are counted, and nothing that the kernel holds back for later is left. */
  async call(process: number, operation: number, ...words: number[]): Promise<Answer> {
    await this.drainer?.drain();
    return this.ask(process, operation, words);
  }

  /** @returns the result of fork: a process number, or a negative errno */
  async fork(parent: number, child: number): Promise<number> {
    const { result } = await this.call(parent, WORKER.fork, child);
    if (result < 0) return result;
    this.pids.set(child, result);
    await this.channels[child]!.answer();
    return result;
  }

  /** Ends a process and waits until its memory is given back. */
  async endProcess(number: number, how: 'exit' | 'kill'): Promise<void> {
    const pid = this.pids.get(number)!;
    this.pids.delete(number);
    if (how === 'exit') this.channels[number]!.send(WORKER.exit, []);
    else process.kill(pid, 'SIGKILL');
    for (let waited = 0; isRunning(pid); waited++) {
      if (waited > PATIENCE_MS) throw new Error(`process ${pid} does not end`);
      await after(1);
    }
  }

  /** Ends all of it. */
  end(): void {
    for (const pid of this.pids.values()) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // it has ended by itself
      }
    }
    this.pids.clear();
    for (const channel of this.channels) channel.close();
    this.worker.unref();
    this.drainer?.end();
  }

  private async ask(process: number, operation: number, words: readonly number[]): Promise<Answer> {
    const channel = this.channels[process]!;
    channel.send(operation, words);
    return channel.answer();
  }

  /**
   * Empties the CPU's lists of pages on their way to the LRU: each holds a reference, and a page with one is copied
   * where its last sharer would have reused it. Source: Linux 6.18 mm/madvise.c madvise_cold, lru_add_drain.
   */
  private async drain(): Promise<void> {
    await this.ask(0, WORKER.systemCall, [SYS.madvise, this.drainedPage, PAGE, MADV_COLD]);
  }

  private async setUp(cpu: number): Promise<void> {
    await this.ask(0, WORKER.pin, [2 ** cpu]);
    await this.ask(0, WORKER.systemCall, [SYS.prctl, PR_SET_THP_DISABLE, 1]);
    await this.ask(0, WORKER.limit, [RLIMIT_MEMLOCK, 2048 * PAGE, 2048 * PAGE]);
    await this.ask(0, WORKER.dropCapability, [CAP_SYS_RESOURCE]);
    await this.fill();
    const { all } = this.mappings();
    this.drainedPage = all.find(({ writable, name }) => writable && name !== '[stack]')!.start;
    // The kernel's own mappings are always present, and cannot be populated.
    const own = all.filter(({ name }) => !name.startsWith('[v') || name === '[vdso]');
    const channel = this.channels[0]!;
    channel.send(WORKER.ranges, [own.length]);
    channel.words(own.flatMap(({ start, end, writable }) => [start, end, writable ? 1 : 0]));
    await channel.answer();
    this.heap = (await this.ask(0, WORKER.systemCall, [SYS.brk, 0])).result;
  }

  /** Pages that are only there to be counted: the lab's bare process has a larger image. */
  private async fill(): Promise<void> {
    const { lockable } = this.mappings();
    const missing = BARE_HIDDEN.lockable - lockable;
    if (missing < 0) throw new Error(`the worker is ${-missing} pages too large`);
    if (missing === 0) return;
    const [PROT_READ, FLAGS] = [1, 0x2 | 0x20 | 0x100000]; // MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE
    await this.ask(0, WORKER.systemCall, [SYS.mmap, FILLER, missing * PAGE, PROT_READ, FLAGS, -1]);
  }

  private mappings(): { all: Mapping[]; lockable: number } {
    const text = readFileSync(`/proc/${this.pids.get(0)!}/maps`, 'utf8');
    const all = [...text.matchAll(/^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+ *(.*)$/gm)].flatMap((m) => {
      const [start, end] = [parseInt(m[1]!, 16), parseInt(m[2]!, 16)];
      return start >= 2 ** 47 ? [] : [{ start, end, writable: m[3]![1] === 'w', name: m[4]! }];
    });
    const lockable = all
      .filter(({ name }) => !name.startsWith('[v'))
      .reduce((sum, m) => sum + (m.end - m.start) / PAGE, 0);
    return { all, lockable };
  }
}

interface Mapping {
  readonly start: number;
  readonly end: number;
  readonly writable: boolean;
  readonly name: string;
}

/** A zombie has given its memory back. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** One process's descriptor: words there, answers back. */
class Channel {
  private held = Buffer.alloc(0);
  private wake: (() => void) | null = null;

  constructor(private readonly stream: Duplex) {
    stream.on('data', (piece: Buffer) => {
      this.held = Buffer.concat([this.held, piece]);
      this.wake?.();
    });
    stream.on('error', () => undefined);
  }

  send(operation: number, words: readonly number[]): void {
    this.words([operation, ...words, ...Array.from({ length: 6 - words.length }, () => 0)]);
  }

  /** Each as 64 bits, in one piece. */
  words(words: readonly number[]): void {
    const buffer = Buffer.alloc(words.length * WORD);
    words.forEach((word, i) => buffer.writeBigInt64LE(BigInt.asIntN(64, BigInt(word)), i * WORD));
    this.stream.write(buffer);
  }

  async answer(): Promise<Answer> {
    const head = await this.take(ANSWER_WORDS * WORD);
    const word = (i: number): number => Number(head.readBigInt64LE(i * WORD));
    const [result, signal, code, done, minor, major] = [0, 1, 2, 3, 4, 5].map(word) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    return { result, signal, code, done, minor, major, bytes: await this.take(word(6)) };
  }

  close(): void {
    this.stream.destroy();
  }

  private async take(length: number): Promise<Buffer> {
    const patience = new AbortController();
    const late = after(PATIENCE_MS, 'late', { signal: patience.signal }).catch(() => 'done');
    while (this.held.length < length) {
      const data = new Promise<string>((resolve) => (this.wake = () => resolve('data')));
      if ((await Promise.race([data, late])) === 'late') throw new Error('the worker does not answer');
    }
    patience.abort();
    const taken = this.held.subarray(0, length);
    this.held = this.held.subarray(length);
    return taken;
  }
}
