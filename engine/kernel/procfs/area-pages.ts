import { FRAME, PG, PTE, VM } from '../../base/flags.ts';
import { PAGE_SIZE, type EntryId, type MmId, type VmaId } from '../../base/units.ts';
import { hugePagesIn } from '../../mm/huge-entry.ts';
import { entryId, forEachTable, frameOfLow, lowWord } from '../../mm/page-table.ts';
import { swappedObjectPages } from '../../mm/object-slots.ts';
import { isSwapped, namesFrame, slotOfEntry } from '../../mm/swap-entry.ts';
import type { KernelState } from '../state.ts';

/**
 * What an area holds. All in bytes, but the proportional sizes, which carry 12 bits behind the point.
 * Source: Linux 6.18 fs/proc/task_mmu.c struct mem_size_stats.
 */
export interface AreaPages {
  resident: number;
  sharedClean: number;
  sharedDirty: number;
  privateClean: number;
  privateDirty: number;
  referenced: number;
  anonymous: number;
  lazyFree: number;
  swap: number;
  pss: number;
  pssAnon: number;
  pssFile: number;
  pssShmem: number;
  pssDirty: number;
  pssLocked: number;
  swapPss: number;
  anonHuge: number;
  sharedHugetlb: number;
  privateHugetlb: number;
}

export const PSS_SHIFT = 12;
const PSS_ONE = 2 ** PSS_SHIFT;

export const noPages = (): AreaPages => ({
  resident: 0,
  sharedClean: 0,
  sharedDirty: 0,
  privateClean: 0,
  privateDirty: 0,
  referenced: 0,
  anonymous: 0,
  lazyFree: 0,
  swap: 0,
  pss: 0,
  pssAnon: 0,
  pssFile: 0,
  pssShmem: 0,
  pssDirty: 0,
  pssLocked: 0,
  swapPss: 0,
  anonHuge: 0,
  sharedHugetlb: 0,
  privateHugetlb: 0,
});

/** Adds what the area's entries hold. Source: Linux 6.18 fs/proc/task_mmu.c smap_gather_stats, smaps_account. */
export function addAreaPages(k: KernelState, vma: VmaId, sum: AreaPages): void {
  const { vmas } = k;
  const locked = (vmas.flags[vma]! & VM.LOCKED) !== 0;
  // What of shared memory is in swap counts for everybody who maps it.
  sum.swap += swappedObjectPages(k, vma) * PAGE_SIZE;
  sum.anonHuge += hugePagesIn(k, vmas.mm[vma]! as MmId, vmas.start[vma]!, vmas.end[vma]!) * PAGE_SIZE;
  forEachTable(k, vmas.mm[vma]! as MmId, vmas.start[vma]!, vmas.end[vma]!, (table, from, to) => {
    for (let page = from; page < to; page++) {
      const low = lowWord(k, entryId(table, page % 512));
      if (namesFrame(low)) addPage(k, low, locked, sum);
      else if (isSwapped(low)) addSwapped(k, entryId(table, page % 512), sum);
    }
  });
}

/** Source: Linux 6.18 fs/proc/task_mmu.c smaps_pte_entry; the share by what the swap map counts. */
function addSwapped(k: KernelState, entry: EntryId, sum: AreaPages): void {
  const sharers = Math.max(1, k.swapSlots.count[slotOfEntry(k, entry)]!);
  sum.swap += PAGE_SIZE;
  sum.swapPss += Math.floor((PAGE_SIZE * PSS_ONE) / sharers);
}

/** Source: Linux 6.18 fs/proc/task_mmu.c smaps_page_accumulate; each page's share is cut to whole units. */
function addPage(k: KernelState, low: number, locked: boolean, sum: AreaPages): void {
  const { frames } = k;
  const frame = frameOfLow(low);
  const kind = frames.kind[frame]!;
  // Not the kernel's to count. Source: Linux mm/memory.c vm_normal_page.
  if (kind === FRAME.DEVICE) return;
  const sharers = frames.mapcount[frame]!;
  if (kind === FRAME.HUGETLB) {
    // Source: smaps_hugetlb_range.
    sum[sharers > 1 ? 'sharedHugetlb' : 'privateHugetlb'] += PAGE_SIZE;
    return;
  }
  const pss = Math.floor((PAGE_SIZE * PSS_ONE) / sharers);
  const cached = kind !== FRAME.ANON;
  const dirty = (low & PTE.DIRTY) !== 0 || (cached && (frames.flags[frame]! & PG.DIRTY) !== 0);
  sum.resident += PAGE_SIZE;
  sum.pss += pss;
  if ((low & PTE.ACCESSED) !== 0) sum.referenced += PAGE_SIZE;
  if (!cached) sum.anonymous += PAGE_SIZE;
  if (!cached && !dirty && (frames.flags[frame]! & PG.LAZYFREE) !== 0) sum.lazyFree += PAGE_SIZE;
  if (!cached) sum.pssAnon += pss;
  else if (kind === FRAME.SHMEM) sum.pssShmem += pss;
  else sum.pssFile += pss;
  if (locked) sum.pssLocked += pss;
  if (dirty) sum.pssDirty += pss;
  if (sharers > 1) sum[dirty ? 'sharedDirty' : 'sharedClean'] += PAGE_SIZE;
  else sum[dirty ? 'privateDirty' : 'privateClean'] += PAGE_SIZE;
}
