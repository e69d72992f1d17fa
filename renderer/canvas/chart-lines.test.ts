import { describe, expect, test } from 'vitest';
import type { StepFigures } from '../../engine/protocol/figures.ts';
import { DARK } from './theme.ts';
import { chartsOf } from './chart-lines.ts';

const step = (position: number, tasks: StepFigures['tasks']): StepFigures => ({
  position,
  timeNs: position * 100,
  free: 50 - position,
  cached: 0,
  committed: 10,
  commitLimit: 90,
  swapUsed: position,
  minflt: 2,
  majflt: 1,
  tasks,
});
const task = (pid: number, rss: number, asked: number | null = null) => ({
  pid,
  rss,
  pss: rss / 2,
  swap: 0,
  asked,
  held: 4096,
});
const plain = { strict: false, swap: false };

const STEPS = [step(0, [task(0, 1)]), step(1, [task(0, 2, 24), task(3, 5)]), step(2, [task(0, 3, 48)])];

describe('charts', () => {
  test('have a point a step in every line, and none where a process does not live', () => {
    const charts = chartsOf(STEPS, plain, DARK);
    for (const { lines } of charts) for (const { values } of lines) expect(values).toHaveLength(STEPS.length);
    const [resident] = charts;
    expect(resident!.lines.find(({ name }) => name === 'p3 RSS')!.values).toEqual([null, 5, null]);
    expect(resident!.lines.find(({ name }) => name === 'p0 PSS')).toMatchObject({
      values: [0.5, 1, 1.5],
      dashed: true,
    });
  });

  test('show a heap from the first call of its process on, and only its own', () => {
    const heap = chartsOf(STEPS, plain, DARK).find(({ title }) => title === 'Heap')!;
    expect(heap.lines.map(({ name }) => name)).toEqual(['p0 in use', 'p0 from the system']);
    expect(heap.lines.map(({ values }) => values)).toEqual([[null, 24, 48], [null, 4096, 4096]]); // prettier-ignore
    expect(chartsOf(STEPS.slice(0, 1), plain, DARK).some(({ title }) => title === 'Heap')).toBe(false);
  });

  test('show the limit where promises are held to it, and swap where there is some', () => {
    const names = (machine: typeof plain): string[] =>
      chartsOf(STEPS, machine, DARK)
        .find(({ title }) => title === 'Machine')!
        .lines.map(({ name }) => name);
    expect(names(plain)).toEqual(['free', 'promised']);
    expect(names({ strict: true, swap: true })).toEqual(['free', 'promised', 'limit', 'in swap']);
  });

  test('tell lines apart without colour: a name at the end, or dashes', () => {
    for (const { lines } of chartsOf(STEPS, { strict: true, swap: true }, DARK)) {
      for (const line of lines) expect(line.end !== '' || line.dashed || line.bars !== 0).toBe(true);
      expect(new Set(lines.map(({ name }) => name)).size).toBe(lines.length);
    }
  });
});
