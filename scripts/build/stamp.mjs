/**
 * Whether a bundle is up to date. A stamp is a digest over the path, size and time of every source file: cheaper than
 * reading them (a few milliseconds), and unlike a look at the newest time it notices a file that was removed.
 * Uses Node alone and loads fast, because every start of the command line passes here.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inRoot } from '../lib/root.mjs';
import { TARGETS } from './targets.mjs';

/** Tests are no part of a bundle. */
const IGNORED = /\.(test|spec)\.ts$/;

/** Digest of the state of a bundle's sources. */
export function currentStamp(name) {
  return digestOf(TARGETS[name].sources.map((source) => inRoot(source)));
}

/** Digest of the state of files and of everything below folders. What does not exist counts as nothing. */
export function digestOf(paths) {
  const hash = createHash('sha256');
  for (const file of paths) addTo(hash, file);
  return hash.digest('hex');
}

function addTo(hash, file) {
  const info = statSync(file, { throwIfNoEntry: false });
  if (info === undefined) return;
  if (!info.isDirectory()) {
    if (!IGNORED.test(file)) hash.update(`${file}\0${info.size}\0${info.mtimeMs}\n`);
    return;
  }
  for (const name of readdirSync(file).sort()) addTo(hash, path.join(file, name));
}

function stampFile(name) {
  return inRoot('out', '.stamps', name);
}

/** True when the bundle exists and was made from the sources as they are now. */
export function isUpToDate(name, stamp = currentStamp(name)) {
  const { output, result } = TARGETS[name];
  if (!existsSync(inRoot(output, result))) return false;
  try {
    return readFileSync(stampFile(name), 'utf8') === stamp;
  } catch {
    return false;
  }
}

/** Notes which sources a bundle was made from: the stamp taken before the build, so that an edit during it counts. */
export function writeStamp(name, stamp) {
  mkdirSync(inRoot('out', '.stamps'), { recursive: true });
  writeFileSync(stampFile(name), stamp);
}
