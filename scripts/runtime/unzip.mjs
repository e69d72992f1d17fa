/** Unpacking zip archives with run bits and symbolic links: without them an executable or a macOS bundle cannot start. */
import { createWriteStream } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import yauzl from 'yauzl';

const FILE_TYPE = 0o170000;
const SYMBOLIC_LINK = 0o120000;

/**
 * Unpacks an archive into a folder. `place(name)` maps an entry's name to a path inside the folder, or to null to
 * skip it. yauzl itself refuses absolute names and `..`; links that lead out of the folder are refused here.
 */
export async function unzip(archive, folder, place = (name) => name) {
  const zip = await promisify(yauzl.open)(archive, { lazyEntries: true, autoClose: false });
  const openEntry = promisify(zip.openReadStream.bind(zip));
  try {
    for (;;) {
      const entry = await nextEntry(zip);
      if (entry === null) return;
      const name = place(entry.fileName);
      if (name === null || name === '' || name.endsWith('/')) continue;
      const target = path.join(folder, name);
      // The upper 16 bits hold the Unix mode when the archive was made on a Unix system.
      const mode = entry.externalFileAttributes >>> 16;
      await mkdir(path.dirname(target), { recursive: true });
      const content = await openEntry(entry);
      if ((mode & FILE_TYPE) === SYMBOLIC_LINK) await makeLink(folder, target, await readText(content));
      else await pipeline(content, createWriteStream(target, { mode: mode & 0o777 || 0o644 }));
    }
  } finally {
    zip.close();
  }
}

/** The next entry of an archive, or null at its end. */
function nextEntry(zip) {
  return new Promise((resolve, reject) => {
    const settle = (action) => (value) => {
      zip.off('entry', onEntry).off('end', onEnd).off('error', onError);
      action(value ?? null);
    };
    const onEntry = settle(resolve);
    const onEnd = settle(resolve);
    const onError = settle(reject);
    zip.on('entry', onEntry).on('end', onEnd).on('error', onError);
    zip.readEntry();
  });
}

/**
 * A short entry's content. Not `stream/consumers`: that waits for the stream to close, which yauzl's streams never do
 * for entries that are stored without compression.
 */
function readText(stream) {
  return new Promise((resolve, reject) => {
    const parts = [];
    stream.on('data', (part) => parts.push(part));
    stream.on('end', () => resolve(Buffer.concat(parts).toString('utf8')));
    stream.on('error', reject);
  });
}

async function makeLink(folder, target, destination) {
  const resolved = path.resolve(path.dirname(target), destination);
  if (resolved !== folder && !resolved.startsWith(folder + path.sep)) {
    throw new Error(`link ${target} leads out of the archive`);
  }
  await symlink(destination, target);
}
