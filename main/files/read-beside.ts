import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { PROGRAM_FILES } from '../limits.ts';
import { decodeText } from './decode-text.ts';
import { readBounded } from './read-bounded.ts';

/** `key: key.c` below programs: a plain name, so that nothing outside of the scenario's own folder can be meant. */
const NAMED = /(?:^\s+|[{,]\s*)[A-Za-z_]\w*:[ \t]*(["']?)([\w.-]+\.c)\1(?=\s*(?:[,}#]|$))/gm;

/**
 * The C programs that a scenario names beside itself. What cannot be read is left out: whoever compiles the scenario says
 * at its place that it is missing.
 * @param file the scenario's own path
 */
export async function readBeside(file: string, text: string): Promise<Readonly<Record<string, string>>> {
  const names = [...new Set([...text.matchAll(NAMED)].map((match) => match[2]!))].slice(0, PROGRAM_FILES);
  const found: Record<string, string> = {};
  for (const name of names) {
    const inside = await insideFolder(path.dirname(file), name);
    if (inside === null) continue;
    const bytes = await readBounded(inside);
    const decoded = bytes.ok ? decodeText(bytes.value) : null;
    if (decoded !== null && 'text' in decoded) found[name] = decoded.text;
  }
  return found;
}

/** A link may not lead out of the folder. */
async function insideFolder(folder: string, name: string): Promise<string | null> {
  try {
    const real = await realpath(path.join(folder, name));
    return path.dirname(real) === (await realpath(folder)) ? real : null;
  } catch {
    return null;
  }
}
