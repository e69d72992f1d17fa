/** The Electron that this run uses: the one entry for everything that starts the app. */
import { say } from '../lib/say.mjs';
import { cacheFolder } from './cache-folder.mjs';
import { askedRuntime, chooseRuntime } from './choose.mjs';
import { failedLately, noteFailure } from './failure-note.mjs';
import { FALLBACK_VERSION, fallbackFits, installedFallback, makeFallback } from './fallback.mjs';
import { downloadProblem, fetchRelease, installedRelease, releaseVersion } from './release.mjs';

/**
 * Finds or makes the runtime and says in one line which it is.
 * @returns {Promise<{kind: 'release'|'fallback', version: string, executable: string, label: string}>}
 */
export async function resolveRuntime() {
  const cache = cacheFolder();
  const version = releaseVersion();
  const { kind, executable, why } = await chooseRuntime(askedRuntime(), {
    installedRelease: () => installedRelease(cache),
    fetchRelease: () => fetchRelease(cache),
    fallbackFits: fallbackFits(),
    installedFallback: () => installedFallback(cache),
    makeFallback: () => makeFallback(cache),
    failedLately: () => failedLately(cache, version),
    noteFailure: (problem) => noteFailure(cache, version, problem),
    problemOf: downloadProblem,
  });
  const used = kind === 'release' ? version : FALLBACK_VERSION;
  const label = `Electron ${used} (${kind}${why ? `; ${why}` : ''})`;
  say(`runtime: ${label}`);
  return { kind, version: used, executable, label };
}
