import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PATH_CHARS } from '../limits.ts';

/** Switches of the Electron executable whose value is an argument of its own. */
const TAKES_VALUE = new Set(['-r', '--require', '-e', '--eval']);

/**
 * The file or folder that a start's command line asks to open.
 * @param argv as `process.argv`: the executable, switches, in development the app's folder, then what the person gave
 * @returns an absolute path, or null when the command line names none. Whether it exists is not looked at: a wrong
 *   name must be reported in the window and not be skipped in silence.
 */
export function fileArgument(argv: readonly string[], appPath: string, cwd: string): string | null {
  let onlyPaths = false;
  for (let i = 1; i < argv.length; i += 1) {
    const text = argv[i] ?? '';
    if (!onlyPaths && text === '--') {
      onlyPaths = true;
    } else if (!onlyPaths && text.startsWith('-')) {
      if (TAKES_VALUE.has(text)) i += 1;
    } else {
      const file = asPath(text, cwd);
      if (file !== null && file !== path.resolve(appPath)) return file;
    }
  }
  return null;
}

/** A path, or the `file:` address that a desktop hands over; null for '.', addresses of other kinds and nonsense. */
function asPath(text: string, cwd: string): string | null {
  if (text === '' || text === '.' || text.length > PATH_CHARS || text.includes('\0')) return null;
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(text)) return path.resolve(cwd, text);
  try {
    return fileURLToPath(text);
  } catch {
    return null;
  }
}
