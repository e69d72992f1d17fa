/** The decision which runtime a run uses, apart from the downloads themselves. */
import { Failure } from '../lib/say.mjs';

/** What FAULTLINE_RUNTIME asks for: 'release', 'fallback' or, unset, null. */
export function askedRuntime(env = process.env) {
  const asked = env.FAULTLINE_RUNTIME;
  if (asked === undefined || asked === '') return null;
  if (asked === 'release' || asked === 'fallback') return asked;
  throw new Failure(`FAULTLINE_RUNTIME is "${asked}"; set it to release or fallback, or unset it`);
}

/**
 * Chooses a runtime. `sources` does the work:
 * - installedRelease(), installedFallback(): executable or null
 * - fetchRelease(), makeFallback(): executable, or throw
 * - fallbackFits: the fallback runs on this system
 * - failedLately(): why the release could not be fetched a short while ago, or null; noteFailure(why) writes it down
 * @returns {Promise<{kind: 'release'|'fallback', executable: string, why: string|null}>}
 */
export async function chooseRuntime(asked, sources) {
  if (asked === 'fallback') {
    if (!sources.fallbackFits) throw new Failure('the fallback runtime is for Linux x64 only; unset FAULTLINE_RUNTIME');
    return { kind: 'fallback', executable: await fallback(sources), why: 'FAULTLINE_RUNTIME=fallback' };
  }
  const installed = sources.installedRelease();
  if (installed !== null) return { kind: 'release', executable: installed, why: null };

  const late = asked === null && sources.fallbackFits && sources.installedFallback() ? sources.failedLately() : null;
  const why = late ?? (await tryRelease(sources));
  if (why.executable) return { kind: 'release', executable: why.executable, why: null };
  if (asked === 'release' || !sources.fallbackFits) {
    throw new Failure(
      `Electron's release cannot be downloaded (${why.problem}); connect to the internet or set ELECTRON_MIRROR, then run this again`,
    );
  }
  return {
    kind: 'fallback',
    executable: await fallback(sources),
    why: `the release cannot be downloaded: ${why.problem}`,
  };
}

async function tryRelease(sources) {
  try {
    return { executable: await sources.fetchRelease() };
  } catch (error) {
    const problem = sources.problemOf(error);
    sources.noteFailure(problem);
    return { problem };
  }
}

async function fallback(sources) {
  return sources.installedFallback() ?? (await sources.makeFallback());
}
