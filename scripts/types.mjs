/** `npm run types`: TypeScript and Svelte components. */
import { TYPES } from './checks/tools.mjs';
import { runScript } from './lib/say.mjs';
import { runChecks } from './test/checks.mjs';

await runScript(async () => ((await runChecks(TYPES)).failed > 0 ? 1 : 0));
