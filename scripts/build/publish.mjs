/** Puts a finished build in place file by file, so that whoever reads at the same moment sees the old or the new one. */
import { readdirSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** Moves all files of `from` to `to`, the entry last, and removes what the new build no longer has. */
export async function publish(from, to, entry) {
  const files = filesBelow(from);
  files.sort((a, b) => Number(a === entry) - Number(b === entry));
  for (const file of files) {
    const target = path.join(to, file);
    await mkdir(path.dirname(target), { recursive: true });
    await rename(path.join(from, file), target);
  }
  const kept = new Set(files);
  for (const file of filesBelow(to)) {
    if (!kept.has(file)) await rm(path.join(to, file), { force: true });
  }
}

/** Paths of all files below a folder, relative to it. */
function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)));
}
