/**
 * npm's `prepare`: builds the command line, so that `npx faultline` works right after `npm install`. It never fails
 * the installation: the command builds itself at its first use where this could not.
 */
import { buildStale } from './build/build.mjs';
import { firstLine, say } from './lib/say.mjs';

try {
  await buildStale(['cli'], say);
} catch (error) {
  say(`the command line is not built yet (${firstLine(error)}); it is built when it is first used`);
}
