import { assert } from '../base/assert.ts';
import { EVENT, type SignalReason } from '../base/event-kinds.ts';
import { beginCause, emit, endCause } from '../base/event-log.ts';
import { VM } from '../base/flags.ts';
import { TASK_SIZE } from '../base/limits.ts';
import { PAGE_SIZE, type MmId, type Pfn, type VmaId } from '../base/units.ts';
import { handlePageFault } from './page-fault.ts';
import { STACK_GUARD_PAGES } from './brk.ts';
import { growStack } from './stack-growth.ts';
import { isReal, realAccess } from './real-mode.ts';
import type { MemoryState } from './state.ts';
import { dropTranslation } from './tlb.ts';
import { flushPending } from './tlb-flush.ts';
import { translate } from './translate.ts';
import { findVmaIndex, vmaAt, vmaCount } from './vma-list.ts';

/**
 * How a load or store of a user program ended: with the frame it went to, a plain number because most do, or with a
 * signal.
 */
export type AccessResult =
  | Pfn
  | {
      readonly kind: 'signal';
      readonly signal: 'SIGSEGV' | 'SIGBUS';
      readonly code: 'MAPERR' | 'ACCERR' | 'ADRERR' | 'KERNEL';
      readonly reason: SignalReason;
    }
  /** The task was chosen to die for want of memory. */
  | { readonly kind: 'killed' };

const segv = (code: 'MAPERR' | 'ACCERR' | 'KERNEL', reason: SignalReason): AccessResult => ({
  kind: 'signal',
  signal: 'SIGSEGV',
  code,
  reason,
});
const BUS_ADRERR: AccessResult = { kind: 'signal', signal: 'SIGBUS', code: 'ADRERR', reason: 'beyond the object' };
const KILLED: AccessResult = { kind: 'killed' };

const USER_PAGES = (TASK_SIZE + PAGE_SIZE) / PAGE_SIZE;

/**
 * One load or store by a user program, to any byte of `page`. The TLB answers where it can, else the page tables are
 * walked. What the hardware permits costs no fault; everything else is the kernel's to decide.
 * Source: Linux 6.18 arch/x86/mm/fault.c do_user_addr_fault, access_error.
 */
export function accessPage(k: MemoryState, mm: MmId, page: number, write: boolean): AccessResult {
  if (isReal(k)) return realAccess(k, mm, page, write);
  if (page < 0) return segv('MAPERR', 'kernel half');
  if (page >= USER_PAGES) return segv('KERNEL', 'non-canonical');
  const found = translate(k, mm, page, write);
  if (found >= 0) return found as Pfn;
  const id = emit(k.events, EVENT.ACCESS, page, -1, write ? 1 : 0);
  const outer = beginCause(k.events, id);
  const result = faultIn(k, mm, page, write);
  endCause(k.events, outer);
  return result;
}

function faultIn(k: MemoryState, mm: MmId, page: number, write: boolean): AccessResult {
  const index = findVmaIndex(k, mm, page);
  if (index === vmaCount(k, mm)) return segv('MAPERR', 'no VMA');
  const vma = vmaAt(k, mm, index);
  if (k.vmas.start[vma]! > page) {
    if ((k.vmas.flags[vma]! & VM.GROWSDOWN) === 0) return segv('MAPERR', 'no VMA');
    if (!growStack(k, mm, index, page)) return segv('MAPERR', belowStack(k, mm, vma, page) ? 'stack limit' : 'no VMA');
  }
  if (!vmaPermits(k, vma, write)) return segv('ACCERR', 'permission');
  const fault = handlePageFault(k, mm, vma, page, write);
  if (fault.kind === 'nomem') return KILLED;
  if (fault.kind === 'bus') return BUS_ADRERR;
  if (fault.kind === 'guard') return segv('MAPERR', 'guard');
  return retry(k, mm, page, write);
}

/** The instruction runs again, with what the fault left: the translation that was refused is forgotten. */
function retry(k: MemoryState, mm: MmId, page: number, write: boolean): Pfn {
  flushPending(k);
  dropTranslation(k, mm, page);
  const frame = translate(k, mm, page, write);
  assert(frame >= 0, 'a fault that was served lets the access through');
  return frame as Pfn;
}

/** Does the page lie where the stack could be, or in the guard gap below that? Further down it is just no memory. */
function belowStack(k: MemoryState, mm: MmId, vma: VmaId, page: number): boolean {
  const most = k.mms.rlimitStack[mm]! / PAGE_SIZE;
  return page >= k.vmas.end[vma]! - most - STACK_GUARD_PAGES;
}

/** x86 without protection keys: whatever may be written or executed may be read. Source: access_error. */
function vmaPermits(k: MemoryState, vma: VmaId, write: boolean): boolean {
  const flags = k.vmas.flags[vma]!;
  return write ? (flags & VM.WRITE) !== 0 : (flags & (VM.READ | VM.WRITE | VM.EXEC)) !== 0;
}
