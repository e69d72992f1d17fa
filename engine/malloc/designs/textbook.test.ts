import { describe, expect, test } from 'vitest';
import { compareDesigns, type DesignName, type Request } from './index.ts';

const K = 1024;
/** Kept between the holes, so that none of them join. */
const WALL = 2000;

/**
 * A heap with holes of these sizes in KiB and nothing else free, then requests.
 * @returns by design, the size of the hole each request was cut from; null where it was refused
 */
function holesTaken(holes: readonly number[], requests: readonly number[]): Record<string, unknown> {
  const list: Request[] = holes.flatMap((size, i) => [
    { op: 'malloc', name: `hole${i}`, bytes: size * K },
    { op: 'malloc', name: `wall${i}`, bytes: WALL },
  ]);
  const capacity = holes.reduce((sum, size) => sum + size * K + WALL + 64, 620 * K);
  // What is left behind the last wall is filled up.
  for (let size = 512 * K; size >= 16; size /= 2) list.push(...['x', 'y'].map((n) => filler(`${n}${size}`, size)));
  holes.forEach((_, i) => list.push({ op: 'free', name: `hole${i}` }));
  requests.forEach((size, i) => list.push({ op: 'malloc', name: `request${i}`, bytes: size * K }));
  const results = compareDesigns(list, ['first', 'best', 'worst', 'next'], capacity);
  return Object.fromEntries(
    results.map(({ design, places }) => {
      const starts = holes.map((_, i) => places.get(`hole${i}`)!);
      const taken = requests.map((_, i) => {
        const place = places.get(`request${i}`)!;
        return place < 0 ? null : holes[starts.findLastIndex((start) => start <= place)];
      });
      return [design, taken];
    }),
  );
}
const filler = (name: string, bytes: number): Request => ({ op: 'malloc', name, bytes });

describe('C6 sequences of the textbooks', () => {
  test('holes of 10, 4, 20, 18, 7, 9, 12 and 15 KB, requests of 12, 10 and 9 (Tanenbaum, Modern Operating Systems 3)', () => {
    expect(holesTaken([10, 4, 20, 18, 7, 9, 12, 15], [12, 10, 9])).toEqual({
      first: [20, 10, 18],
      best: [12, 10, 9],
      worst: [20, 18, 15],
      next: [20, 18, 9],
    });
  });

  test('holes of 100, 500, 200, 300 and 600 KB, requests of 212, 417, 112 and 426 (Silberschatz, Operating System Concepts 9)', () => {
    expect(holesTaken([100, 500, 200, 300, 600], [212, 417, 112, 426])).toMatchObject({
      first: [500, 600, 500, null],
      best: [300, 500, 200, 600],
      worst: [600, 500, 600, null],
    });
  });

  test('areas of 1300 and 1200, requests of 1000, 1100 and 250: best fit is stuck, first fit is not (Knuth 2.5)', () => {
    const taken = holesTaken([1300, 1200], [1000, 1100, 250]);
    expect(taken).toMatchObject({ first: [1300, 1200, 1300], best: [1200, 1300, null] });
  });
});

test('C10 a request fails in spite of enough free memory', () => {
  const requests: Request[] = Array.from({ length: 60 }, (_, i) => ({ op: 'malloc', name: `b${i}`, bytes: 1000 }));
  for (let i = 0; i < 60; i += 2) requests.push({ op: 'free', name: `b${i}` });
  requests.push({ op: 'malloc', name: 'large', bytes: 16_000 });
  for (const { design, places, figures } of compareDesigns(requests, WITHOUT_ROUNDING, 64 * K)) {
    expect([design, places.get('large'), figures.refused]).toEqual([design, -1, 1]);
    expect(figures.free).toBeGreaterThan(16_000 + 10_000);
    expect(figures.largestFree).toBeLessThan(16_000);
    expect(figures.external).toBeGreaterThan(0.4);
  }
});
const WITHOUT_ROUNDING: readonly DesignName[] = ['first', 'best', 'worst', 'next', 'bitmap'];

test('C9 13 bytes asked: what each design gives for them', () => {
  const results = compareDesigns([{ op: 'malloc', name: 'a', bytes: 13 }]);
  const given = Object.fromEntries(results.map(({ design, figures }) => [design, figures.inUse]));
  expect(given).toEqual({ glibc: 32, first: 32, best: 32, worst: 32, next: 32, bitmap: 16, buddy: 32 });
});

test('C11 powers of two waste up to half: 33 KB in blocks of 64, glibc rounds to 16 bytes', () => {
  const requests: Request[] = Array.from({ length: 8 }, (_, i) => ({ op: 'malloc', name: `b${i}`, bytes: 33 * K }));
  const [glibc, buddy] = compareDesigns(requests, ['glibc', 'buddy']);
  expect(buddy!.figures.internal).toBeCloseTo(1 - 33 / 64, 5);
  expect(glibc!.figures.internal).toBeLessThan(0.001);
});
