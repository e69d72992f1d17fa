import { EVENT } from '../../../base/event-kinds.ts';
import { emit, makeEventLog, rewindLog } from '../../../base/event-log.ts';
import type { Pid } from '../../../base/units.ts';
import { boot, encodeState, regionPage, step, type KernelState } from '../../../kernel/index.ts';
import { accessPage } from '../../../mm/access.ts';
import { mmOf } from '../../../proc/task.ts';
import type { Command, MachineOptions } from '../../../protocol/commands.ts';
import { interleaved, median, perSecond, timed } from '../interleave.ts';
import { OP, PROCESS_PAGES, processTrace } from '../process-trace.ts';
import type { BenchRow } from '../row.ts';
import { bytesOf } from '../traces.ts';

const FOUR_GIB = 1_048_576;
/** Events kept at a time. */
const LOG_EVENTS = 2 ** 20;

export const machine = (ramPages: number): MachineOptions => ({
  ramPages,
  swapPages: 0,
  seed: 1,
  overcommit: 1,
  image: 'bare',
});

const pages = (count: number) => ({ bytes: count * 4096, ramPercent: 0 });

/** `p0 mmap A N rw private anon` */
export const mapCommand = (count: number): Command => ({
  task: 0,
  op: 'mmap',
  name: 'A',
  length: pages(count),
  perms: 'rw',
  sharing: 'private',
  at: null,
  noreserve: false,
  populate: false,
});

/** `p0 touch_w A FROM COUNT 1` */
export const touchCommand = (from: number, count: number, byte = 1): Command => ({
  task: 0,
  op: 'touch_w',
  name: 'A',
  offset: pages(from),
  length: pages(count),
  byte,
});

interface Replayed {
  readonly seconds: number;
  readonly minor: number;
  readonly copies: number;
  readonly events: number;
}

/** The whole engine on a trace of processes; the log is emptied whenever it holds a million events. */
function replay(trace: Uint32Array): Replayed {
  const k = boot(machine(FOUR_GIB));
  step(k, mapCommand(PROCESS_PAGES));
  const first = regionPage(k, 'A')!;
  let events = 0;
  let minor = 0;
  const seconds = timed(() => {
    for (let i = 0; i < trace.length; i++) {
      const word = trace[i]!;
      const process = (word >>> 20) & 1023;
      const operand = word & 0xfffff;
      const op = word >>> 30;
      if (op === OP.read || op === OP.write) accessPage(k, mmOf(k, process as Pid), first + operand, op === OP.write);
      else if (op === OP.fork) step(k, { task: process, op: 'fork', child: operand });
      else {
        minor += k.tasks.minflt[process]!;
        step(k, { task: process, op: 'exit' });
      }
      if (k.events.next > LOG_EVENTS) events += emptyLog(k);
    }
  });
  for (let pid = 0; pid < k.tasks.rows; pid++) if (k.tasks.used[pid] === 1) minor += k.tasks.minflt[pid]!;
  return { seconds, minor, copies: k.machine.copies[0]!, events: events + k.events.next };
}

function emptyLog(k: KernelState): number {
  const { next, first } = k.events;
  rewindLog(k.events, first);
  return next - first;
}

const multiProcess: BenchRow = {
  name: 'engine/processes',
  against: 'C -O2: page tables, copy-on-write, reverse map and a log of 16-byte records, the same trace',
  goal: 0.4,
  async measure({ accesses, rounds }, tools) {
    const trace = processTrace(accesses);
    const file = tools.file('processes.trace', () => bytesOf(trace));
    const native = (): ReturnType<typeof tools.native> => tools.native('multi-process', [file, `${PROCESS_PAGES}`]);
    const probe = native();
    if (!probe.ok) return { skipped: `there is no ${probe.missing}` };
    let last: Replayed | null = null;
    const duel = await interleaved(
      rounds,
      () => (last = replay(trace)).seconds,
      () => {
        const run = native();
        return run.ok ? Number(run.words[0]) : NaN;
      },
    );
    const { minor, copies } = last!;
    const counts = `${minor} faults, ${copies} copies`;
    const theirs = `${probe.words[1]} faults, ${probe.words[2]} copies`;
    if (counts !== theirs) return { skipped: `C did other work: ${theirs} and ours ${counts}` };
    const detail = `${perSecond(accesses, duel.ours)} against ${perSecond(accesses, duel.reference)}; ${counts}`;
    return { ratio: duel.reference / duel.ours, rounds, detail };
  },
};

/** What writing the trace's events costs: as many records, alone, against the whole of the trace. */
const eventLog: BenchRow = {
  name: 'engine/event-log',
  against: 'the same trace without the time that its events take to write',
  goal: 0.8,
  async measure({ accesses, rounds }) {
    const trace = processTrace(accesses);
    const whole: number[] = [];
    const logging: number[] = [];
    let events = 0;
    for (let round = 0; round < rounds; round++) {
      const run = replay(trace);
      events = run.events;
      whole.push(run.seconds);
      logging.push(secondsToLog(events));
    }
    const [all, log] = [median(whole), median(logging)];
    const detail = `${events} events in ${log.toFixed(3)} s of ${all.toFixed(3)} s: ${((log / all) * 100).toFixed(1)} %`;
    return { ratio: (all - log) / all, rounds, detail };
  },
};

function secondsToLog(events: number): number {
  const log = makeEventLog();
  return timed(() => {
    for (let i = 0; i < events; i++) {
      if (log.next > LOG_EVENTS) rewindLog(log, log.first);
      emit(log, EVENT.FAULT, i, i & 0xffff, i, 0);
    }
  });
}

const MAPPED = 10_000;

/** Seconds of a fork of MAPPED pages, over many children. */
function forkSeconds(children: number): number {
  const k = boot(machine(FOUR_GIB));
  step(k, mapCommand(MAPPED));
  step(k, touchCommand(0, MAPPED));
  const seconds = timed(() => {
    for (let child = 1; child <= children; child++) step(k, { task: 0, op: 'fork', child });
  });
  return seconds / children;
}

const forkAgainstC: BenchRow = {
  name: 'fork/eager',
  against: 'C -O2: 10,000 entries copied and counted, with reverse map',
  goal: 0.25,
  async measure({ rounds, quick }, tools) {
    const children = quick ? 5 : 100;
    const native = (): ReturnType<typeof tools.native> =>
      tools.native('multi-process', ['fork', `${MAPPED}`, `${children}`]);
    const probe = native();
    if (!probe.ok) return { skipped: `there is no ${probe.missing}` };
    const duel = await interleaved(
      rounds,
      () => forkSeconds(children),
      () => {
        const run = native();
        return run.ok ? Number(run.words[0]) / children : NaN;
      },
    );
    const ns = (seconds: number): string => `${((seconds / MAPPED) * 1e9).toFixed(1)} ns a page`;
    return { ratio: duel.reference / duel.ours, rounds, detail: `${ns(duel.ours)} against ${ns(duel.reference)}` };
  },
};

const forkLazily: BenchRow = {
  name: 'fork/lazy',
  against: 'the eager fork',
  goal: 50,
  measure: async () => ({
    skipped: 'page tables are copied at fork, as Linux does; there is no fork that shares them',
  }),
};

/** Bytes of state for each frame of a machine of 4 GiB, and for each page that a process touches. */
const memoryRow = (name: 'frame' | 'page', reference: number, against: string): BenchRow => ({
  name: `memory/${name}`,
  against,
  goal: null,
  async measure({ quick }) {
    const frames = quick ? 65_536 : FOUR_GIB;
    const touched = frames / 4;
    const k = boot(machine(frames));
    step(k, mapCommand(touched));
    const before = encodeState(k).length;
    step(k, touchCommand(0, touched));
    const bytes = name === 'frame' ? before / frames : (encodeState(k).length - before) / touched;
    return { ratio: reference / bytes, rounds: 1, detail: `${bytes.toFixed(1)} bytes` };
  },
});

export const ENGINE_ROWS: readonly BenchRow[] = [
  multiProcess,
  eventLog,
  forkAgainstC,
  forkLazily,
  memoryRow('frame', 64, "the 64 bytes of Linux's struct page"),
  memoryRow('page', 8, 'the 8 bytes of a page table entry'),
];
