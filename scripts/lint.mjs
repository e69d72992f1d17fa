/** `npm run lint`: oxlint, ESLint, and whether Prettier would change anything. */
import { LINT } from './checks/tools.mjs';
import { runScript } from './lib/say.mjs';
import { runChecks } from './test/checks.mjs';

await runScript(async () => ((await runChecks(LINT)).failed > 0 ? 1 : 0));
