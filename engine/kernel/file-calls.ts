import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import type { SysResult } from '../base/errno.ts';
import { assert } from '../base/assert.ts';
import type { ObjectId, Pid } from '../base/units.ts';
import { deviceNamed } from '../mm/device.ts';
import { fileNamed, makeFile } from '../mm/file.ts';
import { sysPread } from '../mm/file-read.ts';
import { sysPwrite } from '../mm/file-write.ts';
import { sysFtruncate } from '../mm/truncate.ts';
import { sysFadvise, sysFsync } from '../mm/writeback.ts';
import { mmOf } from '../proc/task.ts';
import type { Command, MachineDirective, RegionOffset, TaskOperation } from '../protocol/commands.ts';
import { pointerOf } from './heap/pointers.ts';
import { noteStore } from './heap/stores.ts';
import { addressOf, bytesOf } from './quantities.ts';
import type { KernelState } from './state.ts';

type Of<Op extends TaskOperation['op']> = Extract<TaskOperation, { op: Op }>;
export type FileCall = Of<'ftruncate' | 'fsync' | 'fadvise' | 'pread' | 'pwrite'>;

/** The file, or for a mapping the device, of a name that whyNot has found to exist. */
export function fileOf(k: KernelState, name: string): ObjectId {
  const file = fileNamed(k, name) ?? deviceNamed(k, name);
  assert(file !== null, `the file ${name} was looked for before`);
  return file;
}

/** A system call on a file. Places are found now, the call runs later. */
export function fileCall(k: KernelState, pid: Pid, command: FileCall): () => SysResult<number> {
  const file = fileOf(k, command.file);
  if (command.op === 'fsync') return () => sysFsync(k, file);
  if (command.op === 'ftruncate') return () => sysFtruncate(k, file, bytesOf(k, command.size));
  const offset = bytesOf(k, command.at);
  const length = bytesOf(k, command.length);
  if (command.op === 'fadvise') return () => sysFadvise(k, file, offset, length, command.advice);
  const place = (buffer: RegionOffset): number => {
    const pointer = pointerOf(k, pid, buffer.name);
    return pointer === null ? addressOf(k, buffer) : pointer.address + bytesOf(k, buffer.offset);
  };
  const mm = mmOf(k, pid);
  if (command.op === 'pwrite') {
    const buffer = place(command.buffer);
    return () => sysPwrite(k, mm, { file, offset, length, buffer, direct: command.direct });
  }
  const buffer = command.buffer === null ? null : place(command.buffer);
  return () => {
    const read = sysPread(k, mm, { file, offset, length, buffer, direct: command.direct });
    if (read.ok && buffer !== null) noteStore(k, pid, buffer, read.value);
    return read;
  };
}

/** `@file F PAGES` */
export function makeFileDirective(k: KernelState, command: Extract<MachineDirective, { op: '@file' }>): void {
  const file = makeFile(k, command.file, command.pages);
  emit(k.events, EVENT.FILE_MADE, -1, -1, file, command.pages);
}

/** Names of files that a command needs, and the one it makes. */
export function filesIn(command: Command): { needs: string | null; makes: string | null } {
  if (command.op === '@file' || command.op === '@image' || command.op === '@device')
    return { needs: null, makes: command.file };
  if (command.op === 'mmap') return { needs: command.file?.name ?? null, makes: null };
  // What /proc says is no file of the lab.
  if (command.op === 'cat' || command.op === '@cat') return { needs: null, makes: null };
  return { needs: 'file' in command ? command.file : null, makes: null };
}
