import { commitLimit, totalRamPages } from '../../mm/commit.ts';
import { hugeCounts } from '../../mm/huge-pool.ts';
import { memoryCounts } from '../../mm/memory-counts.ts';
import type { KernelState } from '../state.ts';
import { kbLine, kilobytes } from './format.ts';

/** Size of the kernel's area for vmalloc, kB. Source: Linux arch/x86/include/asm/pgtable_64_types.h VMALLOC_SIZE_TB_L4. */
const VMALLOC_KB = 34_359_738_367;

/**
 * /proc/meminfo. Source: Linux 6.18 fs/proc/meminfo.c meminfo_proc_show; mm/show_mem.c si_mem_available; 0 where the
 * lab has nothing to count.
 */
export function meminfoText(k: KernelState): string {
  const c = memoryCounts(k);
  const swap = { total: k.machine.swapPages[0]!, used: k.machine.swapUsed[0]! };
  const pages: readonly (readonly [string, number])[] = [
    ['MemTotal', totalRamPages(k)],
    ['MemFree', c.free],
    ['MemAvailable', c.available],
    ['Buffers', 0],
    ['Cached', c.filePages - c.swapCached],
    ['SwapCached', c.swapCached],
    ['Active', c.activeAnon + c.activeFile],
    ['Inactive', c.inactiveAnon + c.inactiveFile],
    ['Active(anon)', c.activeAnon],
    ['Inactive(anon)', c.inactiveAnon],
    ['Active(file)', c.activeFile],
    ['Inactive(file)', c.inactiveFile],
    ['Unevictable', c.unevictable],
    ['Mlocked', c.mlocked],
    ['SwapTotal', swap.total],
    ['SwapFree', swap.total - swap.used],
    ...none('Zswap', 'Zswapped'),
    ['Dirty', c.dirty],
    ['Writeback', c.writeback],
    ['AnonPages', c.anonMapped],
    ['Mapped', c.fileMapped],
    ['Shmem', c.shmem],
    ...none('KReclaimable', 'Slab', 'SReclaimable', 'SUnreclaim', 'KernelStack'),
    ['PageTables', c.pageTables],
    ...none('SecPageTables', 'NFS_Unstable', 'Bounce', 'WritebackTmp'),
    ['CommitLimit', commitLimit(k)],
    ['Committed_AS', k.machine.committed[0]!],
  ];
  return [
    ...pages.map(([name, count]) => line(name, kilobytes(count))),
    line('VmallocTotal', VMALLOC_KB),
    ...[...none('VmallocUsed', 'VmallocChunk', 'Percpu')].map(zero),
    line('AnonHugePages', kilobytes(c.anonHuge)),
    ...[...none('ShmemHugePages', 'ShmemPmdMapped')].map(zero),
    ...[...none('FileHugePages', 'FilePmdMapped', 'Balloon')].map(zero),
    ...poolLines(k),
    line('Hugepagesize', 2048),
    line('Hugetlb', k.hugePool.liveRows * 2048),
    line('DirectMap4k', kilobytes(k.machine.totalFrames[0]!)),
    line('DirectMap2M', 0),
    line('DirectMap1G', 0),
  ].join('');
}

/** Source: Linux 6.18 mm/hugetlb.c hugetlb_report_meminfo. */
function poolLines(k: KernelState): string[] {
  const { total, free, reserved, surplus } = hugeCounts(k);
  const rows = { Total: total, Free: free, Rsvd: reserved, Surp: surplus };
  return Object.entries(rows).map(([name, count]) => `HugePages_${name}:`.padEnd(16) + `${count}`.padStart(8) + '\n');
}

const line = (name: string, kb: number): string => kbLine(`${name}:`, 16, kb);
const zero = ([name]: readonly [string, number]): string => line(name, 0);
const none = (...names: string[]): readonly (readonly [string, number])[] => names.map((name) => [name, 0]);
