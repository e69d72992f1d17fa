import { VM } from '../../base/flags.ts';
import { HUGE_PAGES } from '../../base/limits.ts';
import { PAGE_SIZE, type MmId, type VmaId } from '../../base/units.ts';
import { isHugetlb } from '../../mm/hugetlb.ts';
import { fitsHuge, hugeBase, mayFaultHuge } from '../../mm/thp.ts';
import { vmaPages } from '../../mm/vma.ts';
import type { KernelState } from '../state.ts';
import { addAreaPages, noPages, PSS_SHIFT, type AreaPages } from './area-pages.ts';
import { hex, kbLine, kilobytes } from './format.ts';
import { areasOf, mapLine } from './maps.ts';

/** Columns of a name with its spaces. */
const WIDTH = 16;
const line = (name: string, bytes: number): string => kbLine(`${name}:`, WIDTH, Math.floor(bytes / 1024));
const share = (name: string, pss: number): string => line(name, Math.floor(pss / 2 ** PSS_SHIFT));

/** /proc/PID/smaps. Source: Linux 6.18 fs/proc/task_mmu.c show_smap. */
export function smapsText(k: KernelState, mm: MmId): string {
  return areasOf(k, mm)
    .map((vma) => {
      const pages = noPages();
      addAreaPages(k, vma, pages);
      const size = kbLine('Size:', WIDTH, kilobytes(vmaPages(k, vma)));
      const unit = isHugetlb(k.vmas.flags[vma]!) ? HUGE_PAGES * PAGE_SIZE : PAGE_SIZE;
      const units = line('KernelPageSize', unit) + line('MMUPageSize', unit);
      return `${mapLine(k, mm, vma)}${size}${units}${figures(pages, false)}THPeligible:    ${eligible(k, vma).padStart(8)}\n${flagsLine(k, vma)}`;
    })
    .join('');
}

/**
 * /proc/PID/smaps_rollup: one range over all areas, and their sums.
 * Source: Linux 6.18 fs/proc/task_mmu.c show_smaps_rollup.
 */
export function smapsRollupText(k: KernelState, mm: MmId): string {
  const areas = areasOf(k, mm);
  const pages = noPages();
  for (const vma of areas) addAreaPages(k, vma, pages);
  const first = areas[0];
  const last = areas.at(-1);
  const start = first === undefined ? 0 : k.vmas.start[first]! * PAGE_SIZE;
  const end = last === undefined ? 0 : k.vmas.end[last]! * PAGE_SIZE;
  const head = `${hex(start, 8)}-${hex(end, 8)} ---p 00000000 00:00 0 `;
  return `${head.padEnd(72)} [rollup]\n${figures(pages, true)}`;
}

/** May a fault in it map a huge page, and is there room for one? Source: __show_smap, thp_vma_allowable_orders. */
function eligible(k: KernelState, vma: VmaId): string {
  const first = hugeBase(k.vmas.start[vma]! + HUGE_PAGES - 1);
  return mayFaultHuge(k, vma) && fitsHuge(k, vma, first) ? '1' : '0';
}

/** Source: Linux 6.18 fs/proc/task_mmu.c __show_smap. */
function figures(p: AreaPages, rollup: boolean): string {
  const kinds = [share('Pss_Anon', p.pssAnon), share('Pss_File', p.pssFile), share('Pss_Shmem', p.pssShmem)];
  return [
    line('Rss', p.resident),
    share('Pss', p.pss),
    share('Pss_Dirty', p.pssDirty),
    ...(rollup ? kinds : []),
    line('Shared_Clean', p.sharedClean),
    line('Shared_Dirty', p.sharedDirty),
    line('Private_Clean', p.privateClean),
    line('Private_Dirty', p.privateDirty),
    line('Referenced', p.referenced),
    line('Anonymous', p.anonymous),
    line('KSM', 0),
    line('LazyFree', p.lazyFree),
    line('AnonHugePages', p.anonHuge),
    ...['ShmemPmdMapped', 'FilePmdMapped'].map((name) => line(name, 0)),
    line('Shared_Hugetlb', p.sharedHugetlb),
    line('Private_Hugetlb', p.privateHugetlb),
    line('Swap', p.swap),
    share('SwapPss', p.swapPss),
    share('Locked', p.pssLocked),
  ].join('');
}

/** Source: Linux 6.18 fs/proc/task_mmu.c show_smap_vma_flags, in the order of the kernel's bits. */
function flagsLine(k: KernelState, vma: VmaId): string {
  const flags = k.vmas.flags[vma]!;
  const has = (bit: number): boolean => (flags & bit) !== 0;
  const shared = has(VM.SHARED);
  const words: readonly [boolean, string][] = [
    [has(VM.READ), 'rd'],
    [has(VM.WRITE), 'wr'],
    [has(VM.EXEC), 'ex'],
    [shared, 'sh'],
    [true, 'mr'],
    [true, 'mw'],
    [true, 'me'],
    [shared, 'ms'],
    [has(VM.GROWSDOWN), 'gd'],
    [has(VM.PFNMAP), 'pf'],
    [has(VM.LOCKED), 'lo'],
    [has(VM.IO), 'io'],
    [has(VM.SEQ_READ), 'sr'],
    [has(VM.RAND_READ), 'rr'],
    [has(VM.DONTCOPY), 'dc'],
    [has(VM.DONTEXPAND), 'de'],
    [has(VM.LOCKONFAULT), 'lf'],
    [has(VM.ACCOUNT), 'ac'],
    [has(VM.NORESERVE), 'nr'],
    [has(VM.HUGETLB), 'ht'],
    [has(VM.WIPEONFORK), 'wf'],
    [has(VM.DONTDUMP), 'dd'],
    [has(VM.HUGEPAGE), 'hg'],
    [has(VM.NOHUGEPAGE), 'nh'],
    [has(VM.MERGEABLE), 'mg'],
  ];
  return `VmFlags: ${words.map(([on, word]) => (on ? `${word} ` : '')).join('')}\n`;
}
