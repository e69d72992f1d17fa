/** Whether the system has a font at all: without one Chromium draws every letter as an empty box. */
import { existsSync, readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const FOLDERS = [
  '/usr/share/fonts',
  '/usr/local/share/fonts',
  '~/.fonts',
  '~/.local/share/fonts',
  '/run/host/fonts',
  '/run/current-system/sw/share/X11/fonts',
];

/** True when a scalable font stands in one of the usual folders. */
export function hasFont(folders = FOLDERS) {
  return folders.map((folder) => folder.replace(/^~/, os.homedir())).some(holdsFont);
}

function holdsFont(folder) {
  if (!existsSync(folder)) return false;
  return readdirSync(folder, { withFileTypes: true }).some((entry) =>
    entry.isDirectory() ? holdsFont(path.join(folder, entry.name)) : /\.(ttf|otf|ttc|woff2)$/i.test(entry.name),
  );
}
