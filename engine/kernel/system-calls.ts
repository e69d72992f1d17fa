import { ERRNO, fail, type SysResult } from '../base/errno.ts';
import { EVENT, OPERATIONS, type Operation } from '../base/event-kinds.ts';
import { emit, within } from '../base/event-log.ts';
import { VM } from '../base/flags.ts';
import { MAX_VECTOR } from '../base/limits.ts';
import { PAGE_SIZE, type Pid } from '../base/units.ts';
import { sysBrk } from '../mm/brk.ts';
import { costOf, PRICE } from '../mm/costs.ts';
import { sysMadvise } from '../mm/madvise.ts';
import { sysMincore } from '../mm/mincore.ts';
import { drainMlockBatch } from '../mm/mlock-batch.ts';
import { sysMlock, sysMlockall, sysMunlock, sysMunlockall } from '../mm/mlock.ts';
import { sysMmap } from '../mm/mmap.ts';
import { sysMprotect } from '../mm/mprotect.ts';
import { sysMremap } from '../mm/mremap.ts';
import { sysMsync } from '../mm/msync.ts';
import { sysMunmap } from '../mm/munmap.ts';
import { isUnitAligned, pairStart, wholePairs } from '../mm/page-unit.ts';
import { flushPending } from '../mm/tlb-flush.ts';
import { sysFork } from '../proc/fork.ts';
import { dropCapability } from '../proc/credentials.ts';
import { sysPrlimit } from '../proc/rlimit.ts';
import { mmOf } from '../proc/task.ts';
import type { Perms, Quantity, TaskOperation } from '../protocol/commands.ts';
import type { LibraryOp } from '../protocol/library-calls.ts';
import { spend } from './boot.ts';
import { copyHeapRecords } from './heap/records.ts';
import type { Outcome } from './outcome.ts';
import { addressOf, bytesOf, mmapAddress, pagesAsked } from './quantities.ts';
import { copyTaskRegions, placeRegion } from './regions.ts';
import { execCall } from './exec-call.ts';
import { copyProcess, isProgram } from './program/process.ts';
import { fileCall, fileOf } from './file-calls.ts';
import { isAbsent } from './real.ts';
import type { KernelState } from './state.ts';
import type { TaskCall } from './task-calls.ts';

type Of<Op extends TaskOperation['op']> = Extract<TaskOperation, { op: Op }>;
/** Operations that are one system call. */
export type SystemCall = Exclude<
  TaskOperation,
  {
    op:
      | 'touch_r'
      | 'touch_w'
      | 'read'
      | 'poke'
      | 'bytes'
      | 'state'
      | 'allocator'
      | 'walk'
      | LibraryOp
      | TaskCall['op']
      | 'run'
      | 'step'
      | 'secret';
  }
>;

/** A system call: an event with its length, its price, its error in words. */
export function systemCall(k: KernelState, pid: Pid, command: SystemCall): Outcome {
  const index = OPERATIONS.indexOf(command.op as Operation);
  // Places are found first: a name used for the first time gets one whatever the call says.
  const run = callOf(k, pid, command);
  const id = emit(k.events, EVENT.SYSCALL, -1, -1, index, pagesAsked(k, command));
  spend(k, pid, costOf(k, PRICE.system_call));
  return within(k.events, id, () => {
    const result = isAbsent(k, command.op) ? fail('ENOSYS') : run();
    flushPending(k);
    drainMlockBatch(k);
    if (!result.ok) {
      emit(k.events, EVENT.SYSCALL_ERROR, -1, -1, index, ERRNO[result.errno]);
      return { ret: -1, errno: result.errno };
    }
    if (typeof result.value !== 'object') return { ret: result.value };
    return result.value.length > 0 ? { ret: 0, vec: result.value } : { ret: 0 };
  });
}

type Call = () => SysResult<number | string | number[]>;

function callOf(k: KernelState, pid: Pid, command: SystemCall): Call {
  const mm = mmOf(k, pid);
  switch (command.op) {
    case 'mmap':
      return mmapCall(k, pid, command);
    case 'mremap':
      return mremapCall(k, pid, command);
    case 'brk':
      return () => moveBreak(k, pid, command);
    case 'fork':
      return () => fork(k, pid, command);
    case 'mlockall':
      return () => sysMlockall(k, mm, command.flags);
    case 'munlockall':
      return () => sysMunlockall(k, mm);
    case 'rlimit':
      return () => sysPrlimit(k, mm, command.resource, limitOf(k, command.soft), command.hard === null ? null : limitOf(k, command.hard)); // prettier-ignore
    case 'dropcap':
      return () => dropCapability(k, mm, command.capability);
    case 'exec':
      return execCall(k, pid, command);
    case 'ftruncate':
    case 'fsync':
    case 'fadvise':
    case 'pread':
    case 'pwrite':
      return fileCall(k, pid, command);
    default:
      return rangeCall(k, pid, command);
  }
}

/** Calls about a range of addresses. */
function rangeCall(
  k: KernelState,
  pid: Pid,
  command: Of<'munmap' | 'mprotect' | 'mlock' | 'munlock' | 'mincore' | 'mlock2' | 'madvise' | 'msync'>,
): Call {
  const mm = mmOf(k, pid);
  const isLock = command.op === 'mlock' || command.op === 'mlock2' || command.op === 'munlock';
  const place = addressOf(k, command);
  if (!isLock && !isUnitAligned(k, place)) return () => fail('EINVAL');
  // Locks start where the page does.
  const address = isUnitAligned(k, place) ? place : pairStart(place);
  const length = wholePairs(k, bytesOf(k, command.length) + (place - address));
  switch (command.op) {
    case 'munmap':
      return () => sysMunmap(k, mm, address, length);
    case 'mprotect':
      return () => sysMprotect(k, mm, address, length, accessFlags(command.perms));
    case 'mlock':
      return () => sysMlock(k, mm, address, length, 0);
    case 'mlock2':
      return () => sysMlock(k, mm, address, length, command.flags);
    case 'munlock':
      return () => sysMunlock(k, mm, address, length);
    case 'mincore':
      return () => sysMincore(k, mm, address, length, MAX_VECTOR);
    case 'madvise':
      return () => sysMadvise(k, mm, address, length, command.advice);
    case 'msync':
      return () => sysMsync(k, mm, address, length, command.flags);
  }
}

function mmapCall(k: KernelState, pid: Pid, command: Of<'mmap'>): Call {
  const length = bytesOf(k, command.length);
  const request = {
    address: mmapAddress(k, command, length),
    length,
    access: accessFlags(command.perms),
    sharing: command.sharing,
    placement: command.at?.kind === 'fixed' ? ('fixed' as const) : ('noreplace' as const),
    noreserve: command.noreserve,
    populate: command.populate,
    locked: command.locked === true,
    hugepages: command.hugepages === true,
    file:
      command.file === undefined
        ? null
        : { object: fileOf(k, command.file.name), offset: bytesOf(k, command.file.offset) },
  };
  return () => named(sysMmap(k, mmOf(k, pid), request), command.name);
}

/** Returns `inplace`, the name it was moved to, or `mvN` where the kernel chose the place in step N. */
function mremapCall(k: KernelState, pid: Pid, command: Of<'mremap'>): Call {
  const address = addressOf(k, command);
  const chosen = `mv${k.machine.steps[0]!}`;
  const request = {
    address,
    oldLength: wholePairs(k, bytesOf(k, command.oldLength)),
    newLength: wholePairs(k, bytesOf(k, command.newLength)),
    mayMove: command.mayMove,
    dontUnmap: command.dontUnmap,
    fixed: command.fixed === null ? null : addressOf(k, command.fixed),
    choosePlace: (pages: number) => placeRegion(k, chosen, pages),
  };
  return () => {
    if (!isUnitAligned(k, address) || !isUnitAligned(k, request.fixed ?? 0)) return fail('EINVAL');
    const moved = sysMremap(k, mmOf(k, pid), request);
    if (moved.ok && moved.value * PAGE_SIZE === address) return named(moved, 'inplace');
    return named(moved, command.fixed?.name ?? chosen);
  };
}

const named = (result: SysResult<number>, name: string): SysResult<string> =>
  result.ok ? { ok: true, value: name } : result;

function moveBreak(k: KernelState, pid: Pid, command: Of<'brk'>): SysResult<string> {
  const mm = mmOf(k, pid);
  const amount = bytesOf(k, command.amount);
  const start = k.mms.startBrk[mm]!;
  const now = k.mms.brk[mm]!;
  const wanted = command.change === '=' ? start + amount : now + (command.change === '+' ? amount : -amount);
  const after = sysBrk(k, mm, wanted);
  const pages = (after - start) / PAGE_SIZE;
  const partial = Number.isInteger(pages) ? '' : '+';
  return { ok: true, value: `${after === wanted ? 'ok' : 'unchanged'} brk=${Math.trunc(pages)}${partial}` };
}

function fork(k: KernelState, pid: Pid, command: Of<'fork'>): SysResult<string> {
  const forked = sysFork(k, pid, command.child as Pid);
  if (forked.ok) copyHeapRecords(k, pid, command.child);
  if (forked.ok) copyTaskRegions(k, pid, command.child);
  if (forked.ok && isProgram(k, pid)) copyProcess(k, pid, command.child as Pid);
  return forked.ok ? { ok: true, value: `p${command.child}` } : forked;
}

const limitOf = (k: KernelState, limit: Quantity | 'inf'): number => (limit === 'inf' ? Infinity : bytesOf(k, limit));

function accessFlags(perms: Perms): number {
  return (
    (perms.includes('r') ? VM.READ : 0) | (perms.includes('w') ? VM.WRITE : 0) | (perms.includes('x') ? VM.EXEC : 0)
  );
}
