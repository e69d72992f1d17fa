import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { DONE, fail, type SysResult } from '../base/errno.ts';
import { CAP } from '../base/flags.ts';
import { HUGE_PAGES } from '../base/limits.ts';
import { PAGE_SIZE, type MmId } from '../base/units.ts';
import { hasCapability } from './capability.ts';
import type { MemoryState } from './state.ts';

/** What overcommit modes are called in Linux include/uapi/linux/mman.h. */
export const OVERCOMMIT = { GUESS: 0, ALWAYS: 1, NEVER: 2 } as const;

/** Frames that the machine counts as its RAM. Source: Linux totalram_pages. */
export const totalRamPages = (k: MemoryState): number => k.machine.totalFrames[0]! - k.machine.reserved[0]!;

const pagesOfKbytes = (kbytes: number): number => Math.floor(kbytes / (PAGE_SIZE / 1024));

/** RAM's part of the limit, without the pool of huge pages, as a percentage; a negative ratio is a huge unsigned number to the kernel. Pages. */
function ratioPages(k: MemoryState): number {
  const product = (totalRamPages(k) - k.hugePool.liveRows * HUGE_PAGES) * k.machine.overcommitRatio[0]!;
  return product >= 0 ? Math.floor(product / 100) : Number(BigInt.asUintN(64, BigInt(product)) / 100n);
}

/** Source: Linux 6.18 mm/util.c vm_commit_limit. Pages. */
export function commitLimit(k: MemoryState): number {
  const { machine } = k;
  const kbytes = machine.overcommitKbytes[0]!;
  return (kbytes > 0 ? pagesOfKbytes(kbytes) : ratioPages(k)) + machine.swapPages[0]!;
}

/**
 * Charges `pages` to Committed_AS where the overcommit mode allows it.
 * Source: Linux 6.18 mm/util.c __vm_enough_memory.
 * @returns ENOMEM and nothing charged when refused
 */
export function accountPages(k: MemoryState, mm: MmId, pages: number): SysResult {
  const { machine } = k;
  const mode = machine.overcommit[0]!;
  const after = machine.committed[0]! + pages;
  if (mode === OVERCOMMIT.GUESS && pages > totalRamPages(k) + machine.swapPages[0]!) return fail('ENOMEM');
  if (mode === OVERCOMMIT.NEVER && after >= commitLimit(k) - reserves(k, mm)) return fail('ENOMEM');
  chargePages(k, pages);
  return DONE;
}

/** What strict accounting keeps back from this address space: the administrator's share, and the user's. Pages. */
function reserves(k: MemoryState, mm: MmId): number {
  const { machine } = k;
  const admin = hasCapability(k, mm, CAP.SYS_ADMIN) ? 0 : pagesOfKbytes(machine.adminReserveKbytes[0]!);
  return admin + Math.min(Math.floor(k.mms.totalVm[mm]! / 32), pagesOfKbytes(machine.userReserveKbytes[0]!));
}

/** Charges without asking. */
function chargePages(k: MemoryState, pages: number): void {
  if (pages === 0 || k.rules.promiseCountsNothing) return;
  k.machine.committed[0]! += pages;
  emit(k.events, EVENT.COMMIT, -1, -1, pages, k.machine.committed[0]!);
}

export function unaccountPages(k: MemoryState, pages: number): void {
  chargePages(k, -pages);
}
