import { describe, expect, test } from 'vitest';
import type { Selection } from '../../engine/protocol/snapshot.ts';
import { SCENARIOS } from '../testing/scenarios.ts';
import { PANES, stageOf, walk, type Moment, type Size } from '../testing/walk.ts';
import { buildStage } from './scene.ts';
import { factsOfDrawList, factsOfRows, frameRows, pageRows, slotRows, stateWords } from './twin.ts';

/** What the picture says in all: tasks that share the columns are paged through. */
function factsOfPicture(moment: Moment, { width, height }: Size, selection: Selection | null): Map<string, string> {
  const { snapshot, plan } = moment;
  const facts = new Map<string, string>();
  for (let firstColumn = 0; firstColumn < Math.max(1, plan.tasks.length); firstColumn++) {
    const list = buildStage(snapshot, { plan, width, height, selection, lit: null, firstColumn });
    for (const [key, fact] of factsOfDrawList(list)) facts.set(key, fact);
  }
  return facts;
}

const selectionsOf = ({ snapshot }: Moment): (Selection | null)[] => {
  const last = snapshot.tasks.at(-1);
  if (last === undefined) return [null, { kind: 'slot', slot: 0 }];
  const vma = last.vmas.at(-1)!.view;
  return [
    null,
    { kind: 'page', pid: last.view.pid, page: vma.start },
    { kind: 'vma', pid: last.view.pid, start: vma.start },
    { kind: 'frame', frame: snapshot.frames.total - 1 },
  ];
};

describe('the readable twin says what the picture shows, on every step', () => {
  test.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))('of %s', (_name, scenario) => {
    for (const moment of walk(scenario)) {
      const pages = pageRows(moment.snapshot);
      const frames = frameRows(moment.snapshot);
      const slots = slotRows(moment.snapshot);
      for (const size of PANES) {
        const { mosaic, hiddenSlots } = buildStage(moment.snapshot, {
          plan: moment.plan,
          ...size,
          selection: null,
          lit: null,
          firstColumn: 0,
        });
        const drawnSlots = slots.slice(0, slots.length - hiddenSlots);
        const rows = factsOfRows(pages, mosaic === null ? frames : [], drawnSlots);
        for (const selection of selectionsOf(moment)) {
          expect(factsOfPicture(moment, size, selection), `step ${moment.step}, ${size.width}`).toEqual(rows);
        }
      }
    }
  });

  test('and no two rows speak of the same thing', () => {
    for (const scenario of SCENARIOS) {
      for (const { snapshot } of walk(scenario)) {
        const keys = [...pageRows(snapshot), ...frameRows(snapshot), ...slotRows(snapshot)].map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
      }
    }
  });

  test('with every page in words that differ for every state', () => {
    const words = (
      ['unmapped', 'reserved', 'zero', 'resident', 'readOnly', 'noAccess', 'guard', 'swapped'] as const
    ).map(stateWords);
    expect(new Set(words).size).toBe(words.length);
  });
});

describe('every row of the twin is a cell that can be found', () => {
  test.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))('%s', (_name, scenario) => {
    for (const moment of walk(scenario)) {
      const list = stageOf(moment, { width: 3816, height: 1560 });
      const shown = factsOfDrawList(list);
      for (const row of [...pageRows(moment.snapshot), ...slotRows(moment.snapshot)])
        expect(shown.has(row.key), row.key).toBe(true);
    }
  });
});
