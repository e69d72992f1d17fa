/**
 * Tests with Chromium's real sandbox where root runs the tests: as `nobody`, from a readable copy in a temporary
 * folder, because the checkout and the cached runtime may lie where only root can look.
 */
import { chmod, chown, copyFile, cp, link, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inRoot } from '../lib/root.mjs';
import { stream } from '../lib/run.mjs';
import { allowsUserNamespaces } from '../system/sandbox.mjs';

const NOBODY = 65534;
export const AS_NOBODY = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];

/** What the app and its security tests need of the project. */
const PARTS = [
  'package.json',
  'playwright.config.ts',
  'tsconfig.json',
  'e2e',
  'scenarios',
  'engine/protocol',
  'scripts/app/hold-until-attached.cjs',
];
const BUNDLES = ['out/main', 'out/preload', 'out/renderer'];
const PACKAGES = ['@playwright/test', '@axe-core/playwright'];

/** True when `nobody` may make the user namespaces that the sandbox is made of. Some containers forbid it. */
export function canRunAsNobody() {
  return allowsUserNamespaces(AS_NOBODY);
}

/**
 * Runs Playwright as nobody.
 * @param {{runtime: object, env: object}} prepared from prepareApp
 * @param {string[]} args Playwright's arguments
 * @param {{results: string, until: number}} options results: where its JSON results are put
 * @returns {Promise<number>} exit status
 */
export async function runAsNobody(prepared, args, { results, until }) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'faultline-nobody-'));
  try {
    await chmod(folder, 0o755);
    const copy = path.join(folder, 'lab');
    const home = path.join(folder, 'home');
    await copyProject(copy);
    await linkTree(path.dirname(prepared.runtime.executable), path.join(folder, 'runtime'));
    for (const own of [home, path.join(home, 'tmp'), path.join(home, 'out'), path.join(home, 'run')]) {
      await mkdir(own, { mode: 0o700 });
      await chown(own, NOBODY, NOBODY);
    }
    const env = {
      PATH: process.env.PATH,
      LANG: process.env.LANG ?? 'C.UTF-8',
      CI: process.env.CI ?? '',
      DISPLAY: prepared.env.DISPLAY,
      HOME: home,
      TMPDIR: path.join(home, 'tmp'),
      XDG_RUNTIME_DIR: path.join(home, 'run'),
      FAULTLINE_OUT: path.join(home, 'out'),
      FAULTLINE_RESULTS: path.join(home, 'out', 'results.json'),
      FAULTLINE_ELECTRON: path.join(folder, 'runtime', path.basename(prepared.runtime.executable)),
      FAULTLINE_SWITCHES: JSON.stringify(prepared.switches.filter((name) => name !== '--no-sandbox')),
    };
    const playwright = path.join(copy, 'node_modules', '@playwright', 'test', 'cli.js');
    const [command, ...first] = AS_NOBODY;
    const options = { cwd: copy, env, until };
    const status = await stream(command, [...first, process.execPath, playwright, ...args], options);
    await fetchBack(path.join(home, 'out'), results);
    return status;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function copyProject(copy) {
  for (const part of [...PARTS, ...BUNDLES]) {
    if (existsSync(inRoot(part))) await cp(inRoot(part), path.join(copy, part), { recursive: true });
  }
  for (const name of withDependencies(PACKAGES)) {
    const part = path.join('node_modules', name);
    await cp(inRoot(part), path.join(copy, part), { recursive: true, dereference: true });
  }
}

/** Packages and, in turn, what they depend on, as far as it is installed at the top of node_modules. */
export function withDependencies(names) {
  const all = new Set();
  const visit = (name) => {
    const file = inRoot('node_modules', name, 'package.json');
    if (all.has(name) || !existsSync(file)) return;
    all.add(name);
    const { dependencies = {}, peerDependencies = {} } = JSON.parse(readFileSync(file, 'utf8'));
    for (const needed of Object.keys({ ...dependencies, ...peerDependencies })) visit(needed);
  };
  for (const name of names) visit(name);
  return [...all];
}

/** A copy of a folder that takes no room where the disk is the same: 260 MB of runtime. */
async function linkTree(from, to) {
  await mkdir(to, { recursive: true, mode: 0o755 });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = path.join(from, entry.name);
    const target = path.join(to, entry.name);
    if (entry.isDirectory()) await linkTree(source, target);
    else await link(source, target).catch(() => copyFile(source, target));
  }
}

/** Results and screenshots come back to the project. */
async function fetchBack(out, results) {
  const made = path.join(out, 'results.json');
  if (existsSync(made)) await cp(made, results);
  const pictures = path.join(out, 'screenshots');
  if (existsSync(pictures)) await cp(pictures, inRoot('out', 'screenshots'), { recursive: true });
}
