import { describe, expect, test } from 'vitest';
import { interleaved, median } from './bench/interleave.ts';
import { processTrace, OP } from './bench/process-trace.ts';
import { BENCH_ROWS } from './bench/rows/rows.ts';
import { pageTrace } from './bench/traces.ts';
import { run } from './run.ts';
import { TestIo } from './test-io.ts';

describe('faultline bench', () => {
  test('a row says what, against what, how much, and whether that is enough', async () => {
    const io = new TestIo();
    expect(await run(['bench', '--quick', '--json', 'statechart/table', 'window/cells'], io)).toBe(0);
    const [row, absent] = io.lines as Record<string, unknown>[];
    expect(Object.keys(row!)).toEqual(['name', 'ratio', 'against', 'goal', 'reached', 'rounds', 'detail']);
    expect(row).toMatchObject({ name: 'statechart/table', goal: 500, rounds: 3 });
    expect(row!['ratio']).toBeGreaterThan(1);
    expect(row!['reached']).toBe((row!['ratio'] as number) >= 500);
    expect(absent).toMatchObject({ name: 'window/cells', ratio: null, reached: null, rounds: 0 });
    expect(absent!['skipped']).toMatch(/display/);
  });

  test('people read a summary; a goal that is missed is no failure', async () => {
    const io = new TestIo();
    expect(await run(['bench', '--quick', 'memory'], io)).toBe(0);
    expect(io.stdout).toMatch(/^memory\/frame +\d/);
    expect(io.stdout).toMatch(/0 goals reached, 0 missed, 2 without a goal, 0 skipped\n$/);
  });

  test('a row that is not there', async () => {
    const io = new TestIo();
    expect(await run(['bench', 'malloc/pears-16'], io)).toBe(2);
    expect(io.stderr).toBe('faultline bench: malloc/pears-16 is no row; did you mean malloc/pairs-16?\n');
    expect(io.stdout).toBe('');
  });

  test('names are different, and ratios larger than their goals are wanted', () => {
    const names = BENCH_ROWS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { goal } of BENCH_ROWS) if (goal !== null) expect(goal).toBeGreaterThan(0);
  });
});

describe('what rows are made of', () => {
  test('contestants run in turn', async () => {
    const order: string[] = [];
    const duel = await interleaved(
      3,
      () => order.push('a'),
      () => order.push('b') * 10,
    );
    expect(order.join('')).toBe('ababab');
    expect(duel).toEqual({ ours: 3, reference: 40, rounds: 3 });
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  test('a Zipf trace prefers few pages and knows many', () => {
    const counts = new Map<number, number>();
    for (const page of pageTrace('zipf', 100_000)) counts.set(page, (counts.get(page) ?? 0) + 1);
    const sorted = [...counts.values()].sort((a, b) => b - a);
    // The share of the first rank is 1 / ζ(2^20, 0.99), about 6.6 %; a tenth of it is the share of about the tenth.
    expect(sorted[0]! / 100_000).toBeGreaterThan(0.055);
    expect(sorted[0]! / 100_000).toBeLessThan(0.075);
    expect(sorted[9]! / sorted[0]!).toBeCloseTo(0.1, 1);
    expect(counts.size).toBeGreaterThan(20_000);
  });

  test('a trace of processes forks what is not there and ends what is', () => {
    const alive = new Set([0]);
    let accesses = 0;
    let forks = 0;
    for (const word of processTrace(100_000)) {
      const [op, process, operand] = [word >>> 30, (word >>> 20) & 1023, word & 0xfffff];
      if (!alive.has(process)) throw new Error(`p${process} is alive`);
      if (op === OP.fork) {
        if (alive.has(operand)) throw new Error(`p${operand} is new`);
        alive.add(operand);
        forks++;
      } else if (op === OP.exit) alive.delete(process);
      else accesses++;
    }
    expect([accesses, forks > 3, alive.has(0)]).toEqual([100_000, true, true]);
  });
});
