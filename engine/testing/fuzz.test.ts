import { describe, expect, it } from 'vitest';
import { boot, hashState, step } from '../kernel/index.ts';
import { HEAP_RULES, LESSON_RULES, NO_RULES_OFF } from '../mm/test-rules.ts';
import { command } from './fixtures.ts';
import { modelWatch, noWatch, report, runCase, shrink } from './fuzz.ts';
import { fuzzCase } from './fuzz-script.ts';

/** `npm run fuzz -- --seeds A-B` sets these. */
const [first, last] = (process.env.FAULTLINE_SEEDS ?? '1-8').split('-').map(Number) as [number, number];
const seeds = Array.from({ length: last - first + 1 }, (_, i) => first + i);

describe(`random scripts, seeds ${first} to ${last}`, () => {
  it('look to the reference model as they do to the kernel', { timeout: 3_600_000 }, () => {
    for (const seed of seeds) {
      const fuzz = fuzzCase(seed, 'core', 120);
      if (runCase(fuzz, modelWatch) !== null) expect.fail(report(fuzz, modelWatch));
    }
  });

  it('of every operation, on machines that run out of frames, break no invariant', { timeout: 3_600_000 }, () => {
    for (const seed of seeds) {
      const fuzz = fuzzCase(seed, 'all', 150);
      if (runCase(fuzz, noWatch) !== null) expect.fail(report(fuzz, noWatch));
    }
  });

  it('are the same for the same seed', () => {
    expect(fuzzCase(7, 'all', 50)).toEqual(fuzzCase(7, 'all', 50));
    const runs = [0, 1].map(() => {
      const { options, lines } = fuzzCase(3, 'core', 80);
      const k = boot(options);
      for (const line of lines) if (k.tasks.used[0] === 1 && line.startsWith('p0')) step(k, command(line));
      return hashState(k);
    });
    expect(runs[0]).toBe(runs[1]);
  });
});

/** A fault before a copy forgets the translation too, so that this flush shows only in tlb.test.ts's one case. */
const ELSEWHERE: readonly string[] = [...HEAP_RULES, ...LESSON_RULES, 'copyFlushesNothing'];

describe('the reference model, with the invariants,', () => {
  it.each(Object.keys(NO_RULES_OFF).filter((rule) => !ELSEWHERE.includes(rule)))(
    'notices a kernel in which %s',
    (rule) => {
      const noticed = [1, 2, 3, 4, 5, 6].find(
        (seed) => runCase(fuzzCase(seed, 'core', 120), modelWatch, { [rule]: true }) !== null,
      );
      expect(noticed).toBeDefined();
    },
  );
});

describe('a failure', () => {
  it('is shrunk to the commands that matter and printed with its seed', () => {
    const fuzz = fuzzCase(5, 'core', 100);
    const watch = () => (_k: unknown, given: { op: string }) => (given.op === 'fork' ? 'a fork' : null);
    expect(shrink(fuzz, watch).lines).toHaveLength(1);
    expect(report(fuzz, watch)).toMatch(
      /^seed 5: a fork\n# core, 1024 frames, overcommit \d; fails at: p0 fork p1\np0 fork p1$/,
    );
  });
});
