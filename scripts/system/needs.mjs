/** What a Linux system must have before the app can run, and getting it. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Failure } from '../lib/say.mjs';
import { isRoot } from '../lib/user.mjs';
import { aptInstall, isDebianFamily, packageNames } from './apt.mjs';
import { hasFont } from './fonts.mjs';
import { missingLibraries, packagesOf } from './libraries.mjs';

/** The first executable of this name in PATH, or null. */
export function findProgram(name, searchPath = process.env.PATH ?? '') {
  const files = searchPath.split(path.delimiter).map((folder) => path.join(folder, name));
  return files.find((file) => existsSync(file)) ?? null;
}

/**
 * What is missing, as `{what, packages}`: the thing's own name and Debian's alternatives for it.
 * @param {{display: boolean}} options display: false when an own X server must be started
 */
export async function missingNeeds(executable, { display }) {
  const needs = (await missingLibraries(executable)).map((what) => ({ what, packages: packagesOf(what) }));
  if (!display && findProgram('Xvfb') === null) needs.push({ what: 'Xvfb', packages: ['xvfb'] });
  if (!hasFont()) needs.push({ what: 'a font', packages: ['fonts-dejavu-core'] });
  return needs;
}

/** Sees to it that everything is there, or throws a Failure that holds the one command to run. */
export async function ensureSystem(executable, options) {
  if (process.platform !== 'linux') return;
  const missing = await missingNeeds(executable, options);
  if (missing.length === 0) return;
  const what = missing.map((need) => need.what).join(', ');
  const alternatives = missing.flatMap((need) => (need.packages ? [need.packages] : []));
  if (!isDebianFamily()) throw new Failure(adviceElsewhere(missing));
  if (!isRoot()) {
    const names = (await packageNames(alternatives)).join(' ');
    throw new Failure(`missing: ${what}; run: sudo apt-get update && sudo apt-get install -y ${names}`);
  }
  await aptInstall(alternatives);
  const still = await missingNeeds(executable, options);
  if (still.length > 0)
    throw new Failure(`still missing after apt-get install: ${still.map((need) => need.what).join(', ')}`);
}

/** Fedora's dnf installs by a library's name; elsewhere the names must do. */
export function adviceElsewhere(missing, hasDnf = findProgram('dnf') !== null) {
  const what = missing.map((need) => need.what).join(', ');
  if (!hasDnf) return `missing: ${what}; install them with your system's package manager`;
  const other = { Xvfb: 'xorg-x11-server-Xvfb', 'a font': 'dejavu-sans-fonts' };
  const names = missing.map((need) => other[need.what] ?? `'${need.what}()(64bit)'`);
  return `missing: ${what}; run: sudo dnf install -y ${names.join(' ')}`;
}
