/**
 * The release runtime: the Electron that package.json names, as its makers publish it. The npm package holds no
 * binary and its own installer needs Node 22.12, so the archive is fetched here, with a client that runs on Node 20,
 * and checked against the SHA-256 in the npm package.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Failure, firstLine, say } from '../lib/say.mjs';
import { makeFolderOnce } from './make-folder-once.mjs';
import { unzip } from './unzip.mjs';

const require = createRequire(import.meta.url);

/**
 * A network that lets nothing through must be noticed within seconds. `response` is the wait for the first byte and
 * `socket` for any later one; the whole download may take as long as it makes progress.
 */
const DOWNLOAD = {
  // Together with ELECTRON_GET_NO_PROGRESS: a failed download otherwise leaves a timer that holds the process for 30 s.
  quiet: true,
  retry: 0,
  timeout: { lookup: 3000, connect: 5000, secureConnect: 5000, response: 15000, socket: 30000 },
};

/** Version of the `electron` devDependency that is installed. */
export function releaseVersion() {
  try {
    return require('electron/package.json').version;
  } catch {
    throw new Failure('the npm package electron is not installed; run: npm install');
  }
}

/** Where the executable stands in an unpacked release. */
export function releaseExecutable(folder, platform = process.platform) {
  if (platform === 'darwin') return path.join(folder, 'Electron.app', 'Contents', 'MacOS', 'Electron');
  return path.join(folder, platform === 'win32' ? 'electron.exe' : 'electron');
}

/** The folder in which this release is, or will be, unpacked. */
function releaseFolder(cache) {
  return path.join(cache, `electron-${releaseVersion()}-${process.platform}-${process.arch}`);
}

/** The release's executable where it needs no download, or null. */
export function installedRelease(cache) {
  const candidates = [releaseFolder(cache)];
  // What Electron's own installer left, on Node 22.12 and later.
  const own = path.join(path.dirname(require.resolve('electron/package.json')), 'dist');
  if (versionOf(own) === releaseVersion()) candidates.push(own);
  return candidates.map((folder) => releaseExecutable(folder)).find((file) => existsSync(file)) ?? null;
}

function versionOf(dist) {
  const file = path.join(dist, 'version');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().replace(/^v/, '') : null;
}

/** Downloads, checks and unpacks the release. Throws the download's own error when it cannot be had. */
export async function fetchRelease(cache) {
  const version = releaseVersion();
  const folder = await makeFolderOnce(releaseFolder(cache), async (content, scratch) => {
    say(`fetching Electron ${version} (about 110 MB, once)`);
    process.env.ELECTRON_GET_NO_PROGRESS ??= '1';
    // Loaded only now: it takes a third of a second.
    const { ElectronDownloadCacheMode, download, initializeProxy } = await import('@electron/get');
    if (process.env.HTTPS_PROXY || process.env.HTTP_PROXY) initializeProxy();
    const archive = await download(version, {
      checksums: require('electron/checksums.json'),
      cacheMode: ElectronDownloadCacheMode.ReadOnly,
      tempDirectory: scratch,
      downloadOptions: DOWNLOAD,
    });
    await unzip(archive, content);
  });
  return releaseExecutable(folder);
}

/** A download error in a few words. */
export function downloadProblem(error) {
  return firstLine(error).replace(/\.$/, '');
}
