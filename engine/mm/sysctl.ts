import { DONE, fail, type SysResult } from '../base/errno.ts';
import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { INT_MAX, INT_MIN, MMAP_MIN_ADDR } from '../base/limits.ts';
import { PAGE_SIZE } from '../base/units.ts';
import { SYSCTL_NAMES, type SysctlName } from '../protocol/sysctls.ts';
import { totalRamPages } from './commit.ts';
import { resizeHugePool } from './huge-pool.ts';
import { FIRST_HITS } from './swap-readahead.ts';
import type { MACHINE_SPEC } from './machine-spec.ts';
import type { MemoryState } from './state.ts';

/** Where a setting is kept, and what may be written to it. */
interface SysctlRow {
  readonly column: keyof typeof MACHINE_SPEC;
  readonly min: number;
  readonly max: number;
  /** Another setting that becomes 0 when this one is written. */
  readonly forgets?: keyof typeof MACHINE_SPEC;
}

/** A C int without bounds of its own; an unsigned long takes no sign. Numbers stay exact up to 2^53. */
const INT = { min: INT_MIN, max: INT_MAX };
const ULONG = { min: 0, max: Number.MAX_SAFE_INTEGER };

/**
 * Source: Linux 6.18 mm/util.c overcommit_ratio_handler, overcommit_kbytes_handler, util_sysctl_table; mm/vmscan.c
 * vmscan_sysctl_table; mm/page_alloc.c page_alloc_sysctl_table; mm/swap.c swap_sysctl_table; mm/memory.c
 * mmu_sysctl_table; mm/hugetlb.c hugetlb_table; security/min_addr.c.
 */
const SYSCTLS: Readonly<Record<SysctlName, SysctlRow>> = {
  overcommit_memory: { column: 'overcommit', min: 0, max: 2 },
  overcommit_ratio: { column: 'overcommitRatio', ...INT, forgets: 'overcommitKbytes' },
  overcommit_kbytes: { column: 'overcommitKbytes', ...ULONG, forgets: 'overcommitRatio' },
  admin_reserve_kbytes: { column: 'adminReserveKbytes', ...ULONG },
  user_reserve_kbytes: { column: 'userReserveKbytes', ...ULONG },
  swappiness: { column: 'swappiness', min: 0, max: 200 },
  min_free_kbytes: { column: 'minFreeKbytes', min: 0, max: INT_MAX },
  mmap_min_addr: { column: 'mmapMinAddr', ...ULONG },
  randomize_va_space: { column: 'randomizeVaSpace', ...INT },
  'page-cluster': { column: 'pageCluster', min: 0, max: 31 },
  nr_hugepages: { column: 'nrHugepages', ...ULONG },
  nr_overcommit_hugepages: { column: 'nrOvercommitHugepages', ...ULONG },
};

export const sysctlValue = (k: MemoryState, name: SysctlName): number => k.machine[SYSCTLS[name].column][0]!;

/** May this be written to the setting? Source: Linux kernel/sysctl.c proc_dointvec_minmax, proc_doulongvec_minmax. */
export const sysctlTakes = (name: SysctlName, value: number): boolean =>
  Number.isSafeInteger(value) && value >= SYSCTLS[name].min && value <= SYSCTLS[name].max;

/** Words for the values that a setting takes, `0 to 200`. */
export const sysctlRange = (name: SysctlName): string => `${SYSCTLS[name].min} to ${SYSCTLS[name].max}`;

/** Sets what was checked before. */
export function setSysctl(k: MemoryState, name: SysctlName, value: number): void {
  const { column, forgets } = SYSCTLS[name];
  k.machine[column][0] = value;
  if (name === 'nr_hugepages') resizeHugePool(k, value);
  if (forgets !== undefined) k.machine[forgets][0] = 0;
}

/**
 * A write to /proc/sys by the machine's administrator.
 * @returns EINVAL, and nothing changed, for a value out of range
 */
export function writeSysctl(k: MemoryState, name: SysctlName, value: number): SysResult {
  if (!sysctlTakes(name, value)) return fail('EINVAL');
  setSysctl(k, name, value);
  emit(k.events, EVENT.SYSCTL_SET, -1, -1, SYSCTL_NAMES.indexOf(name), value);
  return DONE;
}

/** The administrator's and the user's reserve are at most this. Source: Linux mm/mmap.c init_admin_reserve, init_user_reserve. */
const MAX_ADMIN_RESERVE_KBYTES = 8_192;
const MAX_USER_RESERVE_KBYTES = 131_072;
/** Bounds of min_free_kbytes as the kernel chooses it. Source: Linux mm/page_alloc.c calculate_min_free_kbytes. */
const MIN_FREE_KBYTES = { least: 128, most: 262_144 };
/** Smaller machines than this take the same share of RAM as one of this size, for the floor of 128 kB is half of 64 frames. */
const SMALL_RAM_KBYTES = 16_384;

/**
 * What the kernel sets at boot, once free frames are known.
 * Source: Linux 6.18 mm/page_alloc.c calculate_min_free_kbytes, mm/mmap.c init_user_reserve, init_admin_reserve, mm/swap.c
 * swap_setup, mm/vmscan.c vm_swappiness. Simplified: below 16 MiB min_free_kbytes is 1/32 of RAM; addresses are not
 * random; swap is not read ahead.
 */
export function setDefaultSysctls(k: MemoryState): void {
  const { machine } = k;
  const kbytes = (pages: number): number => pages * (PAGE_SIZE / 1024);
  const freeShare = Math.floor(kbytes(machine.freeFrames[0]!) / 32);
  const ram = kbytes(totalRamPages(k));
  machine.overcommitRatio[0] = 50;
  machine.adminReserveKbytes[0] = Math.min(freeShare, MAX_ADMIN_RESERVE_KBYTES);
  machine.userReserveKbytes[0] = Math.min(freeShare, MAX_USER_RESERVE_KBYTES);
  machine.swappiness[0] = 60;
  const root = Math.floor(Math.sqrt(ram * 16));
  const chosen = Math.min(Math.max(root, MIN_FREE_KBYTES.least), MIN_FREE_KBYTES.most);
  machine.minFreeKbytes[0] = ram < SMALL_RAM_KBYTES ? Math.floor(ram / 32) : chosen;
  machine.mmapMinAddr[0] = MMAP_MIN_ADDR;
  // Linux: 2 below 16 MiB of RAM, else 3. Here one fault reads one page, until it is set.
  machine.pageCluster[0] = 0;
  machine.swapRaHits[0] = FIRST_HITS;
}
