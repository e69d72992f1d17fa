import { expect, test } from 'vitest';
import { nextZoom } from './zoom.ts';

test.each([
  [1, 1, 1.1],
  [1.1, -1, 1],
  [1.1, 1, 1.2],
  [1.25, 1, 1.4],
  [3, 1, 3],
  [0.5, -1, 0.5],
  [2.7, 0, 1],
] as const)('%d by %d is %d', (zoom, direction, next) => {
  expect(nextZoom(zoom, direction)).toBe(next);
});
