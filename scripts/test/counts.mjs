/** Counting tests from the result files of Vitest and Playwright. */
import { existsSync, readFileSync } from 'node:fs';

/** @typedef {{passed: number, failed: number}} Counts */

export const NOTHING = { passed: 0, failed: 0 };

/** @returns {Counts} */
export function add(...counts) {
  return counts.reduce(
    (sum, { passed, failed }) => ({ passed: sum.passed + passed, failed: sum.failed + failed }),
    NOTHING,
  );
}

/** One check that held or did not. */
export function single(held) {
  return held ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/**
 * Vitest's JSON: a file that could not even be loaded has no tests in it and counts as one failure.
 * @returns {Counts}
 */
export function countVitest({ testResults }) {
  return add(
    ...testResults.map(({ status, assertionResults }) => {
      const passed = assertionResults.filter((test) => test.status === 'passed').length;
      const failed = assertionResults.filter((test) => test.status === 'failed').length;
      return { passed, failed: status === 'failed' ? Math.max(failed, 1) : failed };
    }),
  );
}

/**
 * Playwright's JSON. A test that held only on a second try counts as failed; errors outside tests count too.
 * @returns {Counts}
 */
export function countPlaywright({ stats, errors }) {
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length };
}

/**
 * What a suite did, from its result file and exit status. A suite that ended with an error although no test failed,
 * or that left no readable results, counts as one failure: it crashed, or ran into its time limit.
 * @returns {Counts}
 */
export function countSuite(file, status, count) {
  let counts = NOTHING;
  try {
    if (existsSync(file)) counts = count(JSON.parse(readFileSync(file, 'utf8')));
    else return single(false);
  } catch {
    return single(false);
  }
  return status !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/** The last line of a test run. */
export function closingLine({ passed, failed }) {
  return `${passed} passed, ${failed} failed`;
}
