import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextBelow, seedPrng } from '../base/prng.ts';
import { createPolicy } from './create-policy.ts';
import { PAGE_LIMIT, POLICY_NAMES, type PolicyName } from './policy.ts';
import { fewestFaults, naiveHits } from './testing/naive-policies.ts';

function hitsOf(name: PolicyName, frames: number, seed: number, pages: readonly number[]): boolean[] {
  const policy = createPolicy(name, frames, seed, Float64Array.from(pages));
  return pages.map((page) => policy.access(page));
}

const faultsOf = (name: PolicyName, frames: number, pages: readonly number[]): number =>
  hitsOf(name, frames, 1, pages).filter((hit) => !hit).length;

/** Few pages, so that they come back; where they lie decides how they are looked up. */
const strings = fc
  .record({
    picks: fc.array(fc.nat({ max: 15 }), { maxLength: 120 }),
    base: fc.constantFrom(0, 1_020, 2 ** 22 - 8, 2 ** 31 - 3, 2 ** 47, PAGE_LIMIT - 16 * 4_096),
    stride: fc.constantFrom(1, 3, 4_096),
  })
  .map(({ picks, base, stride }) => picks.map((pick) => base + pick * stride));
const frameCounts = fc.integer({ min: 1, max: 17 });
const seeds = fc.integer({ min: 0, max: 0xffffffff });

/** Most references go to few pages, some anywhere. */
function skewed(seed: number, length: number, pages: number): number[] {
  const chance = seedPrng(seed);
  return Array.from({ length }, () => nextBelow(chance, nextBelow(chance, pages) + 1));
}

const BELADY = [1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5];
const SILBERSCHATZ = [7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1];

describe('textbook strings', () => {
  test.each<[PolicyName, number, readonly number[], number]>([
    // Belady, Nelson and Shedler (1969): FIFO faults more often with four frames than with three, and so does CLOCK
    ['fifo', 3, BELADY, 9],
    ['fifo', 4, BELADY, 10],
    ['clock', 3, BELADY, 9],
    ['clock', 4, BELADY, 10],
    ['lru', 3, BELADY, 10],
    ['lru', 4, BELADY, 8],
    ['opt', 3, BELADY, 7],
    ['opt', 4, BELADY, 6],
    // Silberschatz, Galvin and Gagne, "Operating System Concepts", page replacement
    ['fifo', 3, SILBERSCHATZ, 15],
    ['lru', 3, SILBERSCHATZ, 12],
    ['opt', 3, SILBERSCHATZ, 9],
  ])('%s with %d frames on %j faults %d times', (name, frames, pages, faults) => {
    expect(faultsOf(name, frames, pages)).toBe(faults);
  });
});

const hits = (name: PolicyName, frames: number, pages: readonly number[]): string =>
  hitsOf(name, frames, 1, pages)
    .map((hit) => (hit ? 'h' : '.'))
    .join('');

describe('what tells the policies apart', () => {
  test('fifo lets a page go that was just used', () => {
    expect(hits('fifo', 2, [1, 2, 1, 3, 1])).toBe('..h..');
    expect(hits('lru', 2, [1, 2, 1, 3, 1])).toBe('..h.h');
  });

  test('clock clears all bits when all are set, and replaces where the hand started', () => {
    expect(hits('clock', 3, [1, 2, 3, 4, 2, 3, 1])).toBe('....hh.');
    // 2 has its bit again, so that the hand passes it and takes 3
    expect(hits('clock', 3, [1, 2, 3, 4, 2, 5, 2, 3])).toBe('....h.h.');
  });

  test('lfu keeps what is used often, and of equals the one used last', () => {
    expect(hits('lfu', 2, [1, 1, 2, 3, 1, 2])).toBe('.h..h.');
    expect(hits('lfu', 3, [1, 2, 3, 2, 1, 3, 4, 1, 2])).toBe('...hhh.h.');
  });

  test('lfu forgets the count of a page that goes', () => {
    expect(hits('lfu', 1, [1, 1, 1, 2, 1])).toBe('.hh..');
    // 2 comes back, is touched twice, and goes again; with its old touches it would outlast 1
    expect(hits('lfu', 2, [1, 1, 1, 2, 2, 3, 2, 2, 4, 1])).toBe('.hh.h..h.h');
  });

  test('linux keeps a page of two touches over many of one', () => {
    const scan = Array.from({ length: 40 }, (_, i) => 100 + i);
    const warm = [1, 2, 3, 4, 5, 1, 6, 1, 7, 1, 8, 1];
    expect(hits('linux', 4, [...warm, ...scan.slice(0, 6), 1]).at(-1)).toBe('h');
    expect(hits('lru', 4, [...warm, ...scan.slice(0, 6), 1]).at(-1)).toBe('.');
  });
});

describe.each(POLICY_NAMES)('%s', (name) => {
  test('hits and faults as the naive implementation does, reference by reference', () => {
    fc.assert(
      fc.property(strings, frameCounts, seeds, (pages, frames, seed) => {
        expect(hitsOf(name, frames, seed, pages)).toEqual(naiveHits(name, frames, seed, pages));
      }),
      { numRuns: 300 },
    );
  });

  test('does so on long strings that go back to few pages mostly', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 4, max: 30 }), (seed, frames, count) => {
        const pages = skewed(seed, 400, count);
        expect(hitsOf(name, frames, seed, pages)).toEqual(naiveHits(name, frames, seed, pages));
      }),
      { numRuns: 60 },
    );
  });

  test.each([1, 2])('does so with more frames than it starts with memory for, seed %d', (seed) => {
    const pages = skewed(seed, 4_000, 4_000);
    expect(hitsOf(name, 1_100, seed, pages)).toEqual(naiveHits(name, 1_100, seed, pages));
  });

  test('faults once a page when all of them fit', () => {
    fc.assert(
      fc.property(strings, fc.nat({ max: 3 }), (pages, spare) => {
        const distinct = new Set(pages).size;
        expect(faultsOf(name, Math.max(1, distinct + spare), pages)).toBe(distinct);
      }),
    );
  });

  test('never faults less than opt, and hits a page touched twice in a row', () => {
    fc.assert(
      fc.property(strings, frameCounts, (pages, frames) => {
        expect(faultsOf(name, frames, pages)).toBeGreaterThanOrEqual(faultsOf('opt', frames, pages));
        const doubled = pages.flatMap((page) => [page, page]);
        expect(hitsOf(name, frames, 1, doubled).filter((_, i) => i % 2 === 1)).not.toContain(false);
      }),
    );
  });

  test('does not look at the numbers themselves', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 15 })), frameCounts, (picks, frames) => {
        const far = picks.map((pick) => PAGE_LIMIT - 1 - ((pick * 7) % 16) * 2 ** 40);
        expect(hitsOf(name, frames, 5, far)).toEqual(hitsOf(name, frames, 5, picks));
      }),
    );
  });

  test('takes no memory for frames that no page needs', () => {
    expect(faultsOf(name, 2 ** 51, [1, 2, 1, 2 ** 51])).toBe(3);
  });

  test('refuses a policy without frames', () => {
    expect(() => createPolicy(name, 0, 1, new Float64Array(0))).toThrow('a policy has at least one frame');
  });
});

describe('more frames', () => {
  test.each(['lru', 'opt'] as const)('never make %s fault more often', (name) => {
    fc.assert(
      fc.property(strings, frameCounts, (pages, frames) => {
        expect(faultsOf(name, frames + 1, pages)).toBeLessThanOrEqual(faultsOf(name, frames, pages));
      }),
    );
  });

  test('keep every hit of lru a hit', () => {
    fc.assert(
      fc.property(strings, frameCounts, (pages, frames) => {
        const more = hitsOf('lru', frames + 1, 1, pages);
        expect(hitsOf('lru', frames, 1, pages).filter((hit, i) => hit && !more[i])).toEqual([]);
      }),
    );
  });
});

describe('opt', () => {
  test('reaches the fewest faults that any choice of pages reaches', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 5 }), { maxLength: 24 }), fc.integer({ min: 1, max: 4 }), (pages, frames) => {
        expect(faultsOf('opt', frames, pages)).toBe(pages.length === 0 ? 0 : fewestFaults(frames, pages));
      }),
    );
  });

  test('stops when the references are not the ones announced', () => {
    const policy = createPolicy('opt', 2, 1, Float64Array.of(1, 2));
    policy.access(1);
    expect(() => policy.access(3)).toThrow('the references come as they were announced');
    expect(() => createPolicy('opt', 2, 1, null)).toThrow('opt knows the future');
  });
});

describe('random', () => {
  test('depends on the seed alone', () => {
    const pages = skewed(7, 500, 40);
    expect(hitsOf('random', 8, 3, pages)).toEqual(hitsOf('random', 8, 3, pages));
    expect(hitsOf('random', 8, 3, pages)).not.toEqual(hitsOf('random', 8, 4, pages));
  });
});
