import { EVENT } from '../../../base/event-kinds.ts';
import { emit, makeEventLog, rewindLog } from '../../../base/event-log.ts';
import { createPolicy } from '../../../policy/create-policy.ts';
import type { Policy } from '../../../policy/policy.ts';
import { naiveHits } from '../../../policy/testing/naive-policies.ts';
import { interleaved, perSecond, timed } from '../interleave.ts';
import type { BenchRow, BenchSize, Measured } from '../row.ts';
import { bytesOf, pageTrace } from '../traces.ts';

const FRAMES = 262_144;
/** Events kept at a time. */
const LOG_EVENTS = 2 ** 20;

/** What a cache of an npm package has to offer. */
interface Cache {
  get(key: number): unknown;
  set(key: number, value: number): unknown;
}
type CacheModule = Readonly<Record<string, new (options: never) => Cache>>;

/** Faults of a policy on a trace. */
function faultsOf(policy: Policy, trace: Uint32Array): number {
  let faults = 0;
  for (let i = 0; i < trace.length; i++) if (!policy.access(trace[i]!)) faults++;
  return faults;
}

function faultsOfCache(cache: Cache, trace: Uint32Array): number {
  let faults = 0;
  for (let i = 0; i < trace.length; i++) {
    const page = trace[i]!;
    if (cache.get(page) !== undefined) continue;
    faults++;
    cache.set(page, i);
  }
  return faults;
}

/** LRU against a package, on the same trace, with equal faults. */
function packageRow(name: string, goal: number, make: (module: CacheModule) => Cache): BenchRow {
  return {
    name: `lru/${name}`,
    against: `npm ${name}, Zipf 0.99 over 1 M pages, ${FRAMES} frames`,
    goal,
    async measure({ accesses, rounds }) {
      // A name in a variable keeps the package out of the bundle: it is there in a checkout, and may be missing.
      const module = (await import(/* @vite-ignore */ `${name}`).catch(() => null)) as CacheModule | null;
      if (module === null) return { skipped: `the package ${name} is not installed` };
      const trace = pageTrace('zipf', accesses);
      const faults = [0, 0];
      const duel = await interleaved(
        rounds,
        () => timed(() => (faults[0] = faultsOf(createPolicy('lru', FRAMES, 1, null), trace))),
        () => timed(() => (faults[1] = faultsOfCache(make(module), trace))),
      );
      if (faults[0] !== faults[1]) return { skipped: `${name} counts other faults: ${faults.join(' and ')}` };
      return speeds(duel, accesses);
    },
  };
}

function speeds({ ours, reference, rounds }: Awaited<ReturnType<typeof interleaved>>, accesses: number): Measured {
  const detail = `${perSecond(accesses, ours)} against ${perSecond(accesses, reference)}`;
  return { ratio: reference / ours, rounds, detail };
}

/** A policy whose faults go into the lab's event log, against C with a log of its own. */
function nativeRow(policy: 'clock' | 'lru', kind: 'zipf' | 'scan' | 'phases', goal: number | null): BenchRow {
  return {
    name: `${policy}/${kind}`,
    against: `C -O2, dense arrays and a log of 16-byte records, ${kind} over 1 M pages, ${FRAMES} frames`,
    goal,
    async measure({ accesses, rounds }, tools) {
      const trace = pageTrace(kind, accesses);
      const file = tools.file(`${kind}.trace`, () => bytesOf(trace));
      const native = (): ReturnType<typeof tools.native> =>
        tools.native('replacement', [policy, file, `${FRAMES}`, 'log']);
      const first = native();
      if (!first.ok) return { skipped: `there is no ${first.missing}` };
      let faults = 0;
      const duel = await interleaved(
        rounds,
        () => timed(() => (faults = loggedFaults(createPolicy(policy, FRAMES, 1, null), trace))),
        () => {
          const run = native();
          return run.ok ? Number(run.words[0]) : NaN;
        },
      );
      if (faults !== Number(first.words[1]))
        return { skipped: `C counts other faults: ${first.words[1]}, we ${faults}` };
      return speeds(duel, accesses);
    },
  };
}

function loggedFaults(policy: Policy, trace: Uint32Array): number {
  const log = makeEventLog();
  let faults = 0;
  for (let i = 0; i < trace.length; i++) {
    const page = trace[i]!;
    if (policy.access(page)) continue;
    faults++;
    if (log.next > LOG_EVENTS) rewindLog(log, log.first);
    log.now = i;
    emit(log, EVENT.FAULT, page, -1);
  }
  return faults;
}

/** A policy as teaching simulators have it: arrays that are searched, a set that is built anew. */
const teachingRow: BenchRow = {
  name: 'policies/teaching',
  against: 'a textbook CLOCK on arrays of objects, 4,096 frames, equal faults',
  goal: 50,
  async measure({ accesses, rounds }: BenchSize) {
    const pages = pageTrace('zipf', accesses);
    const few = Array.from(pages.subarray(0, Math.min(accesses, 50_000)));
    const trace = Uint32Array.from(few);
    let ours = 0;
    let theirs = 0;
    const repeats = 20;
    const duel = await interleaved(
      rounds,
      () =>
        timed(() => {
          for (let i = 0; i < repeats; i++) ours = faultsOf(createPolicy('clock', 4096, 1, null), trace);
        }) / repeats,
      () => timed(() => (theirs = naiveHits('clock', 4096, 1, few).filter((hit) => !hit).length)),
    );
    if (ours !== theirs) return { skipped: `other faults: ${ours} and ${theirs}` };
    return speeds(duel, few.length);
  },
};

export const POLICY_ROWS: readonly BenchRow[] = [
  packageRow('lru-cache', 2, (m) => new m['LRUCache']!({ max: FRAMES } as never)),
  packageRow('mnemonist', 1.5, (m) => new m['LRUCache']!(FRAMES as never)),
  nativeRow('clock', 'zipf', 0.35),
  nativeRow('clock', 'scan', null),
  nativeRow('clock', 'phases', null),
  nativeRow('lru', 'zipf', null),
  teachingRow,
];
