import { memoryCounts } from '../../mm/memory-counts.ts';
import type { KernelState } from '../state.ts';
import { VMSTAT_NAMES } from './vmstat-names.ts';

/** /proc/vmstat: counts of now in pages, and of events since boot. Source: Linux 6.18 mm/vmstat.c vmstat_show. */
export function vmstatText(k: KernelState): string {
  const values = counted(k);
  return VMSTAT_NAMES.map((name) => `${name} ${values[name] ?? 0}\n`).join('');
}

/** What the lab counts; everything else is 0. */
function counted(k: KernelState): Readonly<Record<string, number>> {
  const { machine } = k;
  const c = memoryCounts(k);
  return {
    nr_free_pages: c.free,
    nr_zone_inactive_anon: c.inactiveAnon,
    nr_zone_active_anon: c.activeAnon,
    nr_zone_inactive_file: c.inactiveFile,
    nr_zone_active_file: c.activeFile,
    nr_zone_unevictable: c.unevictable,
    nr_mlock: c.mlocked,
    nr_inactive_anon: c.inactiveAnon,
    nr_active_anon: c.activeAnon,
    nr_inactive_file: c.inactiveFile,
    nr_active_file: c.activeFile,
    nr_unevictable: c.unevictable,
    nr_anon_pages: c.anonMapped,
    nr_mapped: c.fileMapped,
    nr_file_pages: c.filePages,
    nr_shmem: c.shmem,
    nr_page_table_pages: c.pageTables,
    pgalloc_normal: machine.pgalloc[0]!,
    pgfree: machine.pgfree[0]!,
    pgfault: machine.pgfault[0]!,
    pgmajfault: machine.pgmajfault[0]!,
    nr_swapcached: c.swapCached,
    pswpin: machine.pswpin[0]!,
    pswpout: machine.pswpout[0]!,
    pglazyfree: machine.pglazyfree[0]!,
    pglazyfreed: machine.pglazyfreed[0]!,
    pgreuse: machine.pgreuse[0]!,
    oom_kill: machine.oomKills[0]!,
  };
}
