import { VM } from '../../base/flags.ts';
import { PAGE_SIZE, type MmId } from '../../base/units.ts';
import { vmaPages } from '../../mm/vma.ts';
import { BARE_HIDDEN } from '../../proc/image.ts';
import { peakRss } from '../../proc/usage.ts';
import type { KernelState } from '../state.ts';
import { areasOf } from './maps.ts';

/** Sizes of an address space in pages. Source: Linux 6.18 fs/proc/task_mmu.c task_mem, task_statm. */
export interface Sizes {
  readonly total: number;
  readonly peakTotal: number;
  readonly resident: number;
  readonly peakResident: number;
  readonly anon: number;
  readonly file: number;
  readonly shmem: number;
  readonly locked: number;
  readonly data: number;
  readonly stack: number;
  readonly text: number;
  readonly library: number;
  readonly tables: number;
  readonly swap: number;
  readonly hugetlb: number;
}

export function sizesOf(k: KernelState, mm: MmId): Sizes {
  const { mms, vmas } = k;
  // The bare process has pages that are not listed, but count.
  const hidden = mms.hiddenPages[mm]! > 0;
  let stack = hidden ? BARE_HIDDEN.stack : 0;
  let executable = hidden ? BARE_HIDDEN.text : 0;
  for (const vma of areasOf(k, mm)) {
    const flags = vmas.flags[vma]!;
    // Source: Linux 6.18 mm/mmap.c vm_stat_account, is_exec_mapping, is_stack_mapping.
    if ((flags & VM.GROWSDOWN) !== 0) stack += vmaPages(k, vma);
    else if ((flags & (VM.EXEC | VM.WRITE)) === VM.EXEC) executable += vmaPages(k, vma);
  }
  const text = Math.min(executable, hidden ? BARE_HIDDEN.text : programText(k, mm));
  const [anon, file, shmem] = [mms.rssAnon[mm]!, mms.rssFile[mm]!, mms.rssShmem[mm]!];
  return {
    total: mms.totalVm[mm]!,
    peakTotal: Math.max(mms.peakVm[mm]!, mms.totalVm[mm]!),
    resident: anon + file + shmem,
    peakResident: peakRss(k, mm),
    anon,
    file,
    shmem,
    locked: mms.lockedVm[mm]!,
    data: mms.dataVm[mm]!,
    stack,
    text,
    library: executable - text,
    tables: mms.tables[mm]!,
    swap: mms.swapEntries[mm]!,
    hugetlb: mms.hugetlb[mm]!,
  };
}

/** Pages of the program's own code: its executable area below the heap. */
function programText(k: KernelState, mm: MmId): number {
  const heap = k.mms.startBrk[mm]! / PAGE_SIZE;
  return areasOf(k, mm)
    .filter((vma) => (k.vmas.flags[vma]! & VM.EXEC) !== 0 && k.vmas.object[vma]! >= 0 && k.vmas.end[vma]! <= heap)
    .reduce((sum, vma) => sum + vmaPages(k, vma), 0);
}
