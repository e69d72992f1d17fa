/**
 * `npm test`: types, linters, unit tests, window tests. A part that fails does not stop the next, so that one run
 * tells everything. The last line is the sum.
 */
import { LINT, TYPES } from './checks/tools.mjs';
import { firstLine, runScript, say } from './lib/say.mjs';
import { runChecks } from './test/checks.mjs';
import { add, closingLine, NOTHING, single } from './test/counts.mjs';
import { runE2e } from './test/e2e.mjs';
import { runUnit } from './test/unit.mjs';

/**
 * A part that hangs is ended after its own limit, which is about twice what it takes on two quiet cores, and all of them
 * after LIMIT: it then counts as failed. `run` is given the moment, on the clock of performance.now().
 */
const MINUTE = 60_000;
const LIMIT = 24 * MINUTE;
const PARTS = [
  { title: 'types', minutes: 3, run: (until) => runChecks(TYPES, until) },
  { title: 'lint', minutes: 4, run: (until) => runChecks(LINT, until) },
  { title: 'unit tests', minutes: 10, run: (until) => runUnit([], until) },
  { title: 'window tests', minutes: 14, run: (until) => runE2e([], until) },
];

await runScript(async () => {
  const end = performance.now() + LIMIT;
  let total = NOTHING;
  const summary = [];
  for (const { title, minutes, run } of PARTS) {
    console.log(`\n── ${title} ──`);
    const start = performance.now();
    const counts = await run(Math.min(start + minutes * MINUTE, end)).catch((error) => {
      say(firstLine(error));
      return single(false);
    });
    total = add(total, counts);
    summary.push(`${title}: ${closingLine(counts)} (${((performance.now() - start) / 1000).toFixed(0)} s)`);
  }
  console.log('');
  for (const line of summary) say(line);
  console.log(closingLine(total));
  return total.failed > 0 ? 1 : 0;
});
