import { FRAMES_PER_MAP_FRAME, HUGE_PAGES } from '../../base/limits.ts';
import { hugeCounts } from '../../mm/huge-pool.ts';
import { memoryCounts } from '../../mm/memory-counts.ts';
import { watermarks } from '../../mm/watermarks.ts';
import type { KernelState } from '../state.ts';
import { VMSTAT_NAMES } from './vmstat-names.ts';

/** /proc/vmstat: counts of now in pages, and of events since boot. Source: Linux 6.18 mm/vmstat.c vmstat_show. */
export function vmstatText(k: KernelState): string {
  const values = { ...countsOfNow(k), ...countsSinceBoot(k) };
  return VMSTAT_NAMES.map((name) => `${name} ${values[name] ?? 0}\n`).join('');
}

/** Counters by name; what the lab does not have is not among them, and 0. */
type Counters = Readonly<Record<string, number>>;

/** Pages. */
function countsOfNow(k: KernelState): Counters {
  const c = memoryCounts(k);
  const pool = hugeCounts(k);
  const mapFrames = Math.ceil(k.machine.totalFrames[0]! / FRAMES_PER_MAP_FRAME);
  return {
    nr_free_pages: c.free,
    nr_free_pages_blocks: c.freeInBlocks,
    nr_zone_inactive_anon: c.inactiveAnon,
    nr_zone_active_anon: c.activeAnon,
    nr_zone_inactive_file: c.inactiveFile,
    nr_zone_active_file: c.activeFile,
    nr_zone_unevictable: c.unevictable,
    nr_zone_write_pending: c.dirty + c.writeback,
    nr_mlock: c.mlocked,
    nr_inactive_anon: c.inactiveAnon,
    nr_active_anon: c.activeAnon,
    nr_inactive_file: c.inactiveFile,
    nr_active_file: c.activeFile,
    nr_unevictable: c.unevictable,
    nr_anon_pages: c.anonMapped,
    nr_anon_transparent_hugepages: c.anonHuge / HUGE_PAGES,
    nr_mapped: c.fileMapped,
    nr_file_pages: c.filePages,
    nr_dirty: c.dirty,
    nr_writeback: c.writeback,
    nr_shmem: c.shmem,
    nr_hugetlb: (pool.total - pool.free) * HUGE_PAGES,
    nr_page_table_pages: c.pageTables,
    nr_swapcached: c.swapCached,
    nr_memmap_boot_pages: mapFrames,
    ...dirtyLimits(k, c.free + c.activeFile + c.inactiveFile),
  };
}

/** dirty_ratio and dirty_background_ratio, percent. Source: Linux 6.18 mm/page-writeback.c. */
const DIRTY_PERCENT = 20;
const BACKGROUND_PERCENT = 10;

/** Source: Linux 6.18 mm/page-writeback.c global_dirtyable_memory, domain_dirty_limits. @param pages free and of files */
function dirtyLimits(k: KernelState, pages: number): Counters {
  const dirtyable = pages - Math.min(k.machine.freeFrames[0]!, watermarks(k).high) + 1;
  const share = (percent: number): number => Math.floor((Math.floor((percent * 4096) / 100) * dirtyable) / 4096);
  return { nr_dirty_threshold: share(DIRTY_PERCENT), nr_dirty_background_threshold: share(BACKGROUND_PERCENT) };
}

function countsSinceBoot({ machine: m }: KernelState): Counters {
  return {
    numa_hit: m.allocations[0]!,
    numa_local: m.allocations[0]!,
    workingset_refault_anon: m.refaultAnon[0]!,
    workingset_refault_file: m.refaultFile[0]!,
    workingset_activate_anon: m.refaultActivateAnon[0]!,
    workingset_activate_file: m.refaultActivateFile[0]!,
    workingset_restore_anon: m.refaultRestoreAnon[0]!,
    workingset_restore_file: m.refaultRestoreFile[0]!,
    nr_vmscan_write: m.vmscanWrite[0]!,
    nr_dirtied: m.dirtiedPages[0]!,
    nr_written: m.writtenPages[0]!,
    // Sectors, shown as KiB.
    pgpgin: Math.floor(m.readSectors[0]! / 2),
    pgpgout: Math.floor(m.writtenSectors[0]! / 2),
    pswpin: m.pswpin[0]!,
    pswpout: m.pswpout[0]!,
    swap_ra: m.swapRa[0]!,
    swap_ra_hit: m.swapRaHit[0]!,
    pgalloc_normal: m.pgalloc[0]!,
    allocstall_normal: m.allocstallNormal[0]!,
    allocstall_movable: m.allocstallMovable[0]!,
    pgfree: m.pgfree[0]!,
    pgactivate: m.pgactivate[0]!,
    pgdeactivate: m.pgdeactivate[0]!,
    pglazyfree: m.pglazyfree[0]!,
    pgfault: m.pgfault[0]!,
    pgmajfault: m.pgmajfault[0]!,
    pglazyfreed: m.pglazyfreed[0]!,
    pgrefill: m.pgrefill[0]!,
    pgreuse: m.pgreuse[0]!,
    pgsteal_kswapd: m.pgstealKswapd[0]!,
    pgsteal_direct: m.pgstealDirect[0]!,
    pgscan_kswapd: m.pgscanKswapd[0]!,
    pgscan_direct: m.pgscanDirect[0]!,
    pgscan_anon: m.pgscanAnon[0]!,
    pgscan_file: m.pgscanFile[0]!,
    pgsteal_anon: m.pgstealAnon[0]!,
    pgsteal_file: m.pgstealFile[0]!,
    pageoutrun: m.pageoutrun[0]!,
    pgrotated: m.pgrotated[0]!,
    oom_kill: m.oomKills[0]!,
    unevictable_pgs_culled: m.pgmlocked[0]!,
    unevictable_pgs_rescued: m.pgmunlocked[0]!,
    unevictable_pgs_mlocked: m.pgmlocked[0]!,
    unevictable_pgs_munlocked: m.pgmunlocked[0]!,
    thp_fault_alloc: m.thpFaultAlloc[0]!,
    thp_fault_fallback: m.thpFaultFallback[0]!,
    thp_collapse_alloc: m.thpCollapseAlloc[0]!,
    thp_collapse_alloc_failed: m.thpCollapseFailed[0]!,
    thp_split_pmd: m.thpSplitPmd[0]!,
    thp_zero_page_alloc: m.thpZeroAlloc[0]!,
    thp_zero_page_alloc_failed: m.thpZeroFailed[0]!,
    swpin_zero: m.swapInZero[0]!,
    swpout_zero: m.swapOutZero[0]!,
  };
}
