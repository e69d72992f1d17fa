/** `npm run build [-- NAME…]`: builds what is stale of main, preload, renderer and cli, or what is named. */
import { buildStale } from './build/build.mjs';
import { PRODUCT, TARGETS } from './build/targets.mjs';
import { Failure, runScript, say } from './lib/say.mjs';

await runScript(async () => {
  const names = process.argv.slice(2);
  const unknown = names.find((name) => !(name in TARGETS));
  if (unknown) throw new Failure(`there is no bundle "${unknown}"; choose from: ${Object.keys(TARGETS).join(', ')}`);
  await buildStale(names.length > 0 ? names : PRODUCT, say);
});
