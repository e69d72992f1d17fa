/** `npm run fuzz -- --seeds A-B`: random scripts against the invariants and the reference model. */
import { runScript, say } from './lib/say.mjs';
import { runTool } from './test/tool.mjs';

await runScript(async () => {
  const at = process.argv.indexOf('--seeds');
  const seeds = at < 0 ? '1-200' : (process.argv[at + 1] ?? '');
  if (!/^\d+-\d+$/.test(seeds)) {
    say('--seeds wants a range such as 1-200');
    return 2;
  }
  process.env.FAULTLINE_SEEDS = seeds;
  return runTool('vitest', 'vitest', ['run', 'engine/testing/fuzz.test.ts']);
});
