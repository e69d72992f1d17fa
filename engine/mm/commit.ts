import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { DONE, fail, type SysResult } from '../base/errno.ts';
import { CAP } from '../base/flags.ts';
import type { MmId } from '../base/units.ts';
import { hasCapability } from './capability.ts';
import type { MemoryState } from './state.ts';

/** What overcommit modes are called in Linux include/uapi/linux/mman.h. */
export const OVERCOMMIT = { GUESS: 0, ALWAYS: 1, NEVER: 2 } as const;

/** Frames that the machine counts as its RAM. Source: Linux totalram_pages. */
export const totalRamPages = (k: MemoryState): number => k.machine.totalFrames[0]! - k.machine.reserved[0]!;

/** Source: Linux mm/util.c vm_commit_limit. Pages. */
export function commitLimit(k: MemoryState): number {
  const { machine } = k;
  return Math.floor((totalRamPages(k) * machine.overcommitRatio[0]!) / 100) + machine.swapPages[0]!;
}

/** Pages kept back from one process so that it cannot take the last of the machine: 128 MiB, or 1/32 of its size. */
const USER_RESERVE_PAGES = 32_768;

/** Pages kept back from everybody without CAP_SYS_ADMIN: 8 MiB, or 1/32 of RAM. */
const ADMIN_RESERVE_PAGES = 2_048;

/**
 * Charges `pages` to Committed_AS where the overcommit mode allows it.
 * Source: Linux mm/util.c __vm_enough_memory, mm/mmap.c init_user_reserve, init_admin_reserve.
 * @returns ENOMEM and nothing charged when refused
 */
export function accountPages(k: MemoryState, mm: MmId, pages: number): SysResult {
  const { machine } = k;
  const mode = machine.overcommit[0]!;
  const after = machine.committed[0]! + pages;
  if (mode === OVERCOMMIT.GUESS && pages > totalRamPages(k) + machine.swapPages[0]!) return fail('ENOMEM');
  if (mode === OVERCOMMIT.NEVER) {
    const share = Math.floor(totalRamPages(k) / 32);
    const own = Math.min(Math.floor(k.mms.totalVm[mm]! / 32), share, USER_RESERVE_PAGES);
    const admin = hasCapability(k, mm, CAP.SYS_ADMIN) ? 0 : Math.min(share, ADMIN_RESERVE_PAGES);
    if (after >= commitLimit(k) - own - admin) return fail('ENOMEM');
  }
  chargePages(k, pages);
  return DONE;
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
