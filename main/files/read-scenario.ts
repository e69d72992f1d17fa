import { constants } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { OpenedScenario, Reply } from '../../engine/protocol/window-api.ts';
import { SCENARIO_BYTES } from '../limits.ts';
import { decodeText } from './decode-text.ts';
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
  return ok({ name: name ?? found.value, text: decoded.text, bundled: name !== undefined });
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

/** At most one byte beyond the limit is read, whatever size the file claims or grows to. */
async function readBounded(file: string): Promise<Reply<Uint8Array>> {
  let handle: FileHandle | null = null;
  try {
    handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const bytes = new Uint8Array(SCENARIO_BYTES + 1);
    let size = 0;
    while (size < bytes.length) {
      const { bytesRead } = await handle.read(bytes, size, bytes.length - size);
      if (bytesRead === 0) return ok(bytes.subarray(0, size));
      size += bytesRead;
    }
    return fail(
      'too-large',
      `${file} is larger than ${SCENARIO_BYTES / 1_048_576} MiB, which no scenario needs. Split it.`,
    );
  } catch (error) {
    return problem(file, error);
  } finally {
    await handle?.close();
  }
}

function problem(file: string, error: unknown): Reply<never> {
  switch (codeOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return fail('not-found', `There is no file ${file}. Check the name, or choose File > Open.`);
    case 'EACCES':
    case 'EPERM':
      return fail('unreadable', `You may not read ${file}. Ask its owner for permission, or open a copy.`);
    default:
      return fail('unreadable', `${file} cannot be read (${codeOf(error)}). Check the disk, or open a copy.`);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
