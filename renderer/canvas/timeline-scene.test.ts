import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Outline, TimelineMark } from '../../engine/protocol/player.ts';
import { SCENARIOS } from '../testing/scenarios.ts';
import { openHost } from '../testing/walk.ts';
import { buildTimeline, LANES, stepAt, type TimelineScene } from './timeline-scene.ts';

const WIDTHS = [320, 936, 1256, 1896, 3816];

describe.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
  'the timeline of %s',
  (_name, scenario) => {
    let outline: Outline;
    let marks: readonly TimelineMark[];
    let length: number;
    beforeAll(() => {
      ({ outline, marks } = openHost(scenario));
      length = outline.steps.length;
    });
    const at = (position: number, width = 1256): TimelineScene =>
      buildTimeline(outline, marks, position, length, width, 100);

    test('puts the playhead where a click seeks to, at every step and width', () => {
      for (const width of WIDTHS) {
        for (let position = 0; position <= length; position++) {
          const scene = at(position, width);
          expect(stepAt(scene, scene.playhead)).toBe(position);
        }
      }
    });

    test('seeks to the start left of it and to the end right of it', () => {
      const scene = at(0);
      expect([stepAt(scene, -100), stepAt(scene, scene.left - 1)]).toEqual([0, 0]);
      expect([stepAt(scene, scene.right + 1), stepAt(scene, 99_999)]).toEqual([length, length]);
    });

    test('says as a table how often each thing happened in each step', () => {
      const { rows } = at(0);
      expect(rows.map(({ index }) => index)).toEqual(outline.steps.map(({ index }) => index));
      for (const row of rows) {
        for (const lane of LANES) {
          const wanted = marks.filter((mark) => mark.step === row.index && mark.lane === lane).length;
          expect(row[lane], `step ${row.index}, ${lane}`).toBe(wanted);
        }
      }
      expect(rows.reduce((sum, row) => sum + row.calls + row.faults + row.copies + row.swap, 0)).toBe(marks.length);
    });

    test('has a tick in every lane and step in which something happened, between the lines of that step', () => {
      const scene = at(0, 3816);
      for (const row of scene.rows) {
        const from = scene.left + (row.index - 1) * scene.stepWidth;
        LANES.forEach((lane, i) => {
          const own = scene.ticks.filter(
            ({ x, y }) => y === scene.lanes[i]!.y && x >= from && x < from + scene.stepWidth,
          );
          expect(own.length > 0, `step ${row.index}, ${lane}`).toBe(row[lane] > 0);
          expect(own.length).toBeLessThanOrEqual(row[lane]);
        });
      }
      expect(scene.ticks.every(({ x }) => x >= scene.left && x <= scene.right)).toBe(true);
    });

    test('shows as done exactly what lies behind the playhead', () => {
      for (const position of [0, length >> 1, length]) {
        const scene = at(position);
        for (const tick of scene.ticks) expect(tick.done).toBe(tick.x < scene.playhead);
      }
    });

    test('names the chapter that the step lies in, and only that', () => {
      for (const step of outline.steps) {
        const current = at(step.index).chapters.flatMap(({ current }, i) => (current ? [i] : []));
        expect(current).toEqual([step.chapter]);
      }
    });

    test('marks bookmarks inside of their step', () => {
      const scene = at(0);
      const marked = outline.steps.filter(({ mark }) => mark !== null).map(({ index }) => index);
      expect(scene.bookmarks.map((x) => Math.ceil((x - scene.left) / scene.stepWidth))).toEqual(marked);
    });
  },
);

describe('a timeline of any length and width', () => {
  const outlineOf = (length: number) => ({
    title: 'T',
    summary: '',
    features: [],
    chapters: [{ title: 'One', firstStep: 1 }],
    steps: Array.from({ length }, (_, i) => ({
      index: i + 1,
      chapter: 0,
      title: '',
      mark: null,
      pause: false,
      hasAsk: false,
      typed: false,
    })),
  });

  test('finds the step that its playhead stands at, as long as a step has a pixel', () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 600, max: 4000 }));
    fc.assert(
      fc.property(sizes, fc.nat(), ([length, width], any) => {
        const position = any % (length + 1);
        const scene = buildTimeline(outlineOf(length), [], position, length, width, 100);
        expect(stepAt(scene, scene.playhead)).toBe(position);
        expect(stepAt(scene, Math.round(scene.playhead))).toBe(position);
      }),
    );
  });

  test('without steps stands at its start', () => {
    const scene = buildTimeline(outlineOf(0), [], 0, 0, 1000, 100);
    expect(stepAt(scene, 500)).toBe(0);
    expect(scene.rows).toEqual([]);
  });
});
