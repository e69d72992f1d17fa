import * as v from 'valibot';
import { PATH_CHARS } from '../limits.ts';

const message = v.object({ file: v.nullable(v.pipe(v.string(), v.maxLength(PATH_CHARS))) });

/**
 * The file that a second start of the app hands to the running one. It has resolved the path against its own current
 * folder; the command line that Electron passes on is reordered by Chromium and of no use.
 */
export function secondStart(sent: unknown): string | null {
  const parsed = v.safeParse(message, sent);
  return parsed.success ? parsed.output.file : null;
}
