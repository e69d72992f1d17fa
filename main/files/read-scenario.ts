import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { OpenedScenario, Reply } from '../../engine/protocol/window-api.ts';
import { decodeText } from './decode-text.ts';
import { readBeside } from './read-beside.ts';
import { codeOf, problem, readBounded } from './read-bounded.ts';
import { fail, ok } from './reply.ts';

/** The file that makes a folder a scenario. */
export const SCENARIO_FILE = 'scenario.yaml';

/**
 * Reads a scenario that a person or the system named: a file, or a folder that holds a scenario.yaml.
 * @param name what messages call it; the file's path unless given
 */
export async function readScenario(where: string, name?: string): Promise<Reply<OpenedScenario>> {
  const found = await findFile(where);
  if (!found.ok) return found;
  const bytes = await readBounded(found.value);
  if (!bytes.ok) return bytes;
  const decoded = decodeText(bytes.value);
  if ('problem' in decoded) return fail('unreadable', `${found.value} ${decoded.problem}.`);
  const files = await readBeside(found.value, decoded.text);
  return ok({
    name: name ?? found.value,
    text: decoded.text,
    bundled: name !== undefined,
    ...(Object.keys(files).length === 0 ? {} : { files }),
  });
}

/** The regular file to read. Checked before opening: opening a pipe waits for a writer, and a device never ends. */
async function findFile(where: string): Promise<Reply<string>> {
  try {
    const facts = await stat(where);
    if (facts.isFile()) return ok(where);
    if (!facts.isDirectory()) return fail('unreadable', `${where} is not a file. Choose a ${SCENARIO_FILE}.`);
  } catch (error) {
    return problem(where, error);
  }
  const inside = path.join(where, SCENARIO_FILE);
  try {
    if ((await stat(inside)).isFile()) return ok(inside);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') return problem(inside, error);
  }
  return fail('unreadable', `The folder ${where} holds no ${SCENARIO_FILE}. Choose a folder that does, or a file.`);
}
