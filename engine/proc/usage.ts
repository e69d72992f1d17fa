import { PAGE_SIZE, type MmId, type Pid } from '../base/units.ts';
import type { MemoryState } from '../mm/state.ts';
import type { ResourceUsage } from '../protocol/commands.ts';
import { mmOf, type ProcState } from './task.ts';

/** Largest resident size so far, pages. Source: Linux include/linux/mm.h get_mm_hiwater_rss. */
export function peakRss(k: MemoryState, mm: MmId): number {
  const { mms } = k;
  return Math.max(mms.peakRss[mm]!, mms.rssAnon[mm]! + mms.rssFile[mm]! + mms.rssShmem[mm]!);
}

/** getrusage(2). Source: Linux 6.18 kernel/sys.c getrusage. */
export function usageOf(k: ProcState, pid: Pid, who: 'self' | 'children'): ResourceUsage {
  const { tasks } = k;
  const kilobytes = (pages: number): number => pages * (PAGE_SIZE / 1024);
  if (who === 'self') {
    const maxrss = kilobytes(Math.max(tasks.maxRss[pid]!, peakRss(k, mmOf(k, pid))));
    return { maxrss, minflt: tasks.minflt[pid]!, majflt: tasks.majflt[pid]!, timeNs: tasks.timeNs[pid]! };
  }
  return {
    maxrss: kilobytes(tasks.childMaxRss[pid]!),
    minflt: tasks.childMinflt[pid]!,
    majflt: tasks.childMajflt[pid]!,
    timeNs: tasks.childTimeNs[pid]!,
  };
}
