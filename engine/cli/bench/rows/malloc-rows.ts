import type { Pid } from '../../../base/units.ts';
import { boot, step } from '../../../kernel/index.ts';
import { TaskMallocMemory } from '../../../kernel/malloc-memory.ts';
import { FLAT_LAYOUT, FlatMemory, makeAllocator, type Allocator } from '../../../malloc/index.ts';
import { parseCommand } from '../../../player/commands/parse-command.ts';
import { wordsOf } from '../../../player/commands/words.ts';
import { Random } from '../../../testing/random.ts';
import { rewindLog } from '../../../base/event-log.ts';
import { interleaved, perSecond, timed } from '../interleave.ts';
import type { BenchRow, BenchTools, Measured } from '../row.ts';
import { bytesOf } from '../traces.ts';
import { machine } from './engine-rows.ts';

/** In a request: gives the slot's block back. */
const FREE = 0xffffffff;
const SLOTS = 20_000;

const flatAllocator = (): Allocator => makeAllocator(new FlatMemory(), FLAT_LAYOUT.arena);

function taskAllocator(): { allocator: Allocator; emptyLog: () => void } {
  const k = boot(machine(65_536));
  const memory = new TaskMallocMemory(k, 0 as Pid);
  return {
    allocator: makeAllocator(memory, memory.mapLibrary()!),
    emptyLog: () => rewindLog(k.events, k.events.first),
  };
}

/** Requests of all sizes, half of them given back at once, the others after a while. slot << 32 | bytes. */
function mixedRequests(count: number): BigUint64Array {
  const random = new Random(7);
  const requests = new BigUint64Array(count);
  const live: number[] = [];
  const unused = Array.from({ length: SLOTS }, (_, i) => SLOTS - 1 - i);
  for (let i = 0; i < count; i++) {
    const gives = live.length > 0 && (unused.length === 0 || random.chance(0.49));
    if (gives) {
      const at = random.chance(0.5) ? live.length - 1 : random.integer(0, live.length - 1);
      const slot = live[at]!;
      live[at] = live.at(-1)!;
      live.pop();
      unused.push(slot);
      requests[i] = (BigInt(slot) << 32n) | BigInt(FREE);
    } else {
      const slot = unused.pop()!;
      live.push(slot);
      requests[i] = (BigInt(slot) << 32n) | BigInt(sizeOf(random));
    }
  }
  return requests;
}

function sizeOf(random: Random): number {
  const dice = random.next();
  if (dice < 0.6) return random.integer(1, 128);
  if (dice < 0.95) return random.integer(129, 2_000);
  return random.integer(2_001, 60_000);
}

function replay(allocator: Allocator, requests: Uint32Array): void {
  const slots = new Float64Array(SLOTS);
  for (let i = 0; i < requests.length; i += 2) {
    const bytes = requests[i]!;
    const slot = requests[i + 1]!;
    if (bytes === FREE) allocator.free(slots[slot]!);
    else slots[slot] = allocator.malloc(bytes);
  }
}

/** @param ours seconds for `count` requests @param args of the C program */
async function against(
  tools: BenchTools,
  rounds: number,
  ours: { readonly count: number; readonly seconds: () => number },
  native: { readonly count: number; readonly args: readonly string[] },
): Promise<Measured> {
  const probe = tools.native('malloc-trace', native.args);
  if (!probe.ok) return { skipped: `there is no ${probe.missing}` };
  const duel = await interleaved(
    rounds,
    () => ours.seconds() / ours.count,
    () => {
      const run = tools.native('malloc-trace', native.args);
      return run.ok ? Number(run.words[0]) / native.count : NaN;
    },
  );
  const detail = `${perSecond(1, duel.ours)} against ${perSecond(1, duel.reference)}`;
  return { ratio: duel.reference / duel.ours, rounds, detail };
}

const GLIBC = "the machine's own malloc, C -O2";

const pairsRow = (bytes: number): BenchRow => ({
  name: `malloc/pairs-${bytes}`,
  against: `${GLIBC}: malloc and free of ${bytes} bytes, through simulated bytes`,
  goal: null,
  measure({ requests, rounds }, tools) {
    const seconds = (): number => {
      const allocator = flatAllocator();
      return timed(() => {
        for (let i = 0; i < requests; i++) allocator.free(allocator.malloc(bytes));
      });
    };
    const count = requests * 10;
    return against(tools, rounds, { count: requests, seconds }, { count, args: ['pairs', `${bytes}`, `${count}`] });
  },
});

const taskPairs: BenchRow = {
  name: 'malloc/pages-16',
  against: `${GLIBC}: the same through page tables, faults and events`,
  goal: null,
  measure({ requests, rounds }, tools) {
    const pairs = requests >> 2;
    const seconds = (): number => {
      const { allocator, emptyLog } = taskAllocator();
      return timed(() => {
        for (let i = 0; i < pairs; i++) {
          allocator.free(allocator.malloc(16));
          if ((i & 0xffff) === 0) emptyLog();
        }
      });
    };
    const count = requests * 10;
    return against(tools, rounds, { count: pairs, seconds }, { count, args: ['pairs', '16', `${count}`] });
  },
};

const mixedRow: BenchRow = {
  name: 'malloc/mixed',
  against: `${GLIBC}: requests of 1 to 60,000 bytes, up to 20,000 blocks alive`,
  goal: null,
  measure({ requests: count, rounds }, tools) {
    const requests = mixedRequests(count);
    const file = tools.file('requests', () => bytesOf(requests));
    const words = new Uint32Array(requests.buffer);
    const seconds = (): number => timed(() => replay(flatAllocator(), words));
    return against(tools, rounds, { count, seconds }, { count, args: [file] });
  },
};

/** Seconds for one more block and its end, by console commands, in a heap of so many live blocks. */
function secondsAmong(blocks: number, pairs: number): number {
  const k = boot(machine(65_536));
  const call = (text: string): void => {
    const parsed = parseCommand(wordsOf(text));
    if (parsed.ok) step(k, parsed.value);
    rewindLog(k.events, k.events.first);
  };
  for (let i = 0; i < blocks / 1000; i++) call(`p0 loop malloc block${i}_ 1000 200`);
  return timed(() => {
    for (let i = 0; i < pairs; i++) call(i % 2 === 0 ? 'p0 malloc one_more 5000' : 'p0 free one_more');
  });
}

/** What is kept of each block (names, sizes, written bytes) must not make the hundred-thousandth dearer. */
const liveBlocksRow: BenchRow = {
  name: 'malloc/live-blocks',
  against: 'itself: malloc and free on the console among 1,000 live blocks, against among 100,000',
  goal: 0.25,
  async measure({ quick, rounds }) {
    const [few, many] = quick ? [1000, 4000] : [1000, 100_000];
    const pairs = quick ? 100 : 2000;
    const duel = await interleaved(
      rounds,
      () => secondsAmong(many, pairs),
      () => secondsAmong(few, pairs),
    );
    const micro = (seconds: number): string => `${((seconds / pairs) * 1e6).toFixed(0)} µs`;
    const detail = `${micro(duel.ours)} among ${many}, ${micro(duel.reference)} among ${few}`;
    return { ratio: duel.reference / duel.ours, rounds, detail };
  },
};

export const MALLOC_ROWS: readonly BenchRow[] = [
  pairsRow(16),
  pairsRow(256),
  pairsRow(4096),
  taskPairs,
  mixedRow,
  liveBlocksRow,
];
