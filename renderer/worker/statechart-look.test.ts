import { describe, expect, test } from 'vitest';
import { STATECHARTS } from '../../engine/protocol/statechart-look.ts';
import { SCENARIOS } from '../testing/scenarios.ts';
import { walk } from '../testing/walk.ts';

const CHOSEN = ['who-copies', 'out-and-back', 'swapped', 'one-block-pins', 'crowd'];
const scenarios = SCENARIOS.filter(({ name }) => CHOSEN.includes(name)).map((each) => [each.name, each] as const);

test('the lessons that are looked at exist', () => expect(scenarios).toHaveLength(CHOSEN.length));

describe.each(scenarios)('statecharts in %s', (_name, scenario) => {
  test('count every page, task and slot once, and take no way that changes the numbers by another amount', () => {
    const before = new Map<string, number>();
    for (const { step, host, snapshot } of walk(scenario)) {
      const looks = new Map(STATECHARTS.map((name) => [name, host.answer('statechart', [name])]));
      const total = (name: (typeof STATECHARTS)[number]): number =>
        looks.get(name)!.states.reduce((sum, { count }) => sum + count, 0);
      const pages = snapshot.tasks
        .flatMap(({ vmas }) => vmas)
        .reduce((sum, { view }) => sum + view.end - view.start, 0);
      expect(total('page'), `pages at step ${step}`).toBe(pages);
      expect(total('task')).toBe(snapshot.tasks.length + snapshot.ended.length);
      expect(total('slot')).toBe(snapshot.slots.total);
      expect(total('pressure')).toBe(1);
      expect(total('player')).toBe(1);
      // What a step took explains each number before and after it; untouched pages and free slots come and go by areas.
      for (const chart of ['slot', 'page'] as const) {
        const { states, transitions } = looks.get(chart)!;
        for (const { name, count } of states) {
          const came = transitions.filter(({ to }) => to === name).reduce((sum, { times }) => sum + times, 0);
          const left = transitions.filter(({ from }) => from === name).reduce((sum, { times }) => sum + times, 0);
          const was = before.get(`${chart} ${name}`);
          const byArea = ['free', 'unmapped', 'reserved'].includes(name);
          if (was !== undefined && !byArea) expect(count, `${name} at step ${step}`).toBe(was + came - left);
          before.set(`${chart} ${name}`, count);
        }
      }
    }
  });

  test('tell the same when a step is come back to', () => {
    const seen: unknown[] = [];
    let last;
    for (const { host } of walk(scenario)) {
      seen.push(STATECHARTS.filter((name) => name !== 'player').map((name) => host.answer('statechart', [name])));
      last = host;
    }
    for (const step of [2, 0, seen.length - 1, 1]) {
      last!.answer('seek', [step]);
      const now = STATECHARTS.filter((name) => name !== 'player').map((name) => last!.answer('statechart', [name]));
      expect(now, `step ${step}`).toEqual(seen[step]);
    }
  });
});
