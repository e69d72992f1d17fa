/**
 * Random scripts against the invariants and the reference model.
 * `npm run fuzz -- --seeds A-B` runs these seeds; `npm run fuzz -- --commands N [--from SEED] [--jobs J]` goes on from a
 * seed until so many commands were checked, in J processes.
 */
import { buildStale } from './build/build.mjs';
import { soakIn } from './fuzz/soak.mjs';
import { Failure, runScript, say } from './lib/say.mjs';
import { runTool } from './test/tool.mjs';

const option = (name, otherwise) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : (process.argv[at + 1] ?? '');
};

/** A whole number of at least `least`. */
function number(name, otherwise, least) {
  const text = option(name, otherwise);
  if (!/^\d+$/.test(text) || Number(text) < least) throw new Failure(`${name} wants a number of at least ${least}`);
  return Number(text);
}

await runScript(async () => {
  if (option('--commands', null) !== null) {
    const work = {
      commands: number('--commands', '', 1),
      from: number('--from', '1', 0),
      jobs: number('--jobs', '1', 1),
    };
    await buildStale(['fuzz'], say);
    return soakIn(work);
  }
  const seeds = option('--seeds', '1-200');
  if (!/^\d+-\d+$/.test(seeds)) {
    say('--seeds wants a range such as 1-200');
    return 2;
  }
  process.env.FAULTLINE_SEEDS = seeds;
  return runTool('vitest', 'vitest', ['run', 'engine/testing/fuzz.test.ts']);
});
