import { describe, expect, test } from 'vitest';
import { pageLabel, peekPage, peekTlb, peekWalk } from '../../engine/kernel/index.ts';
import type { WalkLook } from '../../engine/protocol/walk-look.ts';
import { SCENARIOS } from '../testing/scenarios.ts';
import { walk, type Moment } from '../testing/walk.ts';

const CHOSEN = ['way-through-tables', 'small-pages-large-pages', 'who-copies', 'out-and-back', 'pinned'];
const scenarios = SCENARIOS.filter(({ name }) => CHOSEN.includes(name)).map((each) => [each.name, each] as const);

/** First, second and last page of each area, and one page that nobody maps. */
function* looksAt({ snapshot, host, step }: Moment): Generator<{ pid: number; page: number; look: WalkLook }> {
  for (const { view, vmas } of snapshot.tasks) {
    const pages = vmas.flatMap(({ view: { start, end } }) => [start, start + 1, end - 1]);
    for (const page of new Set([...pages, 12_345])) {
      const look = host.answer('walk', [view.pid, page]);
      expect(look, `step ${step}, p${view.pid}, page ${page}`).not.toBeNull();
      yield { pid: view.pid, page, look: look! };
    }
  }
}

test('the lessons that are looked at exist', () => expect(scenarios).toHaveLength(CHOSEN.length));

describe.each(scenarios)('ways through the tables in %s', (_name, scenario) => {
  test('read the entries that the processor would read, and end where it would end', () => {
    for (const moment of walk(scenario)) {
      for (const { pid, page, look } of looksAt(moment)) {
        const read = look.tables.map(({ level, index, entries }) => {
          const on = entries.find((entry) => entry.index === index)!;
          return { level, index, entry: on.bits };
        });
        expect(read).toEqual(peekWalk(moment.kernel, pid, page));
        const { state, frame } = peekPage(moment.kernel, pid, page);
        expect(look.end.frame).toBe(frame);
        const ends = { unmapped: 'nothing', reserved: 'nothing', zero: 'zero', noAccess: 'noAccess', guard: 'guard' };
        if (state === 'swapped') expect(look.end.kind).toBe('swap');
        else if (state in ends && look.end.kind !== 'huge')
          expect(look.end.kind, `${state} at step ${moment.step}`).toBe(ends[state as keyof typeof ends]);
        else expect(['page', 'huge', 'zero']).toContain(look.end.kind);
      }
    }
  });

  test('lead from table to table by frame number, with neighbours that are in use', () => {
    for (const moment of walk(scenario)) {
      for (const { look } of looksAt(moment)) {
        look.tables.forEach(({ index, entries, used }, i) => {
          const on = entries.find((entry) => entry.index === index)!;
          const below = look.tables[i + 1];
          if (below !== undefined) expect(on).toMatchObject({ leads: 'table', frame: below.frame });
          const indices = entries.map((entry) => entry.index);
          expect(indices).toEqual([...new Set(indices)].sort((a, b) => a - b));
          const others = entries.filter((entry) => entry !== on);
          expect(others.every(({ leads }) => leads !== 'nothing')).toBe(true);
          expect(others.length + (on.leads === 'nothing' ? 0 : 1)).toBeLessThanOrEqual(used);
        });
      }
    }
  });

  test('tell what the TLB holds in the place of the page', () => {
    for (const moment of walk(scenario)) {
      for (const { pid, page, look } of looksAt(moment)) {
        const asked = look.tlb.ways.filter(({ holds }) => holds?.asked === true);
        expect(look.tlb.hit).toBe(peekTlb(moment.kernel, pid, page) === 'hit');
        expect(asked).toHaveLength(look.tlb.hit ? 1 : 0);
        if (asked[0]?.holds?.huge === false)
          expect(asked[0].holds).toMatchObject({
            label: pageLabel(moment.kernel, page, pid),
            frame: peekPage(moment.kernel, pid, page).frame,
          });
      }
    }
  });
});

test('nobody there, or an address beyond all tables: no way', () => {
  const [moment] = walk(scenarios[0]![1]);
  expect(moment!.host.answer('walk', [99, 1])).toBeNull();
  expect(moment!.host.answer('walk', [0, 2 ** 40])).toBeNull();
});
