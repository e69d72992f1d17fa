import { boot, capture, step } from '../../../kernel/index.ts';
import { Journal } from '../../../player/journal.ts';
import type { PlannedStep } from '../../../player/run-step.ts';
import { Random } from '../../../testing/random.ts';
import { interleaved, median, timed } from '../interleave.ts';
import type { BenchRow, BenchSize } from '../row.ts';
import { machine, mapCommand, touchCommand } from './engine-rows.ts';
import { plannedStep } from './size-rows.ts';

const FOUR_GIB = 1_048_576;
const FOUR_MIB = 4 * 2 ** 20;

/** Seconds of one copy of 4 MiB into an array that is there. */
function setSeconds(): number {
  const from = new Uint8Array(FOUR_MIB).fill(1);
  const to = new Uint8Array(FOUR_MIB);
  to.set(from);
  return timed(() => to.set(from));
}

const milliseconds = (seconds: number): string => `${(seconds * 1000).toFixed(2)} ms`;

interface Seeks {
  readonly p99: number;
  readonly middle: number;
  readonly steps: number;
  readonly events: number;
  readonly bytes: number;
}
let measured: Seeks | null = null;

/** A timeline of a million frames and a million events, and seeks to random places of it. */
function seeks({ quick }: BenchSize): Seeks {
  if (measured !== null) return measured;
  const frames = quick ? 16_384 : FOUR_GIB;
  const wanted = quick ? 20_000 : 1_000_000;
  const perStep = quick ? 500 : 2_000;
  const region = frames / 2;
  const before = process.memoryUsage().arrayBuffers;
  const steps: PlannedStep[] = [plannedStep(mapCommand(region), `p0 mmap A ${region} rw private anon`)];
  // More steps than are needed: it stops when the log holds the events wanted.
  for (let from = 0; from + perStep <= region; from += perStep) {
    steps.push(plannedStep(touchCommand(from, perStep), `p0 touch_w A ${from} ${perStep} 1`));
  }
  const journal = new Journal(machine(frames), steps, new Map());
  while (journal.kernel.events.next < wanted && journal.next() !== null);
  const end = journal.position;
  const events = journal.kernel.events.next;
  const random = new Random(3);
  const times: number[] = [];
  for (let i = 0; i < (quick ? 20 : 300); i++) {
    const to = random.integer(0, end);
    times.push(timed(() => journal.seek(to)));
  }
  times.sort((a, b) => a - b);
  const bytes = process.memoryUsage().arrayBuffers - before;
  const p99 = times[Math.floor(times.length * 0.99)]!;
  measured = { p99, middle: median(times), steps: end, events, bytes };
  return measured;
}

const seekText = ({ p99, middle, steps, events }: Seeks): string =>
  `p99 ${milliseconds(p99)}, median ${milliseconds(middle)}, ${steps} steps, ${events} events`;

const seekAgainstSet: BenchRow = {
  name: 'seek/set',
  against: 'one set() of 4 MiB; the 99th percentile of random seeks, 1 M frames, 1 M events',
  goal: 0.25,
  async measure(size) {
    const found = seeks(size);
    const set = median(Array.from({ length: size.rounds }, setSeconds));
    return { ratio: set / found.p99, rounds: size.rounds, detail: `${seekText(found)}; set ${milliseconds(set)}` };
  },
};

const seekInFrame: BenchRow = {
  name: 'seek/frame',
  against: 'the 16 ms of a drawn frame',
  goal: 1,
  async measure(size) {
    const found = seeks(size);
    return { ratio: 0.016 / found.p99, rounds: 1, detail: seekText(found) };
  },
};

const seekMemory: BenchRow = {
  name: 'seek/memory',
  against: '100 MB for machine, events and keyframes of that timeline',
  goal: 1,
  async measure(size) {
    const { bytes } = seeks(size);
    return { ratio: 100e6 / bytes, rounds: 1, detail: `${(bytes / 1e6).toFixed(0)} MB` };
  },
};

const keyframe: BenchRow = {
  name: 'keyframe/4gib',
  against: 'one set() of 4 MiB; a keyframe of 4 GiB after 1,000 pages changed',
  goal: null,
  async measure({ rounds, quick }) {
    const k = boot(machine(quick ? 16_384 : FOUR_GIB));
    const region = quick ? 4_096 : 262_144;
    step(k, mapCommand(region));
    step(k, touchCommand(0, region));
    let previous = capture(k);
    let touched = 0;
    const duel = await interleaved(
      rounds,
      () => {
        step(k, touchCommand((touched = (touched + 1_000) % (region - 1_000)), 1_000, touched & 255));
        return timed(() => (previous = capture(k, previous)));
      },
      setSeconds,
    );
    const detail = `${milliseconds(duel.ours)} against ${milliseconds(duel.reference)}`;
    return { ratio: duel.reference / duel.ours, rounds, detail };
  },
};

export const TIME_ROWS: readonly BenchRow[] = [seekAgainstSet, seekInFrame, seekMemory, keyframe];
