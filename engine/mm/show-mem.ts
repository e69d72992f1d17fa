import { PAGE_SIZE } from '../base/units.ts';
import { hugeCounts } from './huge-pool.ts';
import { memoryCounts, type MemoryCounts } from './memory-counts.ts';
import { kswapdIsHopeless } from './pressure.ts';
import type { MemoryState } from './state.ts';
import { watermarks } from './watermarks.ts';

const kilobytes = (pages: number): number => pages * (PAGE_SIZE / 1024);

/**
 * The kernel's report on its memory, line by line as it stands in the log.
 * Source: Linux 6.18 mm/show_mem.c __show_mem, show_free_areas; mm/swap_state.c show_swap_cache_info; simplified: one
 * node with one zone, no per-CPU lists, and 0 where the lab has nothing to count.
 */
export function showMem(k: MemoryState): string[] {
  const counts = memoryCounts(k);
  return [
    'Mem-Info:',
    ...totals(counts),
    node(k, counts),
    ...zone(k, counts),
    buddyLine(k),
    ...machineLines(k, counts),
  ];
}

/** Pages of the whole machine; one message over several lines. */
function totals(c: MemoryCounts): string[] {
  return [
    `active_anon:${c.activeAnon} inactive_anon:${c.inactiveAnon} isolated_anon:0`,
    ` active_file:${c.activeFile} inactive_file:${c.inactiveFile} isolated_file:0`,
    ` unevictable:${c.unevictable} dirty:${c.dirty} writeback:${c.writeback}`,
    ' slab_reclaimable:0 slab_unreclaimable:0',
    ` mapped:${c.fileMapped} shmem:${c.shmem} pagetables:${c.pageTables}`,
    ' sec_pagetables:0 bounce:0',
    ' kernel_misc_reclaimable:0',
    ` free:${c.free} free_pcp:0 free_cma:0`,
  ];
}

const lists = (c: MemoryCounts): string =>
  `active_anon:${kilobytes(c.activeAnon)}kB inactive_anon:${kilobytes(c.inactiveAnon)}kB ` +
  `active_file:${kilobytes(c.activeFile)}kB inactive_file:${kilobytes(c.inactiveFile)}kB ` +
  `unevictable:${kilobytes(c.unevictable)}kB`;

const node = (k: MemoryState, c: MemoryCounts): string =>
  `Node 0 ${lists(c)} isolated(anon):0kB isolated(file):0kB mapped:${kilobytes(c.fileMapped)}kB ` +
  `dirty:${kilobytes(c.dirty)}kB writeback:${kilobytes(c.writeback)}kB shmem:${kilobytes(c.shmem)}kB shmem_thp:0kB ` +
  `shmem_pmdmapped:0kB anon_thp:${kilobytes(c.anonHuge)}kB writeback_tmp:0kB kernel_stack:0kB ` +
  `pagetables:${kilobytes(c.pageTables)}kB sec_pagetables:0kB ` +
  `all_unreclaimable? ${kswapdIsHopeless(k) ? 'yes' : 'no'} Balloon:0kB`;

function zone(k: MemoryState, c: MemoryCounts): string[] {
  const { machine } = k;
  const { min, low, high } = watermarks(k);
  const present = kilobytes(machine.totalFrames[0]!);
  const managed = kilobytes(machine.totalFrames[0]! - machine.reserved[0]!);
  return [
    `Node 0 Normal free:${kilobytes(c.free)}kB boost:0kB min:${kilobytes(min)}kB low:${kilobytes(low)}kB high:${kilobytes(high)}kB reserved_highatomic:0KB ` +
      `free_highatomic:0KB ${lists(c)} writepending:${kilobytes(c.dirty + c.writeback)}kB zspages:0kB present:${present}kB managed:${managed}kB ` +
      `mlocked:${kilobytes(c.mlocked)}kB bounce:0kB free_pcp:0kB local_pcp:0kB free_cma:0kB`,
    'lowmem_reserve[]: 0 0 0 0 0',
  ];
}

/** Free blocks by size; all of them are of the one migrate type the lab has. */
function buddyLine(k: MemoryState): string {
  const blocks = Array.from(k.freeArea.count.slice(0, k.freeArea.rows));
  const total = blocks.reduce((sum, count, order) => sum + count * 2 ** order, 0);
  const sizes = blocks.map((count, order) => `${count}*${kilobytes(2 ** order)}kB ${count > 0 ? '(M) ' : ''}`);
  return `Node 0 Normal: ${sizes.join('')}= ${kilobytes(total)}kB`;
}

function machineLines(k: MemoryState, c: MemoryCounts): string[] {
  const { machine } = k;
  const pool = hugeCounts(k);
  return [
    `Node 0 hugepages_total=${pool.total} hugepages_free=${pool.free} hugepages_surp=${pool.surplus} hugepages_size=2048kB`,
    `${c.filePages} total pagecache pages`,
    `${c.swapCached} pages in swap cache`,
    `Free swap  = ${kilobytes(machine.swapPages[0]! - machine.swapUsed[0]!)}kB`,
    `Total swap = ${kilobytes(machine.swapPages[0]!)}kB`,
    `${machine.totalFrames[0]!} pages RAM`,
    '0 pages HighMem/MovableOnly',
    `${machine.reserved[0]!} pages reserved`,
  ];
}
