import { DONE, fail, type SysResult } from '../base/errno.ts';
import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { CAP } from '../base/flags.ts';
import type { MmId } from '../base/units.ts';
import { hasCapability } from '../mm/capability.ts';
import type { MemoryState } from '../mm/state.ts';

/** Limits that can be set; the order is what LIMIT_SET names. */
export const RESOURCES = ['as', 'data', 'stack', 'memlock'] as const;
export type Resource = (typeof RESOURCES)[number];

const columnsOf = (k: MemoryState, resource: Resource): { soft: Float64Array; hard: Float64Array } => {
  const { mms } = k;
  switch (resource) {
    case 'as':
      return { soft: mms.rlimitAs, hard: mms.hardAs };
    case 'data':
      return { soft: mms.rlimitData, hard: mms.hardData };
    case 'stack':
      return { soft: mms.rlimitStack, hard: mms.hardStack };
    case 'memlock':
      return { soft: mms.rlimitMemlock, hard: mms.hardMemlock };
  }
};

/**
 * prlimit(2) on oneself. Source: Linux kernel/sys.c do_prlimit.
 * @param soft bytes, Infinity for none; negative is a huge unsigned number @param hard null keeps the one there is
 * @returns EINVAL when soft is above hard, EPERM for a higher hard limit without CAP_SYS_RESOURCE
 */
export function sysPrlimit(k: MemoryState, mm: MmId, resource: Resource, soft: number, hard: number | null): SysResult {
  const limit = columnsOf(k, resource);
  const wanted = { soft: unsigned(soft), hard: hard === null ? limit.hard[mm]! : unsigned(hard) };
  if (wanted.soft > wanted.hard) return fail('EINVAL');
  const mayRaise = hasCapability(k, mm, CAP.SYS_RESOURCE) && k.mms.hardLimitsFixed[mm] === 0;
  if (wanted.hard > limit.hard[mm]! && !mayRaise) return fail('EPERM');
  limit.soft[mm] = wanted.soft;
  limit.hard[mm] = wanted.hard;
  emit(k.events, EVENT.LIMIT_SET, -1, -1, RESOURCES.indexOf(resource), wanted.soft);
  return DONE;
}

const unsigned = (bytes: number): number => (bytes < 0 ? Infinity : bytes);
