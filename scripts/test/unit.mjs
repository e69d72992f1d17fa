/** Vitest: unit, property and model tests. */
import { rm } from 'node:fs/promises';
import { inRoot } from '../lib/root.mjs';
import { countSuite, countVitest } from './counts.mjs';
import { runTool } from './tool.mjs';

/** @returns {Promise<import('./counts.mjs').Counts>} */
export async function runUnit(args, until) {
  const results = inRoot('out', 'results', 'unit.json');
  await rm(results, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
  const status = await runTool('vitest', 'vitest', ['run', ...reporters, ...args], { until });
  return countSuite(results, status, countVitest);
}
