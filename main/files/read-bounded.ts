import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { Reply } from '../../engine/protocol/window-api.ts';
import { SCENARIO_BYTES } from '../limits.ts';
import { fail, ok } from './reply.ts';

/** At most one byte beyond the limit is read, whatever size the file claims or grows to. */
export async function readBounded(file: string): Promise<Reply<Uint8Array>> {
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

export function problem(file: string, error: unknown): Reply<never> {
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

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
