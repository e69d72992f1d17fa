import { lineMapOf } from '../player/text/line-map.ts';
import { formatProblem, placed, type TextProblem } from '../player/text/problem.ts';
import type { Io } from './io.ts';

/**
 * Reads scripts from files, `-` being standard input, all of them before anything runs.
 * @param parse a script, with what is wrong in it
 * @returns null when one cannot be used, which has been said
 */
export async function readScriptFiles<Script>(
  files: readonly string[],
  io: Io,
  parse: (text: string) => { readonly script: Script; readonly problems: readonly TextProblem[] },
): Promise<Script[] | null> {
  const scripts: Script[] = [];
  let usable = true;
  for (const file of files) {
    const name = file === '-' ? '<stdin>' : file;
    const read = file === '-' ? { ok: true as const, text: await io.readStdin() } : io.readFile(file);
    if (!read.ok) {
      io.err(`${name}: ${read.why}; give a script, or - for standard input\n`);
      usable = false;
      continue;
    }
    const lines = lineMapOf(read.text);
    const { script, problems } = parse(read.text);
    for (const problem of problems) io.err(`${formatProblem(name, placed(problem, lines))}\n`);
    usable &&= problems.length === 0;
    scripts.push(script);
  }
  return usable ? scripts : null;
}
