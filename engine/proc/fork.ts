import { assert } from '../base/assert.ts';
import { DONE, fail, type SysResult } from '../base/errno.ts';
import { EVENT } from '../base/event-kinds.ts';
import { emit, within } from '../base/event-log.ts';
import { VM, VM_LOCKED_MASK } from '../base/flags.ts';
import { SIGNAL, signalBit } from '../base/signals.ts';
import { extendRows } from '../base/table.ts';
import type { MmId, ObjectId, Pid } from '../base/units.ts';
import { accountPages } from '../mm/commit.ts';
import { copyPageRange } from '../mm/copy-page-range.ts';
import { freeMm, makeMm } from '../mm/mm.ts';
import { stalePages } from '../mm/tlb-flush.ts';
import { addVma, vmaPages } from '../mm/vma.ts';
import { vmaAt, vmaCount } from '../mm/vma-list.ts';
import { mmOf, sendTask, type ProcState } from './task.ts';

/** What a task starts without. Source: Linux kernel/fork.c copy_process, copy_signal. */
const FRESH = [
  'minflt', 'majflt', 'timeNs', 'stallNs', 'exitSignal', 'exitStatus', 'sigPending', 'maxRss', 'childMinflt', 'childMajflt',
  'childTimeNs', 'childMaxRss', 'dying',
] as const; // prettier-ignore
/** What it has of its parent. Source: Linux kernel/fork.c copy_sighand, copy_signal; kernel/cred.c copy_creds. */
const FROM_PARENT = ['uid', 'oomScoreAdj', 'oomScoreAdjMin', 'sigHandled', 'sigIgnored'] as const;
/**
 * What the first task has: root, whose bad accesses are caught, as under a harness, and who does not want to hear of
 * its children.
 */
const FIRST = {
  uid: 0,
  oomScoreAdj: 0,
  oomScoreAdjMin: 0,
  sigHandled: (signalBit(SIGNAL.SIGSEGV) | signalBit(SIGNAL.SIGBUS)) >>> 0,
  sigIgnored: signalBit(SIGNAL.SIGCHLD),
} as const;

/** Row for a task number; numbers of reaped tasks are used again. */
export function makeTask(k: ProcState, pid: Pid, parent: number): void {
  const { tasks } = k;
  extendRows(tasks, pid + 1);
  assert(tasks.used[pid] === 0, `p${pid} is not in use`);
  tasks.used[pid] = 1;
  tasks.state[pid] = 0;
  tasks.mm[pid] = -1;
  tasks.parent[pid] = parent;
  for (const column of FRESH) tasks[column][pid] = 0;
  for (const column of FROM_PARENT) tasks[column][pid] = parent < 0 ? FIRST[column] : tasks[column][parent]!;
  tasks.born[pid] = k.machine.tasksMade[0]!++;
}

/**
 * fork(2): a task with the same areas and, for what was ever written, the same frames.
 * Source: Linux 6.18 kernel/fork.c copy_process, mm/mmap.c dup_mmap.
 * @returns ENOMEM when the charge is refused, or when the parent was chosen to die for want of frames; nothing is left
 * behind then
 */
export function sysFork(k: ProcState, parent: Pid, child: Pid): SysResult {
  makeTask(k, child, parent);
  const mm = makeMm(k, child);
  if (mm === null) return undoTask(k, child);
  k.tasks.mm[child] = mm;
  const id = emit(k.events, EVENT.FORK, -1, -1, child);
  const copied = within(k.events, id, () => copyAddressSpace(k, mmOf(k, parent), mm));
  // Write permissions are gone: mm/mmap.c dup_mmap ends in flush_tlb_mm, also where it failed.
  stalePages(k, mmOf(k, parent), 0, Infinity, 'fork');
  if (!copied.ok) {
    freeMm(k, mm);
    return undoTask(k, child);
  }
  sendTask(k, child, 'fork.done');
  return DONE;
}

function undoTask(k: ProcState, child: Pid): SysResult {
  sendTask(k, child, 'fork.failed');
  k.tasks.used[child] = 0;
  k.tasks.mm[child] = -1;
  return fail('ENOMEM');
}

/** What a child has of its parent's address space, apart from the areas: no locks, no MCL_FUTURE. */
const INHERITED = [
  'rlimitAs', 'rlimitData', 'rlimitStack', 'rlimitMemlock', 'hardAs', 'hardData', 'hardStack', 'hardMemlock',
  'capsDropped', 'capsDroppedHigh', 'hardLimitsFixed', 'hiddenPages', 'hiddenData', 'hiddenLockable',
] as const; // prettier-ignore

/** Source: Linux 6.18 mm/mmap.c dup_mmap. Locks are not inherited. */
function copyAddressSpace(k: ProcState, from: MmId, to: MmId): SysResult {
  const { mms, vmas } = k;
  mms.startBrk[to] = mms.startBrk[from]!;
  mms.brk[to] = mms.brk[from]!;
  mms.startStack[to] = mms.startStack[from]!;
  for (const column of INHERITED) mms[column][to] = mms[column][from]!;
  mms.totalVm[to] = mms.hiddenPages[from]!;
  mms.dataVm[to] = mms.hiddenData[from]!;
  for (let i = 0; i < vmaCount(k, from); i++) {
    const vma = vmaAt(k, from, i);
    const flags = vmas.flags[vma]!;
    if ((flags & VM.DONTCOPY) !== 0) continue;
    const pages = vmaPages(k, vma);
    if ((flags & VM.ACCOUNT) !== 0) {
      // Asked in the parent's name, whose size is what counts.
      const charged = accountPages(k, from, pages);
      if (!charged.ok) return charged;
    }
    const copy = addVma(k, to, {
      start: vmas.start[vma]!,
      end: vmas.end[vma]!,
      flags: flags & ~VM_LOCKED_MASK,
      object: vmas.object[vma]! as ObjectId,
      offset: vmas.offset[vma]!,
    });
    if (vmas.anonVma[vma] !== 0 && (flags & VM.WIPEONFORK) === 0) {
      vmas.anonVma[copy] = k.machine.nextAnonVma[0]!++;
      vmas.inherited[copy] = 1;
    }
    if (!copyPageRange(k, to, vma, copy)) return fail('ENOMEM');
  }
  return DONE;
}
