/**
 * Folders that exist completely or not at all: they are made under a temporary name beside their place and renamed.
 * Two runs at the same time each make one; the first rename wins and the second run uses that folder.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';

const TEMPORARY = '.making-';
const STALE_MS = 24 * 60 * 60 * 1000;

/**
 * Returns `folder`, after calling `make(emptyFolder, scratchFolder)` to fill it when it does not exist.
 * The scratch folder is on the same disk and is removed afterwards, whatever happens.
 */
export async function makeFolderOnce(folder, make) {
  if (existsSync(folder)) return folder;
  const parent = path.dirname(folder);
  await mkdir(parent, { recursive: true });
  await sweep(parent);
  const temporary = await mkdtemp(path.join(parent, TEMPORARY));
  try {
    const content = path.join(temporary, 'content');
    const scratch = path.join(temporary, 'scratch');
    await mkdir(content);
    await mkdir(scratch);
    await make(content, scratch);
    await rename(content, folder).catch((error) => {
      if (!existsSync(folder)) throw error;
    });
    return folder;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Removes what a killed run left behind a day ago or earlier; younger folders may belong to a run that is at work. */
async function sweep(parent) {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(TEMPORARY)) continue;
    const leftover = path.join(parent, name);
    const info = await stat(leftover).catch(() => undefined);
    if (info && Date.now() - info.mtimeMs > STALE_MS) await rm(leftover, { recursive: true, force: true });
  }
}
