/**
 * Random scripts against the invariants and the reference model.
 * `npm run fuzz -- --seeds A-B` runs these seeds; `npm run fuzz -- --commands N [--from SEED]` goes on from a seed until
 * so many commands were checked.
 */
import { runScript, say } from './lib/say.mjs';
import { runTool } from './test/tool.mjs';

const option = (name) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? null : (process.argv[at + 1] ?? '');
};

await runScript(async () => {
  const commands = option('--commands');
  if (commands !== null) {
    const from = option('--from') ?? '1';
    if (!/^\d+$/.test(commands) || !/^\d+$/.test(from)) {
      say('--commands wants a number such as 10000000, --from a seed');
      return 2;
    }
    process.env.FAULTLINE_COMMANDS = commands;
    process.env.FAULTLINE_FROM = from;
    return runTool('vitest', 'vitest', ['run', 'engine/testing/soak.test.ts']);
  }
  const seeds = option('--seeds') ?? '1-200';
  if (!/^\d+-\d+$/.test(seeds)) {
    say('--seeds wants a range such as 1-200');
    return 2;
  }
  process.env.FAULTLINE_SEEDS = seeds;
  return runTool('vitest', 'vitest', ['run', 'engine/testing/fuzz.test.ts']);
});
