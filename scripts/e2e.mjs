/** `npm run e2e [-- PLAYWRIGHT ARGUMENTS]`: the window tests alone. */
import { firstLine, runScript, say } from './lib/say.mjs';
import { closingLine, single } from './test/counts.mjs';
import { runE2e } from './test/e2e.mjs';

/** Repeating every test many times is a use of this; only a hang should end it. */
const LIMIT_MS = 60 * 60 * 1000;

await runScript(async () => {
  const counts = await runE2e(process.argv.slice(2), performance.now() + LIMIT_MS).catch((error) => {
    say(firstLine(error));
    return single(false);
  });
  const nothing = counts.passed + counts.failed === 0;
  if (nothing) say('no test matches');
  console.log(closingLine(counts));
  return counts.failed > 0 || nothing ? 1 : 0;
});
