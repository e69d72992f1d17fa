import { describe, expect, it } from 'vitest';
import { eventsBetween } from '../base/event-log.ts';
import { EVENT } from '../base/event-kinds.ts';
import { boot, encodeState, hashState, regionPage, stallsBetween, step } from '../kernel/index.ts';
import { command, lab, type Lab } from '../testing/fixtures.ts';
import { Random } from '../testing/random.ts';
import type { TlbShape } from '../protocol/commands.ts';

const shape = (entries: number, ways: number, policy: TlbShape['policy']): { tlb: TlbShape } => ({
  tlb: { entries, ways, policy },
});

const counters = (l: Lab, task = 0) => l.task(task).tlb;

/** A first touch is a miss that faults, and a miss of the instruction that runs again. */
describe('the TLB', () => {
  it('knows a page from its second access on', () => {
    const l = lab();
    l.run('p0 mmap A 4 rw', 'p0 touch_w A 0 1');
    expect(counters(l)).toMatchObject({ hits: 0, misses: 2 });
    l.run('p0 touch_w A 0 1', 'p0 touch_r A 0 1');
    expect(counters(l)).toMatchObject({ hits: 2, misses: 2 });
    expect(l.run('p0 walk A 0').tlb).toBe('hit');
    expect(l.run('p0 walk A 1').tlb).toBe('miss');
  });

  it('keeps the address spaces apart: a switch of tasks forgets nothing', () => {
    const l = lab();
    l.run('p0 mmap A 4 rw', 'p0 touch_w A 0 1', 'p0 fork p1', 'p0 touch_r A 0 1', 'p1 touch_r A 0 1');
    const before = counters(l).hits;
    l.run('p0 touch_r A 0 1');
    expect(counters(l).hits).toBe(before + 1);
    expect(counters(l, 1)).toMatchObject({ hits: 0, misses: 1 });
  });

  it('sets the accessed bit with the first load and the dirty bit with the first store', () => {
    const l = lab();
    l.run('p0 mmap A 2 rw shared', 'p0 mmap B 2 rw shared', 'p0 touch_r A 0 1');
    expect(l.page(0, 'A', 0)).toMatchObject({ writable: true, accessed: true, dirty: false });
    l.run('p0 touch_w A 0 1');
    expect(l.page(0, 'A', 0).dirty).toBe(true);
    expect(counters(l)).toMatchObject({ hits: 1, misses: 2 });
  });

  it('takes an address space along when it goes', () => {
    const l = lab();
    l.run('p0 fork p1', 'p1 mmap A 4 rw', 'p1 touch_w A 0 4', 'p1 exit', 'p0 fork p2', 'p2 mmap A 4 rw');
    expect(l.run('p2 walk A 0').tlb).toBe('miss');
  });

  it.each([
    ['munmap', ['p0 munmap A 0 2'], { pages: 2, dropped: 2 }],
    ['mprotect', ['p0 mprotect A 0 3 r'], { pages: 3, dropped: 3 }],
    ['madvise dontneed', ['p0 madvise A 1 1 dontneed'], { pages: 1, dropped: 1 }],
    ['mremap', ['p0 mremap A 0 4 4 maymove fixed B+0'], { pages: 4, dropped: 4 }],
    ['a range longer than 33 pages', ['p0 mprotect A 0 40 r'], { pages: 0, dropped: 8 }],
    ['fork', ['p0 fork p1'], { pages: 0, dropped: 8 }],
  ] as const)('is flushed once by %s', (_, script, wanted) => {
    const l = lab();
    l.run(
      'p0 mmap A 40 rw',
      'p0 touch_w A 0 40',
      'p0 mmap B 4 rw',
      '@tlb 64 4 lru',
      'p0 touch_r A 0 7',
      'p0 touch_r A 39 1',
    );
    const before = counters(l).flushes;
    const { firstEvent, endEvent } = l.run(...script);
    const flushes = eventsBetween(l.k.events, firstEvent, endEvent).filter((e) => e.kind === EVENT.TLB_FLUSH);
    expect(flushes.map(({ a, b }) => ({ pages: a, dropped: b }))).toEqual([wanted]);
    expect(counters(l).flushes).toBe(before + 1);
    expect(counters(l).shootdowns).toBe(0);
  });

  it('is flushed by copy-on-write, once for the page', () => {
    const l = lab();
    l.run('p0 mmap A 4 rw', 'p0 touch_w A 0 4', 'p0 fork p1', 'p0 touch_r A 0 4');
    const before = counters(l).flushes;
    l.run('p0 touch_w A 1 1');
    expect(counters(l).flushes).toBe(before + 1);
    expect(l.run('p0 walk A 2').tlb).toBe('hit');
  });

  it('counts a shootdown where another task’s pages go', () => {
    const l = lab();
    l.run('p0 mmap A 4 rw shared', 'p0 touch_w A 0 4', 'p0 fork p1', 'p1 touch_r A 0 4');
    l.run('p0 madvise A 0 4 remove');
    expect(counters(l, 0).shootdowns).toBe(0);
    expect(counters(l, 1).shootdowns).toBe(1);
    expect(l.run('p1 walk A 0').tlb).toBe('miss');
  });
});

describe('without its flush, what is remembered is stale:', () => {
  const RULES = [
    ['unmapFlushesNothing', 'p0 madvise A 0 1 dontneed'],
    ['protectFlushesNothing', 'p0 mprotect A 0 1 r'],
    ['forkFlushesNothing', 'p0 fork p1'],
    // The kernel faults the copy in by itself: no fault of the program forgets the old frame.
    ['copyFlushesNothing', 'p1 madvise A 0 1 populate_write'],
  ] as const;
  it.each(RULES)('%s', (rule, last) => {
    const run = (off: object) => {
      const l = lab({}, off);
      if (last.startsWith('p1')) l.run('p0 mmap A 4 rw', 'p0 touch_w A 0 4', 'p0 fork p1', 'p1 touch_r A 0 4');
      else l.run('p0 mmap A 4 rw', 'p0 touch_w A 0 4', 'p0 touch_w A 0 4');
      return l.run(last);
    };
    expect(() => run({})).not.toThrow();
    expect(() => run({ [rule]: true })).toThrow(/INV-13/);
  });
});

/** A TLB as a book describes it: a list a set, the victim in front. */
class NaiveTlb {
  private readonly sets: string[][];
  hits = 0;
  misses = 0;
  constructor(private readonly given: TlbShape) {
    this.sets = Array.from({ length: given.entries / given.ways }, () => []);
  }
  access(task: number, page: number): void {
    const set = this.sets[page % this.sets.length]!;
    const tag = `${task}:${page}`;
    const at = set.indexOf(tag);
    if (at >= 0) {
      this.hits++;
      if (this.given.policy === 'lru') set.push(...set.splice(at, 1));
      return;
    }
    this.misses++;
    if (set.length === this.given.ways) set.shift();
    set.push(tag);
  }
}

describe('the counters', () => {
  it.each(['lru', 'fifo'] as const)('agree with a replay of the references under %s', (policy) => {
    for (const [entries, ways] of [[8, 1], [8, 2], [16, 4], [12, 12], [64, 4]] as const) {
      const seed = entries * 100 + ways;
      const random = new Random(seed);
      const l = lab({ ...shape(entries, ways, policy), ramPages: 256 });
      l.run('p0 mmap A 40 rw', 'p0 touch_w A 0 40', 'p0 fork p1', 'p1 touch_w A 0 40', 'p0 touch_w A 0 40');
      l.run(`@tlb ${entries} ${ways} ${policy}`);
      const before = [0, 1].map((task) => counters(l, task));
      const naive = new NaiveTlb({ entries, ways, policy });
      const first = regionPage(l.k, 'A')!;
      for (let i = 0; i < 400; i++) {
        const task = random.integer(0, 1);
        const page = Math.min(random.integer(0, 39), random.integer(0, 39));
        step(l.k, command(`p${task} ${random.pick(['touch_r', 'touch_w'])} A ${page} 1`));
        naive.access(task, first + page);
      }
      const after = [0, 1].map((task) => counters(l, task));
      const sum = (of: 'hits' | 'misses') => after.reduce((s, each, i) => s + each[of] - before[i]![of], 0);
      expect([sum('hits'), sum('misses')], `seed ${seed}`).toEqual([naive.hits, naive.misses]);
    }
  }); // prettier-ignore

  it('show thrashing: a loop over one page more than a set holds hits never under lru, often under random', () => {
    const loop = (policy: TlbShape['policy']): number => {
      const l = lab(shape(4, 4, policy));
      l.run('p0 mmap A 5 rw', 'p0 touch_w A 0 5');
      const before = counters(l).hits;
      for (let i = 0; i < 20; i++) l.run('p0 touch_r A 0 5');
      return counters(l).hits - before;
    };
    expect(loop('lru')).toBe(0);
    expect(loop('fifo')).toBe(0);
    expect(loop('random')).toBeGreaterThan(20);
  });

  it('plru takes the way that the tree points to', () => {
    const l = lab(shape(4, 4, 'plru'));
    l.run('p0 mmap A 6 rw', 'p0 touch_w A 0 4', 'p0 touch_r A 0 1', 'p0 touch_r A 4 1');
    // 0, 1, 2, 3, then 0 again: the root points to 2 and 3, and there to 2, which was used before 3.
    expect([0, 1, 2, 3].map((page) => l.run(`p0 walk A ${page}`).tlb)).toEqual(['hit', 'hit', 'miss', 'hit']);
  });
});

describe('what the TLB is like', () => {
  const SCRIPT = [
    'p0 mmap A 30 rw', 'p0 touch_w A 0 20', 'p0 fork p1', 'p1 touch_w A 3 9', 'p0 touch_r A 0 30', 'p0 mprotect A 2 9 r',
    'p1 munmap A 5 5', 'p0 mprotect A 2 9 rw', 'p0 touch_w A 0 30', 'p1 exit', 'p0 touch_w A 0 30',
  ]; // prettier-ignore

  it('never influences what happens, nor do prices', () => {
    const run = (options: Partial<Parameters<typeof boot>[0]>): string => {
      const l = lab(options);
      l.run(...SCRIPT);
      const { k } = l;
      // All but counters, clocks, and the table itself.
      const { machine, mms, tasks } = k;
      l.run('@tlb 1 1 lru');
      for (const table of [machine, mms]) {
        for (const column of [table.tlbHits, table.tlbMisses, table.tlbFlushes, table.tlbShootdowns]) column.fill(0);
      }
      for (const column of [
        machine.tlbClock,
        machine.tlbRandom,
        machine.timeNs,
        tasks.timeNs,
        tasks.stallNs,
        k.costs.ns,
      ])
        column.fill(0);
      machine.nextEvent.fill(0);
      k.frames.event.fill(0);
      return hashState(k);
    };
    const plain = run({});
    expect(run(shape(1, 1, 'fifo'))).toBe(plain);
    expect(run(shape(4096, 8, 'random'))).toBe(plain);
    expect(run({ costs: { minor_fault: 1e9, copy_frame: 0 } })).toBe(plain);
  });

  it('is part of the state: another shape gives other bytes', () => {
    const one = boot({ ramPages: 64, swapPages: 0, seed: 1, overcommit: 0, image: 'bare' });
    const other = boot({ ramPages: 64, swapPages: 0, seed: 1, overcommit: 0, image: 'bare', ...shape(8, 2, 'fifo') });
    expect(Buffer.compare(encodeState(one), encodeState(other))).not.toBe(0);
  });
});

describe('prices', () => {
  it('are what a command takes: calls, faults, walks, copies, cleared frames', () => {
    const l = lab({ costs: { memory_access: 1, tlb_miss_level: 10, minor_fault: 100, system_call: 1000, copy_frame: 1e5, zero_frame: 1e4, fork_page: 1e6 } }); // prettier-ignore
    expect(l.run('p0 mmap A 4 rw').timeNs).toBe(1000);
    // The walk ends at level 4; three tables and one frame are cleared; the walk of the retry reads four entries.
    expect(l.run('p0 touch_w A 0 1').timeNs).toBe(10 + 100 + 4e4 + 40 + 1);
    expect(l.run('p0 touch_w A 0 1').timeNs).toBe(1);
    expect(l.run('p0 touch_w A 1 1').timeNs).toBe(40 + 100 + 1e4 + 40 + 1);
    // Two entries, and the child's four tables.
    expect(l.run('p0 fork p1').timeNs).toBe(1000 + 2e6 + 4e4);
    expect(l.run('p0 touch_w A 0 1').timeNs).toBe(40 + 100 + 1e5 + 40 + 1);
    l.run('@cost memory_access 7');
    expect(l.run('p0 touch_w A 0 1').timeNs).toBe(7);
  });

  it('of a fault are a stall from its start to its end, which locked memory does not have', () => {
    const stalls = (lock: string[]) => {
      const l = lab();
      l.run('p0 mmap A 4 rw', ...lock);
      const { firstEvent, endEvent } = l.run('p0 touch_w A 0 4');
      return { found: stallsBetween(l.k.events, firstEvent, endEvent), stalled: l.task(0).stallNs, log: l.k.events };
    };
    const { found, stalled, log } = stalls([]);
    expect(found).toHaveLength(4);
    expect(found.map(({ pid, reason }) => `${pid} ${reason}`)).toEqual(Array(4).fill('0 minor fault'));
    expect(stalled).toBe(found.reduce((sum, { from, to }) => sum + to - from, 0));
    for (const [i, { from, to, event }] of found.entries()) {
      expect(to).toBeGreaterThan(from);
      if (i > 0) expect(from).toBeGreaterThanOrEqual(found[i - 1]!.to);
      const { cause } = eventsBetween(log, event, event + 1)[0]!;
      expect(eventsBetween(log, cause, cause + 1)[0]).toMatchObject({ kind: EVENT.FAULT, time: from });
    }
    expect(stalls(['p0 mlock A 0 4']).found).toEqual([]);
  });
});
