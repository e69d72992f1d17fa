import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { add, closingLine, countPlaywright, countSuite, countVitest, single } from './counts.mjs';

const vitestFile = (status, ...tests) => ({ status, assertionResults: tests.map((test) => ({ status: test })) });

describe('counting tests', () => {
  it('of Vitest: skipped ones count nowhere', () => {
    const testResults = [vitestFile('passed', 'passed', 'passed', 'skipped'), vitestFile('failed', 'failed', 'passed')];
    expect(countVitest({ testResults })).toEqual({ passed: 3, failed: 1 });
  });

  it('of Vitest: a file that could not be loaded is one failure', () => {
    expect(countVitest({ testResults: [vitestFile('failed')] })).toEqual({ passed: 0, failed: 1 });
  });

  it('of Playwright: flaky tests and errors outside tests are failures', () => {
    const stats = { expected: 5, unexpected: 1, flaky: 1, skipped: 2 };
    expect(countPlaywright({ stats, errors: [{}] })).toEqual({ passed: 5, failed: 3 });
  });

  it('adds up to the closing line', () => {
    expect(closingLine(add({ passed: 5, failed: 3 }, single(true), single(false)))).toBe('6 passed, 4 failed');
  });
});

describe('a suite', () => {
  let folder;
  let file;
  const count = (content) => content;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'faultline-counts-'));
    file = path.join(folder, 'results.json');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('that crashed without results is one failure', () => {
    expect(countSuite(file, 1, count)).toEqual({ passed: 0, failed: 1 });
    expect(countSuite(file, 0, count)).toEqual({ passed: 0, failed: 1 });
  });

  it('that left half a file is one failure', () => {
    writeFileSync(file, '{"passed": 3');
    expect(countSuite(file, 0, count)).toEqual({ passed: 0, failed: 1 });
  });

  it('that ended with an error although every test passed has one failure more', () => {
    writeFileSync(file, '{"passed": 3, "failed": 0}');
    expect(countSuite(file, 1, count)).toEqual({ passed: 3, failed: 1 });
    expect(countSuite(file, 0, count)).toEqual({ passed: 3, failed: 0 });
  });
});
