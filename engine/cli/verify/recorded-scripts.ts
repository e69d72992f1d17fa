import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The scripts of a folder of recorded runs, in order of their names; none where there is no such folder. */
export function recordedScripts(folder: string): { readonly name: string; readonly text: string }[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.txt') && existsSync(path.join(folder, name.replace(/\.txt$/, '.jsonl'))))
    .sort()
    .map((name) => ({ name, text: readFileSync(path.join(folder, name), 'utf8') }));
}
