import { describe, expect, test } from 'vitest';
import { peekMachine, peekTask } from '../../engine/kernel/index.ts';
import { SCENARIOS } from '../testing/scenarios.ts';
import { openHost, walk } from '../testing/walk.ts';

const CHOSEN = ['who-copies', 'out-and-back', 'one-block-pins', 'who-dies'];
const scenarios = SCENARIOS.filter(({ name }) => CHOSEN.includes(name)).map((each) => [each.name, each] as const);

test('the lessons that are looked at exist', () => expect(scenarios).toHaveLength(CHOSEN.length));

describe.each(scenarios)('figures of %s', (_name, scenario) => {
  test('are at each step what the machine says there, and tell nothing of steps to come', () => {
    for (const { step, host, kernel } of walk(scenario)) {
      const { steps } = host.answer('figures', []);
      expect(steps.map(({ position }) => position)).toEqual(Array.from({ length: step + 1 }, (_, i) => i));
      const machine = peekMachine(kernel);
      expect(steps.at(-1)).toMatchObject({
        free: machine.frames.free,
        committed: machine.committed,
        swapUsed: machine.swap.used,
        timeNs: machine.timeNs,
        tasks: machine.tasks.map((pid) => {
          const { rss, pss, swap } = peekTask(kernel, pid)!;
          return { pid, rss, pss, swap };
        }),
      });
    }
  });

  test('are the same however the place was come to, and leave it as it was', () => {
    const { host, state } = openHost(scenario);
    const { length } = state.player;
    const before = host.answer('seek', [length]).snapshot.hash;
    const atOnce = host.answer('figures', []);
    expect(host.answer('seek', [length]).snapshot.hash).toBe(before);
    const other = openHost(scenario).host;
    for (let i = 0; i < length; i++) other.answer('next', []);
    expect(other.answer('figures', [])).toEqual(atOnce);
  });

  test('count every fault of the steps once', () => {
    const { host, state } = openHost(scenario);
    let faults = 0;
    for (let i = 0; i < state.player.length; i++) {
      const { commands } = host.answer('next', []).player.report!;
      faults += commands.reduce((sum, { minflt, majflt }) => sum + minflt + majflt, 0);
    }
    const { steps } = host.answer('figures', []);
    expect(steps.reduce((sum, { minflt, majflt }) => sum + minflt + majflt, 0)).toBe(faults);
  });
});

test('a typed command makes what comes behind it another; dropped, all is as before', () => {
  const { host } = openHost(scenarios.find(([name]) => name === 'who-copies')![1]);
  host.answer('seek', [9]);
  const before = host.answer('figures', []);
  host.answer('seek', [3]);
  expect(host.answer('type', ['p0 mmap Z 9 rw']).problems).toEqual([]);
  const typed = host.answer('figures', []).steps;
  expect(typed).toHaveLength(5);
  expect(typed.at(-1)!.committed).toBe(typed.at(-2)!.committed + 9);
  host.answer('discardTyped', []);
  host.answer('seek', [9]);
  expect(host.answer('figures', [])).toEqual(before);
});

test('what a process asked for and what its allocator holds are charted from its first call on', () => {
  const { host, state } = openHost(scenarios.find(([name]) => name === 'one-block-pins')![1]);
  host.answer('seek', [state.player.length]);
  const own = host.answer('figures', []).steps.map(({ tasks }) => tasks.find(({ pid }) => pid === 0)!);
  expect(own[0]!.asked).toBeNull();
  const asked = own.slice(1);
  expect(asked.every((task) => task.asked !== null && task.held >= task.asked)).toBe(true);
  expect(Math.max(...asked.map((task) => task.held))).toBeGreaterThan(2 ** 20);
});
