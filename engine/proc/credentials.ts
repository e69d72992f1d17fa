import { DONE, fail, type SysResult } from '../base/errno.ts';
import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { CAP } from '../base/flags.ts';
import type { MmId, Pid } from '../base/units.ts';
import { hasCapability } from '../mm/capability.ts';
import type { MemoryState } from '../mm/state.ts';
import { mmOf, type ProcState } from './task.ts';

/** Number of the last capability. Source: Linux 6.18 include/uapi/linux/capability.h CAP_LAST_CAP. */
const LAST_CAPABILITY = 40;
const HIGH_BITS = LAST_CAPABILITY - 31;

/** Gives a capability up for good. Source: Linux kernel/capability.c capset. */
export function dropCapability(k: MemoryState, mm: MmId, capability: number): SysResult {
  if (capability < 32) k.mms.capsDropped[mm]! |= 1 << capability;
  else if (capability <= LAST_CAPABILITY) k.mms.capsDroppedHigh[mm]! |= 1 << (capability - 32);
  emit(k.events, EVENT.CAPABILITY_DROPPED, -1, -1, capability);
  return DONE;
}

/** The capabilities that are left, as /proc/PID/status prints them: 16 hex digits. */
export function capabilityText(k: MemoryState, mm: MmId): string {
  const low = (~k.mms.capsDropped[mm]! >>> 0).toString(16).padStart(8, '0');
  const high = (~k.mms.capsDroppedHigh[mm]! & (2 ** HIGH_BITS - 1)).toString(16).padStart(8, '0');
  return high + low;
}

/**
 * setuid(2). Real, effective and saved user are always the same here, because whoever may set one sets all.
 * Leaving root gives up every capability. Source: Linux 6.18 kernel/sys.c __sys_setuid; security/commoncap.c
 * cap_emulate_setxuid.
 * @returns EPERM for another user without CAP_SETUID
 */
export function sysSetuid(k: ProcState, pid: Pid, uid: number): SysResult {
  const { tasks, mms } = k;
  const mm = mmOf(k, pid);
  const before = tasks.uid[pid]!;
  if (uid !== before && !hasCapability(k, mm, CAP.SETUID)) return fail('EPERM');
  tasks.uid[pid] = uid;
  emit(k.events, EVENT.UID_SET, -1, -1, uid, before);
  if (before !== 0 || uid === 0) return DONE;
  mms.capsDropped[mm] = 0xffffffff;
  mms.capsDroppedHigh[mm] = 2 ** HIGH_BITS - 1;
  return DONE;
}
