import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { misplaced, mosaicBox, within } from '../testing/geometry.ts';
import { openHost } from '../testing/walk.ts';
import { isCell, type DrawList } from './draw-list.ts';
import { hitTest, neighbour, selectableCells, type Direction } from './hit-test.ts';
import { bandHeight, cellsPerRow, chooseMetrics, columnHeight } from './metrics.ts';
import { extendPlan, holeCells, type StagePlan } from '../stores/plan.ts';
import { gridFor, ownersFromBits } from './ram-scene.ts';
import { buildStage } from './scene.ts';

/** Commands of a person who tries everything; those that make no sense at the moment are refused and skipped. */
const task = fc.integer({ min: 0, max: 4 });
const region = fc.constantFrom('A', 'A', 'B', 'B', 'C', 'heap');
const offset = fc.integer({ min: 0, max: 60 });
const pages = fc.integer({ min: 1, max: 60 });
const perms = fc.constantFrom('rw', 'r', 'none', 'rx');
const command = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(task, region, pages, perms, fc.constantFrom('', ' shared anon')).map(([t, r, n, p, s]) => `p${t} mmap ${r} ${n} ${p}${s}`) },
  { weight: 3, arbitrary: fc.tuple(task, region, offset, pages).map(([t, r, o, n]) => `p${t} touch_w ${r} ${o} ${n} 1`) },
  { weight: 1, arbitrary: fc.tuple(task, region, offset, pages).map(([t, r, o, n]) => `p${t} touch_r ${r} ${o} ${n}`) },
  { weight: 3, arbitrary: fc.tuple(task, region, offset, pages).map(([t, r, o, n]) => `p${t} munmap ${r} ${o} ${n}`) },
  { weight: 1, arbitrary: fc.tuple(task, region, offset, pages, perms).map(([t, r, o, n, p]) => `p${t} mprotect ${r} ${o} ${n} ${p}`) },
  { weight: 2, arbitrary: fc.tuple(task, task).map(([t, c]) => `p${t} fork p${c}`) },
  { weight: 1, arbitrary: fc.tuple(task, fc.integer({ min: 1, max: 40 })).map(([t, n]) => `p${t} brk +${n}`) },
  { weight: 1, arbitrary: task.map((t) => `p${t} exit`) },
); // prettier-ignore

/** A machine after some commands, several of them in one step. */
const script = fc.record({
  ram: fc.integer({ min: 64, max: 1400 }),
  /** How many commands make a step. */
  group: fc.integer({ min: 1, max: 6 }),
  lines: fc.array(command, { minLength: 1, maxLength: 24 }),
  width: fc.integer({ min: 936, max: 3816 }),
  height: fc.integer({ min: 220, max: 1700 }),
  firstColumn: fc.integer({ min: 0, max: 9 }),
});

interface Drawn {
  readonly list: DrawList;
  readonly plan: StagePlan;
  readonly total: number;
}

/** The picture after each command, with the plan that has seen them all. */
function* drawings({
  ram,
  lines,
  group,
  width,
  height,
  firstColumn,
}: typeof script extends fc.Arbitrary<infer T> ? T : never): Generator<Drawn> {
  const { host, plan: start } = openHost({
    name: 'random',
    text: `format: faultline/1\ntitle: R\nmachine: { ram: ${ram}, overcommit: 1 }\nchapters:\n  - title: R\n    steps:\n      - do: [ p0 state ]\n`,
  });
  let plan = start;
  for (const line of ['p0 mmap A 60 rw', 'p0 mmap B 40 rw shared anon', 'p0 brk +20']) host.answer('type', [line]);
  for (let at = 0; at < lines.length; at += group) {
    for (const line of lines.slice(at, at + group)) host.answer('type', [line]);
    const { snapshot } = host.answer('seek', [host.answer('typedSteps', []).length]);
    plan = extendPlan(plan, snapshot);
    const list = buildStage(snapshot, { plan, width, height, selection: null, lit: null, firstColumn });
    yield { list, plan, total: snapshot.frames.total };
  }
}

describe('whatever is typed, at any size of the window', () => {
  test('nothing lies on anything else or outside of its panel', () => {
    fc.assert(
      fc.property(script, (given) => {
        for (const { list, total } of drawings(given)) {
          expect(misplaced(list)).toEqual([]);
          const board = mosaicBox(list, total);
          if (board !== null) {
            expect(list.items.some((item) => item.type === 'panel' && within(board, item))).toBe(true);
          }
          expect(list.width).toBe(given.width);
          expect(list.height).toBeGreaterThanOrEqual(given.height);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('a click on the middle of a cell finds that cell', () => {
    fc.assert(
      fc.property(script, (given) => {
        for (const { list, total } of drawings(given)) {
          for (const cell of selectableCells(list)) {
            expect(hitTest(list, cell.x + cell.w / 2, cell.y + cell.h / 2, total)).toEqual(cell.target);
          }
        }
      }),
      { numRuns: 15 },
    );
  });

  test('the arrow keys reach every cell of a column from its first', () => {
    fc.assert(
      fc.property(script, (given) => {
        for (const { list } of drawings({ ...given, lines: given.lines.slice(0, 6) })) {
          const cells = selectableCells(list);
          for (const cell of cells.slice(0, 40)) {
            for (const direction of ['left', 'right', 'up', 'down'] as const) {
              const to = neighbour(list, cell, direction);
              if (to !== null) expect(liesTo(direction, cell, to)).toBe(true);
            }
          }
        }
      }),
      { numRuns: 10 },
    );
  });
});

type Place = { readonly x: number; readonly y: number; readonly w: number; readonly h: number };

function liesTo(direction: Direction, from: Place, to: Place): boolean {
  const dx = to.x + to.w / 2 - from.x - from.w / 2;
  const dy = to.y + to.h / 2 - from.y - from.h / 2;
  return { left: dx < 0, right: dx > 0, up: dy < 0, down: dy > 0 }[direction];
}

describe('the hit test', () => {
  const { host, plan } = openHost({
    name: 'two',
    text: 'format: faultline/1\ntitle: T\nmachine: { ram: 64 }\nchapters:\n  - title: T\n    steps:\n      - do: [ p0 mmap A 8 rw, p0 touch_w A 0 3 1, p0 fork p1 ]\n',
  });
  const { snapshot } = host.answer('next', []);
  const list = buildStage(snapshot, { plan, width: 1896, height: 640, selection: null, lit: null, firstColumn: 0 });

  test('finds the area beside its cells, and nothing on bare ground or on the legend', () => {
    const area = list.items.find((item) => item.type === 'panel' && item.target?.kind === 'vma')!;
    const band = area as Extract<typeof area, { type: 'panel' }>;
    expect(hitTest(list, band.x + 2, band.y + 2, 64)).toEqual(band.target);
    expect(hitTest(list, -5, -5, 64)).toBeNull();
    const sample = list.items.filter(isCell).find(({ target }) => target.kind === 'frame' && target.frame < 0)!;
    expect(hitTest(list, sample.x + sample.w / 2, sample.y + sample.h / 2, 64)).toBeNull();
  });

  test('an arrow to the right walks a row of pages, and on to the next column or the board', () => {
    const [first, second] = snapshot.tasks[0]!.vmas.find(({ view }) => view.region === 'A')!.runs;
    const cell = selectableCells(list).find(({ target }) => target.kind === 'page' && target.page === first!.page)!;
    expect(neighbour(list, cell, 'right')?.target).toEqual({ kind: 'page', pid: 0, page: second!.page });
    let at = cell;
    const kinds = new Set<string>();
    for (let i = 0; i < 100; i++) {
      const to = neighbour(list, at, 'right');
      if (to === null) break;
      at = to;
      kinds.add(at.target.kind === 'page' ? `p${at.target.pid}` : 'board');
    }
    expect([...kinds]).toEqual(['p0', 'p1', 'board']);
  });

  test('nothing lies beyond the cells at the edges', () => {
    const cells = [...selectableCells(list)].sort((a, b) => a.x - b.x || a.y - b.y);
    expect(neighbour(list, cells.at(-1)!, 'right')).toBeNull();
    expect(neighbour(list, cells[0]!, 'left')).toBeNull();
  });

  test('in a mosaic finds the frame under the point', () => {
    const mosaic = { x: 10, y: 20, w: 100, h: 50, cell: 4, columns: 20 };
    const board: DrawList = {
      width: 200,
      height: 100,
      items: [],
      mosaic,
      hiddenSlots: 0,
      boards: { x: 0, y: 0, w: 0, h: 0 },
    };
    expect(hitTest(board, 10, 20, 190)).toEqual({ kind: 'frame', frame: 0 });
    expect(hitTest(board, 109.9, 24.9, 190)).toEqual({ kind: 'frame', frame: 19 });
    expect(hitTest(board, 12, 26, 190)).toEqual({ kind: 'frame', frame: 20 });
    expect(hitTest(board, 60, 66, 190)).toBeNull();
    expect(hitTest(board, 9, 20, 190)).toBeNull();
  });
});

describe('sizes', () => {
  const plan: StagePlan = {
    tasks: [0, 1],
    columns: [[0], [1]],
    slots: ['stack', 'A', 'heap'].map((name, i) => ({ name, page: 100 - i, cells: 8 })),
    swapSlots: 0,
    totalFrames: 64,
  };

  test('grow with the window and never leave a column too low for what is planned', () => {
    let before = 0;
    for (const [width, height] of [[936, 236], [1256, 356], [1896, 640], [3816, 1560]] as const) {
      const m = chooseMetrics(plan, width, height);
      expect(m.cell).toBeGreaterThanOrEqual(before);
      expect(columnHeight(m, plan)).toBeLessThanOrEqual(height);
      before = m.cell;
    }
  }); // prettier-ignore

  test('what does not fit is drawn small, and the stage scrolls', () => {
    const crowded = { ...plan, slots: Array.from({ length: 40 }, (_, i) => ({ name: `R${i}`, page: i, cells: 30 })) };
    const m = chooseMetrics(crowded, 1256, 356);
    expect(m.compact).toBe(true);
    expect(columnHeight(m, crowded)).toBeGreaterThan(356);
  });

  test('a band is high enough for its rows', () => {
    const m = chooseMetrics(plan, 1256, 356);
    const perRow = cellsPerRow(m);
    const rows = (cells: number): number =>
      (bandHeight(m, cells) - m.bandHead - 2 * m.bandPad + m.cellGap) / (m.cell + m.cellGap);
    expect(rows(1)).toBeGreaterThanOrEqual(1);
    expect(rows(perRow * 3)).toBeGreaterThanOrEqual(3);
  });

  test('a board has room for every frame inside of its room', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 64, max: 1_048_576 }),
        fc.integer({ min: 100, max: 2400 }),
        fc.integer({ min: 40, max: 1600 }),
        fc.double({ min: 0.78, max: 3, noNaN: true }),
        (frames, w, h, scale) => {
          const grid = gridFor(frames, { w, h }, scale);
          if (grid.cell === 0) return;
          const rows = Math.ceil(frames / grid.columns);
          expect(grid.columns * (grid.cellWidth + grid.gap) - grid.gap).toBeLessThanOrEqual(w);
          expect(rows * (grid.cell + grid.gap) - grid.gap).toBeLessThanOrEqual(h);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('of the whole machine at its largest are found in a moment', () => {
    const start = performance.now();
    for (let i = 0; i < 20; i++) gridFor(1_048_576, { w: 1700, h: 1400 }, 1);
    expect(performance.now() - start).toBeLessThan(500);
  });
});

describe('a plan', () => {
  test('only ever grows', () => {
    fc.assert(
      fc.property(script, (given) => {
        let before: StagePlan | null = null;
        for (const { plan } of drawings(given)) {
          for (const slot of before?.slots ?? []) {
            const now = plan.slots.find(({ name }) => name === slot.name)!;
            expect(now.page).toBe(slot.page);
            expect(now.cells).toBeGreaterThanOrEqual(slot.cells);
          }
          for (const pid of before?.tasks ?? []) expect(plan.tasks).toContain(pid);
          before = plan;
        }
      }),
      { numRuns: 20 },
    );
  });

  test('counts a hole page by page while it is short', () => {
    expect([1, 8, 9, 1000].map(holeCells)).toEqual([1, 8, 3, 3]);
  });
});

test('owner bits are read as task numbers, the last bit too', () => {
  expect(ownersFromBits(0)).toEqual([]);
  expect(ownersFromBits(0b101)).toEqual([0, 2]);
  expect(ownersFromBits(0x80000001)).toEqual([0, 31]);
});
