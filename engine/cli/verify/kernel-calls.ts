import { ADVICE } from '../../mm/advice.ts';
import type { Command, Perms, TaskOperation } from '../../protocol/commands.ts';
import { WORKER } from './kernel-session.ts';
import type { NativeNames } from './kernel-names.ts';

/** Numbers of system calls. Source: Linux arch/x86/entry/syscalls/syscall_64.tbl. */
const SYS = {
  mmap: 9, mprotect: 10, munmap: 11, brk: 12, mremap: 25, msync: 26, madvise: 28,
  mlock: 149, munlock: 150, mlockall: 151, munlockall: 152, mlock2: 325,
} as const; // prettier-ignore
/** Source: Linux include/uapi/linux/mman.h, asm-generic/mman-common.h. */
const MAP = {
  shared: 0x1,
  private: 0x2,
  fixed: 0x10,
  anonymous: 0x20,
  locked: 0x2000,
  noreserve: 0x4000,
  hugepages: 0x40000,
  populate: 0x8000,
  fixedNoReplace: 0x100000,
} as const;
const MREMAP = { mayMove: 1, fixed: 2, dontUnmap: 4 } as const;
const RLIMIT = { data: 2, stack: 3, memlock: 8, as: 9 } as const;
const RLIM_INFINITY = -1;
/** The worker's word for a hard limit that stays. */
const KEEP = -2;
const PAGE = 4096;

/** One operation for the worker, with its operands. */
export type WorkerCall = readonly [operation: number, ...words: number[]];

/** Operations that real processes can do here; a script with another one is left out. */
const SUPPORTED: ReadonlySet<Command['op']> = new Set([
  'mmap', 'munmap', 'mprotect', 'madvise', 'mlock', 'mlock2', 'munlock', 'mlockall', 'munlockall', 'msync', 'mincore',
  'touch_r', 'touch_w', 'read', 'mremap', 'brk', 'fork', 'exit', 'kill', 'rlimit', 'dropcap', 'state', '@cas', '@sleep',
]); // prettier-ignore

/** Strict accounting would starve the other programs of the machine, so a script that switches it on is left out. */
export const isSupported = (command: Command): boolean =>
  SUPPORTED.has(command.op) ||
  (command.op === '@overcommit' && command.mode !== 2) ||
  (command.op === '@swap' && command.kind === 'zram');

export const protection = (perms: Perms): number =>
  [...perms].reduce((bits, letter) => bits | { r: 1, w: 2, x: 4 }[letter as 'r' | 'w' | 'x'], 0);

/**
 * What a worker has to do for a command whose result needs no words of its own; null for the others.
 * @param step number of the command, whose low byte a touch stores unless it is told
 */
export function plainCall(command: TaskOperation, names: NativeNames, step: number): WorkerCall | null {
  const system = (...words: number[]): WorkerCall => [WORKER.systemCall, ...words];
  switch (command.op) {
    case 'munmap':
    case 'mlock':
    case 'munlock':
      return system(SYS[command.op], names.address(command), names.bytes(command.length));
    case 'mprotect':
      return system(SYS.mprotect, names.address(command), names.bytes(command.length), protection(command.perms));
    case 'madvise':
      return system(SYS.madvise, names.address(command), names.bytes(command.length), ADVICE[command.advice]);
    case 'mlock2':
    case 'msync':
      return system(SYS[command.op], names.address(command), names.bytes(command.length), command.flags);
    case 'mlockall':
      return system(SYS.mlockall, command.flags);
    case 'munlockall':
      return system(SYS.munlockall);
    case 'mincore':
      return [WORKER.mincore, names.address(command), names.bytes(command.length)];
    case 'touch_r':
    case 'read':
      return [
        command.op === 'read' ? WORKER.read : WORKER.touchRead,
        names.address(command),
        Math.trunc(names.bytes(command.length) / PAGE),
      ];
    case 'touch_w': {
      const pages = Math.trunc(names.bytes(command.length) / PAGE);
      return [WORKER.touchWrite, names.address(command), pages, command.byte ?? step & 0xff];
    }
    case 'rlimit': {
      const bytes = (limit: typeof command.soft): number => (limit === 'inf' ? RLIM_INFINITY : names.bytes(limit));
      const hard = command.hard === null ? KEEP : bytes(command.hard);
      return [WORKER.limit, RLIMIT[command.resource], bytes(command.soft), hard];
    }
    case 'dropcap':
      return [WORKER.dropCapability, command.capability];
    default:
      return null;
  }
}

export function mmapCall(command: Extract<TaskOperation, { op: 'mmap' }>, address: number, bytes: number): WorkerCall {
  let flags = MAP.anonymous | (command.at?.kind === 'fixed' ? MAP.fixed : MAP.fixedNoReplace);
  if (command.sharing !== 'none') flags |= MAP[command.sharing];
  if (command.noreserve) flags |= MAP.noreserve;
  if (command.populate) flags |= MAP.populate;
  if (command.locked === true) flags |= MAP.locked;
  if (command.hugepages === true) flags |= MAP.hugepages;
  return [WORKER.systemCall, SYS.mmap, address, bytes, protection(command.perms), flags, -1];
}

/** @param target where MREMAP_FIXED puts it, or null */
export function mremapCall(
  command: Extract<TaskOperation, { op: 'mremap' }>,
  names: NativeNames,
  target: number | null,
): WorkerCall {
  let flags = target === null ? 0 : MREMAP.mayMove | MREMAP.fixed;
  if (command.mayMove) flags |= MREMAP.mayMove;
  if (command.dontUnmap) flags |= MREMAP.dontUnmap;
  const [old, wanted] = [names.bytes(command.oldLength), names.bytes(command.newLength)];
  return [WORKER.systemCall, SYS.mremap, names.address(command), old, wanted, flags, target ?? 0];
}

export const brkCall = (address: number): WorkerCall => [WORKER.systemCall, SYS.brk, address];
