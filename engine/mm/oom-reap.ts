import { VM } from '../base/flags.ts';
import type { MmId } from '../base/units.ts';
import { isHugetlb } from './hugetlb.ts';
import { isAnonymous } from './vma.ts';
import { vmaAt, vmaCount } from './vma-list.ts';
import { zapPages } from './munmap.ts';
import type { MemoryState } from './state.ts';
import { PAGE_EVENT } from './page.machine.ts';

/**
 * Empties all private areas of an address space that is going to die, and marks it: nothing more is to be had there.
 * Shared areas keep their pages, which other tasks may map. The areas and the page tables stay for exit.
 * Source: Linux 6.18 mm/oom_kill.c __oom_reap_task_mm, MMF_OOM_SKIP.
 * @returns pages that were mapped before and are not any more
 */
export function reapAddressSpace(k: MemoryState, mm: MmId): number {
  const { mms, vmas } = k;
  const resident = (): number => mms.rssAnon[mm]! + mms.rssFile[mm]! + mms.rssShmem[mm]!;
  const before = resident();
  for (let i = 0; i < vmaCount(k, mm); i++) {
    const vma = vmaAt(k, mm, i);
    const takes = isAnonymous(k, vma) || (vmas.flags[vma]! & VM.SHARED) === 0;
    // Source: can_madv_lru_vma.
    if (takes && !isHugetlb(vmas.flags[vma]!))
      zapPages(k, mm, vmas.start[vma]!, vmas.end[vma]!, PAGE_EVENT['page.drop']);
  }
  mms.oomSkip[mm] = 1;
  return before - resident();
}
