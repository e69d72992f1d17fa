import { DONE, fail, type SysResult } from '../base/errno.ts';
import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { CAP } from '../base/flags.ts';
import type { Pid } from '../base/units.ts';
import { hasCapability } from '../mm/capability.ts';
import { totalRamPages } from '../mm/commit.ts';
import { mmOf, taskState, type ProcState } from './task.ts';

/** Source: Linux include/uapi/linux/oom.h. */
export const OOM_SCORE_ADJ = { MIN: -1000, MAX: 1000 } as const;

/** RAM and swap: what badness is measured against. Source: Linux 6.18 mm/oom_kill.c constrained_alloc. Pages. */
export const oomTotalPages = (k: ProcState): number => totalRamPages(k) + k.machine.swapPages[0]!;

/**
 * Pages that oom_score_adj adds. Source: Linux 6.18 mm/oom_kill.c oom_badness: adj × (total ÷ 1000), the division cut.
 * Simplified: with less than 1,000 pages, where Linux would add nothing, the product is divided instead.
 */
function adjustment(total: number, adj: number): number {
  return total < 1000 ? Math.trunc((adj * total) / 1000) : adj * Math.floor(total / 1000);
}

/**
 * What a task is worth to the out-of-memory killer: resident pages, swap entries, page tables, and what oom_score_adj
 * adds. Source: Linux 6.18 mm/oom_kill.c oom_badness.
 * @returns pages, below 0 too; null when it is never chosen: exempt, without memory, or emptied already
 */
export function badness(k: ProcState, pid: Pid): number | null {
  const mm = mmOf(k, pid);
  if (mm < 0 || taskState(k, pid) === 'new') return null;
  const adj = k.rules.adjustmentIsIgnored ? 0 : k.tasks.oomScoreAdj[pid]!;
  if (adj === OOM_SCORE_ADJ.MIN || k.mms.oomSkip[mm] === 1) return null;
  const { mms } = k;
  const resident = mms.rssAnon[mm]! + mms.rssFile[mm]! + mms.rssShmem[mm]!;
  return resident + mms.swapEntries[mm]! + mms.tables[mm]! + adjustment(oomTotalPages(k), adj);
}

/** /proc/PID/oom_score. Source: Linux 6.18 fs/proc/base.c proc_oom_score; the divisions are C's. */
export function oomScore(k: ProcState, pid: Pid): number {
  const points = badness(k, pid);
  if (points === null) return 0;
  return Math.trunc(((1000 + Math.trunc((points * 1000) / oomTotalPages(k))) * 2) / 3);
}

/**
 * A write to one's own /proc/PID/oom_score_adj. Source: Linux 6.18 fs/proc/base.c oom_score_adj_write, __set_oom_adj.
 * @returns EINVAL outside −1000 … 1000; EACCES below the lowest value that somebody with CAP_SYS_RESOURCE set
 */
export function setOomScoreAdj(k: ProcState, pid: Pid, value: number): SysResult {
  const { tasks } = k;
  if (value < OOM_SCORE_ADJ.MIN || value > OOM_SCORE_ADJ.MAX) return fail('EINVAL');
  const privileged = hasCapability(k, mmOf(k, pid), CAP.SYS_RESOURCE);
  if (value < tasks.oomScoreAdjMin[pid]! && !privileged) return fail('EACCES');
  tasks.oomScoreAdj[pid] = value;
  if (privileged) tasks.oomScoreAdjMin[pid] = value;
  emit(k.events, EVENT.OOM_SCORE_ADJ_SET, -1, -1, value);
  return DONE;
}
