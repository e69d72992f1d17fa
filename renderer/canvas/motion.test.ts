import { expect, test } from 'vitest';
import { CROWD } from '../testing/scenarios.ts';
import { momentAt, PANES, stageOf } from '../testing/walk.ts';
import { isCell } from './draw-list.ts';
import { slidesOf } from './motion.ts';

const WIDE = PANES[2]!;

test('each frame that was copied slides from its place to that of the copy', () => {
  const moment = momentAt(CROWD, 10);
  const list = stageOf(moment, WIDE);
  const [copy] = moment.snapshot.copies;
  const boxOf = (frame: number) =>
    list.items.filter(isCell).find(({ target }) => target.kind === 'frame' && target.frame === frame)!;
  const [slide, ...others] = slidesOf(moment.snapshot, list);
  expect(others).toEqual([]);
  expect(slide).toMatchObject({ pid: 1 });
  expect([slide!.from.x, slide!.from.y]).toEqual([boxOf(copy!.from).x, boxOf(copy!.from).y]);
  expect([slide!.to.x, slide!.to.y]).toEqual([boxOf(copy!.to).x, boxOf(copy!.to).y]);
});

test('nothing else moves: no copy, no slide', () => {
  for (const step of [0, 1, 8, 9, 13, 14]) {
    const moment = momentAt(CROWD, step);
    expect(slidesOf(moment.snapshot, stageOf(moment, WIDE)), `step ${step}`).toEqual([]);
  }
});

test('a crowd of copies does not swarm', () => {
  const moment = momentAt(CROWD, 11);
  expect(moment.snapshot.copies.length).toBeGreaterThan(8);
  expect(slidesOf(moment.snapshot, stageOf(moment, WIDE))).toEqual([]);
});
