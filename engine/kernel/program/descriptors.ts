import { EVENT } from '../../base/event-kinds.ts';
import { emit } from '../../base/event-log.ts';
import { allocRow, freeRow } from '../../base/table.ts';
import type { ObjectId, Pid } from '../../base/units.ts';
import { errorNumber } from '../../c/index.ts';
import { fileNamed, makeFile } from '../../mm/file.ts';
import { sysPread } from '../../mm/file-read.ts';
import { sysPwrite } from '../../mm/file-write.ts';
import { sysFtruncate } from '../../mm/truncate.ts';
import { mmOf } from '../../proc/task.ts';
import { MACHINE_FILES, TASK_FILES } from '../../protocol/commands.ts';
import { machineFileText, taskFileText } from '../procfs/index.ts';
import type { KernelState } from '../state.ts';
import { FIRST_PID } from './process.ts';
import { FILE_KINDS, MAX_DESCRIPTORS, type FileKind } from './tables.ts';

/** Source: Linux include/uapi/asm-generic/fcntl.h. */
const OPEN = { ACCESS: 3, WRONLY: 1, RDWR: 2, CREAT: 0o100, EXCL: 0o200, TRUNC: 0o1000, APPEND: 0o2000 } as const;
const MODE = { FILE: 0o100644, PROC: 0o100444, PIPE: 0o010600 } as const;
/** Characters of a file's name in the lab. */
const MAX_NAME = 15;

const kindOf = (k: KernelState, row: number): FileKind => FILE_KINDS[k.programs.openFiles.kind[row]!]!;
const slotOf = (task: Pid, fd: number): number => task * MAX_DESCRIPTORS + fd;

/** The open file behind a descriptor, or −1. */
function rowOf(k: KernelState, task: Pid, fd: number): number {
  if (fd < 0 || fd >= MAX_DESCRIPTORS) return -1;
  return k.programs.processes.descriptors[slotOf(task, fd)]! - 1;
}

/** Descriptors 0, 1 and 2 of a program that starts. */
export function openStandardFiles(k: KernelState, task: Pid): void {
  (['stdin', 'stdout', 'stderr'] as const).forEach((kind, fd) => {
    const row = allocRow(k.programs.openFiles);
    k.programs.openFiles.kind[row] = FILE_KINDS.indexOf(kind);
    k.programs.openFiles.flags[row] = fd === 0 ? 0 : OPEN.WRONLY;
    attach(k, task, fd, row);
  });
}

function attach(k: KernelState, task: Pid, fd: number, row: number): number {
  k.programs.processes.descriptors[slotOf(task, fd)] = row + 1;
  k.programs.openFiles.users[row]!++;
  return fd;
}

/** The lowest that is closed. Source: open(2). @returns −1 when all are open */
function lowest(k: KernelState, task: Pid): number {
  for (let fd = 0; fd < MAX_DESCRIPTORS; fd++) if (rowOf(k, task, fd) < 0) return fd;
  return -1;
}

/** open(2). @returns a descriptor, or the negative number of an error */
export function openFile(k: KernelState, task: Pid, path: string, flags: number): number {
  const fd = lowest(k, task);
  if (fd < 0) return -errorNumber('EMFILE');
  if (path === '') return -errorNumber('ENOENT');
  const proc = procFile(k, task, path);
  if (proc !== null) return openProc(k, task, fd, proc, flags);
  if (path.startsWith('/proc/')) return -errorNumber('ENOENT');
  const name = path.replace(/^.*\//, '');
  if (name.length > MAX_NAME) return -errorNumber('ENAMETOOLONG');
  let file = fileNamed(k, name);
  const create = (flags & OPEN.CREAT) !== 0;
  if (file !== null && create && (flags & OPEN.EXCL) !== 0) return -errorNumber('EEXIST');
  if (file === null && !create) return -errorNumber('ENOENT');
  if (file === null) {
    file = makeFile(k, name, 0);
    emit(k.events, EVENT.FILE_MADE, -1, -1, file, 0);
  } else if ((flags & OPEN.TRUNC) !== 0 && (flags & OPEN.ACCESS) !== 0) sysFtruncate(k, file, 0);
  const row = allocRow(k.programs.openFiles);
  k.programs.openFiles.kind[row] = FILE_KINDS.indexOf('file');
  k.programs.openFiles.object[row] = file;
  k.programs.openFiles.flags[row] = flags;
  return attach(k, task, fd, row);
}

/** /proc/self/maps, /proc/1000/status, /proc/meminfo; null for what is no such file. */
function procFile(k: KernelState, task: Pid, path: string): { task: Pid; index: number } | null {
  const [, dir, name] = /^\/proc\/(?:(self|\d+)\/)?([a-z_]+)$/.exec(path) ?? [];
  if (name === undefined) return null;
  if (dir === undefined) {
    const index = MACHINE_FILES.findIndex((file) => file === name);
    return index < 0 ? null : { task, index: TASK_FILES.length + index };
  }
  const index = TASK_FILES.findIndex((file) => file === name);
  const owner = dir === 'self' ? task : taskOf(k, Number(dir));
  return index < 0 || owner === null ? null : { task: owner, index };
}

/** The task with that number as programs know it. */
export function taskOf(k: KernelState, pid: number): Pid | null {
  const { used, born } = k.tasks;
  for (let task = 0; task < k.tasks.rows; task++) {
    if (used[task] === 1 && born[task] === pid - FIRST_PID) return task as Pid;
  }
  return null;
}

function openProc(k: KernelState, task: Pid, fd: number, proc: { task: Pid; index: number }, flags: number): number {
  if ((flags & OPEN.ACCESS) !== 0) return -errorNumber('EACCES');
  const row = allocRow(k.programs.openFiles);
  k.programs.openFiles.kind[row] = FILE_KINDS.indexOf('proc');
  k.programs.openFiles.proc[row] = proc.index;
  k.programs.openFiles.task[row] = proc.task;
  return attach(k, task, fd, row);
}

/** close(2) */
export function closeFile(k: KernelState, task: Pid, fd: number): number {
  const row = rowOf(k, task, fd);
  if (row < 0) return -errorNumber('EBADF');
  k.programs.processes.descriptors[slotOf(task, fd)] = 0;
  if (--k.programs.openFiles.users[row]! === 0) freeRow(k.programs.openFiles, row);
  return 0;
}

export function closeAll(k: KernelState, task: Pid): void {
  for (let fd = 0; fd < MAX_DESCRIPTORS; fd++) if (rowOf(k, task, fd) >= 0) closeFile(k, task, fd);
}

/** dup(2) without `to`, else dup2(2). */
export function duplicateFile(k: KernelState, task: Pid, fd: number, to: number | null): number {
  const row = rowOf(k, task, fd);
  if (row < 0) return -errorNumber('EBADF');
  if (to === fd) return fd;
  const free = to ?? lowest(k, task);
  if (free < 0 || free >= MAX_DESCRIPTORS) return -errorNumber(to === null ? 'EMFILE' : 'EBADF');
  if (rowOf(k, task, free) >= 0) closeFile(k, task, free);
  return attach(k, task, free, row);
}

/** Where a read of the program puts its bytes. @throws Fault */
type Store = (address: number, bytes: Uint8Array) => void;

/** read(2). @returns bytes, 0 at the end, or a negative error number */
export function readFile(k: KernelState, task: Pid, fd: number, address: number, length: number, store: Store): number {
  const row = rowOf(k, task, fd);
  const { openFiles, runtime } = k.programs;
  if (row < 0 || (openFiles.flags[row]! & OPEN.ACCESS) === OPEN.WRONLY) return -errorNumber('EBADF');
  if (kindOf(k, row) === 'stdin') {
    const bytes = k.host.read(runtime.readBytes[0]!, length);
    store(address, bytes);
    runtime.readBytes[0]! += bytes.length;
    return bytes.length;
  }
  const offset = openFiles.offset[row]!;
  if (kindOf(k, row) === 'proc') {
    const bytes = procBytes(k, row).subarray(offset, offset + length);
    store(address, bytes);
    openFiles.offset[row]! += bytes.length;
    return bytes.length;
  }
  const file = openFiles.object[row]! as ObjectId;
  const read = sysPread(k, mmOf(k, task), { file, offset, length, buffer: address, direct: false });
  if (!read.ok) return -errorNumber(read.errno);
  openFiles.offset[row]! += read.value;
  return read.value;
}

/** The text as it is now: each read makes it anew. Source: Linux fs/seq_file.c; simplified: a record may be read in two states. */
function procBytes(k: KernelState, row: number): Uint8Array {
  const { proc, task } = k.programs.openFiles;
  const index = proc[row]!;
  const text =
    index < TASK_FILES.length
      ? taskFileText(k, task[row]! as Pid, TASK_FILES[index]!)
      : machineFileText(k, MACHINE_FILES[index - TASK_FILES.length]!);
  return new TextEncoder().encode(text);
}

/** write(2) to a file. @returns null where the descriptor is standard output or error, whose bytes leave the machine */
export function writeFile(
  k: KernelState,
  task: Pid,
  fd: number,
  address: number | null,
  length: number,
): number | null {
  const row = rowOf(k, task, fd);
  const { openFiles } = k.programs;
  if (row < 0 || (openFiles.flags[row]! & OPEN.ACCESS) === 0) return -errorNumber('EBADF');
  if (kindOf(k, row) !== 'file') return null;
  if (address === null) return -errorNumber('EFAULT');
  const file = openFiles.object[row]! as ObjectId;
  if ((openFiles.flags[row]! & OPEN.APPEND) !== 0) openFiles.offset[row] = k.objects.sizeBytes[file]!;
  const offset = openFiles.offset[row]!;
  const done = sysPwrite(k, mmOf(k, task), { file, offset, length, buffer: address, direct: false });
  if (!done.ok) return -errorNumber(done.errno);
  openFiles.offset[row]! += done.value;
  return done.value;
}

/** 1 or 2: which stream the descriptor was opened as. */
export const streamOf = (k: KernelState, task: Pid, fd: number): 1 | 2 =>
  kindOf(k, rowOf(k, task, fd)) === 'stderr' ? 2 : 1;

/** lseek(2) */
export function seekFile(k: KernelState, task: Pid, fd: number, offset: number, origin: number): number {
  const row = rowOf(k, task, fd);
  if (row < 0) return -errorNumber('EBADF');
  const kind = kindOf(k, row);
  if (kind !== 'file' && kind !== 'proc') return -errorNumber('ESPIPE');
  const { openFiles } = k.programs;
  const size = kind === 'file' ? k.objects.sizeBytes[openFiles.object[row]!]! : 0;
  const from = [0, openFiles.offset[row]!, size][origin];
  if (from === undefined || from + offset < 0) return -errorNumber('EINVAL');
  openFiles.offset[row] = from + offset;
  return from + offset;
}

/** fstat(2), as far as the lab keeps it. */
export function statFile(k: KernelState, task: Pid, fd: number): { mode: number; size: number } | number {
  const row = rowOf(k, task, fd);
  if (row < 0) return -errorNumber('EBADF');
  if (kindOf(k, row) === 'file')
    return { mode: MODE.FILE, size: k.objects.sizeBytes[k.programs.openFiles.object[row]!]! };
  return { mode: kindOf(k, row) === 'proc' ? MODE.PROC : MODE.PIPE, size: 0 };
}

/** The file to map, for mmap(2): EBADF for no descriptor, ENODEV for what has no pages. */
export function mappableFile(k: KernelState, task: Pid, fd: number): { object: ObjectId; writable: boolean } | number {
  const row = rowOf(k, task, fd);
  if (row < 0) return -errorNumber('EBADF');
  if (kindOf(k, row) !== 'file') return -errorNumber('ENODEV');
  const access = k.programs.openFiles.flags[row]! & OPEN.ACCESS;
  if (access === OPEN.WRONLY) return -errorNumber('EACCES');
  return { object: k.programs.openFiles.object[row]! as ObjectId, writable: access === OPEN.RDWR };
}

/** ftruncate(2) */
export function truncateFile(k: KernelState, task: Pid, fd: number, length: number): number {
  const row = rowOf(k, task, fd);
  if (row < 0) return -errorNumber('EBADF');
  if (kindOf(k, row) !== 'file' || length < 0) return -errorNumber('EINVAL');
  const done = sysFtruncate(k, k.programs.openFiles.object[row]! as ObjectId, length);
  return done.ok ? 0 : -errorNumber(done.errno);
}

/** unlink(2); simplified: a file stays in the lab, so only that there is one is said. */
export const unlinkFile = (k: KernelState, path: string): number =>
  fileNamed(k, path.replace(/^.*\//, '')) === null ? -errorNumber('ENOENT') : -errorNumber('EPERM');
