/**
 * Remembers for a while that the release could not be downloaded, so that a network which swallows packets does not
 * cost its time-out at every start. Only asked when a fallback runtime is at hand.
 */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const VALID_MS = 60 * 60 * 1000;

function noteFile(cache, version) {
  return path.join(cache, `electron-${version}.unreachable`);
}

/** `{problem}` of the last failed download of this version, or null when there is none or it is an hour old. */
export function failedLately(cache, version) {
  const file = noteFile(cache, version);
  try {
    if (Date.now() - statSync(file).mtimeMs > VALID_MS) return null;
    return { problem: readFileSync(file, 'utf8') };
  } catch {
    return null;
  }
}

/** Writes a failed download down. A cache that cannot be written is no reason to stop. */
export function noteFailure(cache, version, problem) {
  try {
    mkdirSync(cache, { recursive: true });
    writeFileSync(noteFile(cache, version), problem);
  } catch {
    // The next run tries the download again.
  }
}
