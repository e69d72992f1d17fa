import { describe, expect, test } from 'vitest';
import type { Selection } from '../../engine/protocol/snapshot.ts';
import { misplaced, mosaicBox, within } from '../testing/geometry.ts';
import { CROWD, LARGE, SCENARIOS } from '../testing/scenarios.ts';
import { momentAt, PANES, stageOf, walk, type Moment } from '../testing/walk.ts';
import { isCell, type CellItem, type DrawList } from './draw-list.ts';
import { EMPTY_PLAN } from '../stores/plan.ts';
import { buildStage, keyOf } from './scene.ts';

const each = SCENARIOS.map((scenario) => [scenario.name, scenario] as const);
const WIDE = PANES[2]!;
const HUGE = PANES[3]!;

const cellsOf = (list: DrawList): CellItem[] =>
  list.items.filter(isCell).filter(({ target }) => target.kind !== 'frame' || target.frame >= 0);
const boxText = ({ x, y, w, h }: CellItem): string => [x, y, w, h].map((n) => n.toFixed(2)).join(' ');

describe.each(each)('the picture of %s', (_name, scenario) => {
  /** All steps; what was sent to the window stays as it was, though host and kernel have gone on. */
  let sent: readonly Moment[] | null = null;
  const moments = (): readonly Moment[] => (sent ??= [...walk(scenario)]);

  test('has every frame exactly once: as a cell, or in the mosaic', () => {
    for (const moment of moments()) {
      const { total } = moment.snapshot.frames;
      for (const size of PANES) {
        const list = stageOf(moment, size);
        const frames = cellsOf(list).flatMap(({ target }) => (target.kind === 'frame' ? [target.frame] : []));
        if (list.mosaic === null) expect(frames).toEqual(Array.from({ length: total }, (_, frame) => frame));
        else expect(frames).toEqual([]);
      }
    }
  });

  test('keeps everything in its place at every size of the window', () => {
    for (const moment of moments()) {
      for (const size of PANES.slice(0, -1)) {
        const list = stageOf(moment, size);
        expect(misplaced(list), `step ${moment.step}, ${size.width}×${size.height}`).toEqual([]);
        const board = mosaicBox(list, moment.snapshot.frames.total);
        if (board !== null) {
          const panels = list.items.filter((item) => item.type === 'panel');
          expect(
            panels.some((panel) => within(board, panel)),
            `the mosaic of ${size.width} lies in its panel`,
          ).toBe(true);
        }
      }
    }
  });

  test('has room for every step from the start, so that nothing moves', () => {
    const [first, ...later] = moments().map(({ plan }) => JSON.stringify(plan));
    for (const plan of later) expect(plan).toBe(first);
  });

  test('leaves every frame where it is from the first step to the last', () => {
    for (const size of PANES) {
      let before: string | null = null;
      for (const moment of moments()) {
        const list = stageOf(moment, size);
        const frames = cellsOf(list).filter(({ target }) => target.kind === 'frame');
        const places = JSON.stringify([list.mosaic, frames.map(boxText)]);
        expect(places === (before ?? places), `step ${moment.step}, ${size.width}`).toBe(true);
        before = places;
      }
    }
  });

  test('leaves a page where it is, as long as its area is drawn page by page', () => {
    for (const size of PANES) {
      const known = new Map<string, string>();
      for (const moment of moments()) {
        const folded = new Set(
          moment.snapshot.tasks.flatMap(({ view, vmas }) =>
            vmas
              .filter(({ runs }) => runs.some(({ pages }) => pages > 1))
              .map((vma) => `${view.pid} ${vma.view.region}`),
          ),
        );
        const regions = new Map(
          moment.snapshot.tasks.flatMap(({ view, vmas }) =>
            vmas.flatMap((vma) =>
              vma.runs.map((run) => [`p${view.pid}:${run.page}`, `${view.pid} ${vma.view.region}`]),
            ),
          ) as [string, string][],
        );
        // exec puts another region where one was.
        const bases = new Map(
          moment.snapshot.tasks.flatMap(({ view, vmas }) =>
            vmas.flatMap((vma) =>
              vma.runs.map((run) => [`p${view.pid}:${run.page}`, vma.view.start - vma.view.regionOffset]),
            ),
          ) as [string, number][],
        );
        for (const cell of cellsOf(stageOf(moment, size)).filter(({ target }) => target.kind === 'page')) {
          const key = keyOf(cell.target);
          if (folded.has(regions.get(key)!)) continue;
          const place = `${key} of ${regions.get(key)} from ${bases.get(key)}`;
          expect(boxText(cell), `step ${moment.step}, ${size.width}, ${key}`).toBe(known.get(place) ?? boxText(cell));
          known.set(place, boxText(cell));
        }
      }
    }
  });

  test('links both ways: page, frame and every sharer light the same', () => {
    for (const moment of walk(scenario)) {
      const inspected = (selection: Selection): string => {
        const lit = moment.host.answer('inspect', [selection])!.lit;
        return JSON.stringify([[...lit.pages].map(({ pid, page }) => `${pid}:${page}`).sort(), lit.frames]);
      };
      for (const { view, vmas } of moment.snapshot.tasks) {
        for (const run of vmas.flatMap(({ runs }) => runs)) {
          if (run.frame < 0) continue;
          const page: Selection = { kind: 'page', pid: view.pid, page: run.page };
          const lit = moment.host.answer('inspect', [page])!.lit;
          expect(lit.frames).toEqual([run.frame]);
          // While the frame is in the swap cache, those who still name the slot have the same page.
          const inSwap = moment.snapshot.frames.swapCached[run.frame] === 1;
          if (inSwap) expect(lit.pages.length).toBeGreaterThanOrEqual(run.sharers);
          else expect(lit.pages).toHaveLength(run.sharers);
          const mine = inspected(page);
          expect(inspected({ kind: 'frame', frame: run.frame })).toBe(mine);
          for (const sharer of lit.pages) {
            expect(inspected({ kind: 'page', pid: sharer.pid, page: sharer.page })).toBe(mine);
          }
        }
      }
    }
  });
});

/** Keys of the cells that are lit, and of those that hold a page which should be. */
function litAndWanted(moment: Moment, selection: Selection): { lit: string[]; wanted: string[] } {
  const { lit } = moment.host.answer('inspect', [selection])!;
  const cells = cellsOf(stageOf(moment, HUGE, selection));
  const wanted = cells.filter(({ target, meaning }) => {
    if (target.kind === 'frame') return lit.frames.includes(target.frame);
    if (target.kind !== 'page' || meaning.of !== 'page') return false;
    return lit.pages.some(
      ({ pid, page }) => pid === target.pid && page >= target.page && page < target.page + meaning.pages,
    );
  });
  return {
    lit: cells.filter((cell) => cell.lit).map(({ target }) => keyOf(target)),
    wanted: wanted.map(({ target }) => keyOf(target)),
  };
}

describe('a selection', () => {
  test('lights the page, its frame and every sharer, and nothing else', () => {
    const moment = momentAt(CROWD, 9);
    const a = moment.snapshot.tasks[0]!.vmas.find(({ view }) => view.region === 'A')!.runs[0]!;
    const list = stageOf(moment, HUGE, { kind: 'page', pid: 0, page: a.page });
    const lit = cellsOf(list).filter((cell) => cell.lit);
    expect(lit.map(({ target }) => keyOf(target)).sort()).toEqual(
      [`f${a.frame}`, ...[0, 1, 2].map((pid) => `p${pid}:${a.page}`)].sort(),
    );
    expect(cellsOf(list).filter((cell) => cell.selected)).toHaveLength(1);
  });

  test('lights folded runs that hold a page of it', () => {
    for (const step of [5, 6, 9, 11]) {
      const moment = momentAt(CROWD, step);
      const used = [...moment.snapshot.frames.mapcount].flatMap((count, frame) => (count > 0 ? [frame] : []));
      for (const frame of used) {
        const { lit, wanted } = litAndWanted(moment, { kind: 'frame', frame });
        expect(lit, `step ${step}, frame ${frame}`).toEqual(wanted);
      }
    }
  });

  test('of an area lights its resident pages and their frames, and its band', () => {
    const moment = momentAt(CROWD, 3);
    const view = moment.snapshot.tasks[0]!.vmas.find((vma) => vma.view.region === 'S')!.view;
    const selection: Selection = { kind: 'vma', pid: 0, start: view.start };
    const list = stageOf(moment, HUGE, selection);
    expect(cellsOf(list).filter((cell) => cell.lit)).toHaveLength(6);
    expect(list.items.filter((item) => item.type === 'panel' && item.lit)).toHaveLength(1);
  });

  test('draws a link from each of its pages to their frame', () => {
    const moment = momentAt(CROWD, 9);
    const a = moment.snapshot.tasks[0]!.vmas.find(({ view }) => view.region === 'A')!.runs[0]!;
    const links = stageOf(moment, HUGE, { kind: 'frame', frame: a.frame }).items.filter((item) => item.type === 'link');
    expect(links.map(({ pid }) => pid)).toEqual([0, 1, 2]);
    const to = cellsOf(stageOf(moment, HUGE)).find(({ target }) => keyOf(target) === `f${a.frame}`)!;
    for (const link of links) expect([link.to.x, link.to.y]).toEqual([to.x, to.y]);
  });

  test('lights nothing when there is none', () => {
    const list = stageOf(momentAt(CROWD, 9), HUGE);
    expect(cellsOf(list).filter((cell) => cell.lit || cell.selected)).toEqual([]);
    expect(list.items.some(({ type }) => type === 'link')).toBe(false);
  });
});

describe('a copy', () => {
  test('is drawn from the frame copied to the copy, and the page is linked to the copy', () => {
    const moment = momentAt(CROWD, 10);
    const links = stageOf(moment, WIDE).items.filter((item) => item.type === 'link');
    expect(links.map(({ kind, pid }) => `${kind} ${pid}`).sort()).toEqual(['copy 1', 'map 1']);
  });

  test('is named only while few are made at once', () => {
    const labels = (step: number): string[] =>
      stageOf(momentAt(CROWD, step), WIDE).items.flatMap((item) =>
        item.type === 'link' && item.kind === 'copy' ? [item.label] : [],
      );
    expect(labels(10)).toHaveLength(1);
    expect(labels(10)[0]).toContain('096 B');
    expect(new Set(labels(11))).toEqual(new Set(['']));
  });
});

describe('the board', () => {
  test('of many frames is a mosaic at every size', () => {
    for (const size of PANES) expect(stageOf(momentAt(LARGE, 0), size).mosaic).not.toBeNull();
  });

  test('of few frames is made of cells from a window of 1280×720 on', () => {
    for (const size of PANES.slice(1, -1)) {
      expect(stageOf(momentAt(CROWD, 0), size).mosaic, `${size.width}×${size.height}`).toBeNull();
    }
  });
});

test('tasks beyond the columns are turned to, and the last turn is as full as the first', () => {
  const moment = momentAt(CROWD, 9);
  const narrow = { plan: moment.plan, width: 936, height: 236, selection: null, lit: null };
  const pidsAt = (firstColumn: number): number[] => [
    ...new Set(
      cellsOf(buildStage(moment.snapshot, { ...narrow, firstColumn })).flatMap(({ target }) =>
        target.kind === 'page' ? [target.pid] : [],
      ),
    ),
  ];
  const shown = pidsAt(0).length;
  expect(pidsAt(0)).toEqual([0, 1, 2].slice(0, shown));
  for (const turn of [1, 2, 7]) expect(pidsAt(turn)).toHaveLength(shown);
  expect(pidsAt(7).at(-1)).toBe(2);
});

test('an empty plan can be drawn', () => {
  const { snapshot } = momentAt(CROWD, 0);
  const list = buildStage(snapshot, { plan: EMPTY_PLAN, ...WIDE, selection: null, lit: null, firstColumn: 0 });
  expect(list.items.length).toBeGreaterThan(0);
});
