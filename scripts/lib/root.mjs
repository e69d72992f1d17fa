/** The folder of the project: every script works from any current folder. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** An absolute path inside the project. */
export function inRoot(...parts) {
  return path.join(root, ...parts);
}
