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

/** Wall-clock limits, minutes: a part that hangs is ended and counts as failed. Together below a quarter of an hour. */
const MINUTE = 60_000;
const PARTS = [
  { title: 'types', run: () => runChecks(TYPES, MINUTE) },
  { title: 'lint', run: () => runChecks(LINT, MINUTE) },
  { title: 'unit tests', run: () => runUnit([], 4 * MINUTE) },
  { title: 'window tests', run: () => runE2e([], 3 * MINUTE) },
];

await runScript(async () => {
  let total = NOTHING;
  const summary = [];
  for (const { title, run } of PARTS) {
    console.log(`\n── ${title} ──`);
    const start = performance.now();
    const counts = await run().catch((error) => {
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
