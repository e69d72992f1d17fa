/**
 * Branches of the memory management that the engine's tests go through: `npm run coverage`. Fails below LEAST_BRANCHES.
 * Other folders: `npm run coverage -- engine/malloc`. No part of `npm test`: measuring takes its time.
 */
import { runScript, say } from './lib/say.mjs';
import { runTool } from './test/tool.mjs';

/** Percent. */
const LEAST_BRANCHES = 95;
/** Tests that reach memory management through its own door or through `step`. */
const TESTS = ['engine/mm', 'engine/proc', 'engine/kernel', 'engine/testing'];

await runScript(async () => {
  const folder = process.argv[2] ?? 'engine/mm';
  if (!/^engine(\/[\w-]+)*$/.test(folder)) {
    say(`${folder} is no folder of the engine; write engine/mm`);
    return 2;
  }
  const tests = TESTS.includes(folder) ? TESTS : [...TESTS, folder];
  const coverage = {
    provider: 'v8',
    include: `${folder}/**/*.ts`,
    exclude: '**/{*.test.ts,testing/**}',
    reporter: 'text',
    reportsDirectory: 'out/coverage',
    'thresholds.branches': LEAST_BRANCHES,
  };
  const options = Object.entries(coverage).map(([name, value]) => `--coverage.${name}=${value}`);
  return runTool('vitest', 'vitest', ['run', ...tests, '--reporter=dot', '--coverage', ...options]);
});
