import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EndedTask, StageShape, TaskSnapshot } from '../../engine/protocol/snapshot.ts';
import { SCENARIOS } from '../testing/scenarios.ts';
import { openHost, walk } from '../testing/walk.ts';
import { EMPTY_PLAN, extendPlan, occupantOf, type StagePlan } from './plan.ts';

/** A moment with nothing in it but who lives and who has ended. */
function moment(alive: readonly number[], ended: readonly number[]): StageShape {
  const tasks = alive.map((pid) => ({ view: { pid }, vmas: [] }) as unknown as TaskSnapshot);
  const gone = ended.map((pid): EndedTask => ({ pid, state: 'reaped', ending: 'exit 0' }));
  return { tasks, ended: gone, frames: { total: 8 }, machine: { swap: { total: 0 } } };
}

/** Lives as intervals of steps, [from, to); a task may begin and end between two steps. */
const lives = fc.array(fc.tuple(fc.nat(12), fc.nat(6)), { minLength: 1, maxLength: 9 });

function momentsOf(intervals: readonly (readonly [from: number, length: number])[]): StageShape[] {
  return Array.from({ length: 20 }, (_, step) => {
    const pids = intervals.map((_life, pid) => pid);
    const alive = pids.filter((pid) => intervals[pid]![0] <= step && step < intervals[pid]![0] + intervals[pid]![1]);
    const ended = pids.filter((pid) => step >= intervals[pid]![0] + intervals[pid]![1]);
    return moment(alive, ended);
  });
}

const columnOf = (plan: StagePlan, pid: number): number => plan.columns.findIndex((column) => column.includes(pid));

test('whoever lives has a column that nobody else lives in, and keeps it', () => {
  fc.assert(
    fc.property(lives, (intervals) => {
      const moments = momentsOf(intervals);
      const plan = moments.reduce(extendPlan, EMPTY_PLAN);
      expect(plan.columns.flat().sort((a, b) => a - b)).toEqual(plan.tasks);
      for (const each of moments) {
        const shown = plan.columns.map((column) => occupantOf(column, each));
        for (const { view } of each.tasks) expect(shown).toContain(view.pid);
      }
      const most = Math.max(...moments.map(({ tasks }) => tasks.length));
      const atOnce = intervals.filter(([, length]) => length === 0).length;
      expect(plan.columns.length).toBeLessThanOrEqual(most + atOnce);
    }),
  );
});

test('moments that come in any order, as after typed commands, leave nobody without a place', () => {
  fc.assert(
    fc.property(lives, lives, fc.infiniteStream(fc.nat(19)), (first, second, order) => {
      let plan = momentsOf(first).reduce(extendPlan, EMPTY_PLAN);
      const moments = momentsOf(second);
      for (let i = 0; i < 20; i++) {
        const now = moments[order.next().value as number]!;
        plan = extendPlan(plan, now);
        const here = now.tasks.map(({ view }) => columnOf(plan, view.pid));
        expect(new Set(here).size).toBe(here.length);
        expect(here).not.toContain(-1);
      }
    }),
  );
});

test('a column shows who lives there, else who ended there last, else who is to come', () => {
  const column = [1, 2, 3];
  expect(occupantOf(column, moment([0], []))).toBe(1);
  expect(occupantOf(column, moment([0, 2], [1]))).toBe(2);
  expect(occupantOf(column, moment([0], [1, 2]))).toBe(2);
});

test.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
  '%s: every task is seen at every step, without columns that move',
  (_name, scenario) => {
    const { plan } = openHost(scenario);
    for (const { snapshot } of walk(scenario)) {
      const shown = plan.columns.map((column) => occupantOf(column, snapshot));
      expect(shown).toEqual(expect.arrayContaining(snapshot.tasks.map(({ view }) => view.pid)));
      expect(extendPlan(plan, snapshot).columns).toEqual(plan.columns);
    }
  },
);
