import { FRAME, LRU, PG, type LruList } from '../base/flags.ts';
import { HUGE_ORDER } from '../base/limits.ts';
import { hugeFrames } from './huge-entry.ts';
import type { MemoryState } from './state.ts';
import { writesUnderWay } from './swap-io.ts';
import { watermarks } from './watermarks.ts';

/** What the frames of the machine hold, as Linux counts it (include/linux/mmzone.h node_stat_item). Frames. */
export interface MemoryCounts {
  readonly free: number;
  /** NR_FREE_PAGES_BLOCKS: of the free ones, what lies in blocks of a huge page or more. */
  readonly freeInBlocks: number;
  /** What a program could get without swapping: si_mem_available. */
  readonly available: number;
  /** NR_ANON_MAPPED: private memory that somebody maps. */
  readonly anonMapped: number;
  /** NR_ANON_THPS, in frames: of these, what is mapped 512 at once. */
  readonly anonHuge: number;
  /** NR_FILE_PAGES: the page cache, shared memory and the swap cache included. */
  readonly filePages: number;
  readonly swapCached: number;
  readonly shmem: number;
  /** NR_FILE_MAPPED: of the page cache, what somebody maps. */
  readonly fileMapped: number;
  /** NR_FILE_DIRTY: pages of files; shared memory has no file to be written to. */
  readonly dirty: number;
  /** NR_WRITEBACK: being written, to a file or to swap. */
  readonly writeback: number;
  readonly pageTables: number;
  /** NR_MLOCK: held by a locked area. */
  readonly mlocked: number;
  readonly activeAnon: number;
  readonly inactiveAnon: number;
  readonly activeFile: number;
  readonly inactiveFile: number;
  readonly unevictable: number;
}

/** Counts all frames. What is locked is all that is unevictable. Never changes anything. */
export function memoryCounts(k: MemoryState): MemoryCounts {
  const { lruLists, machine } = k;
  const listed = (list: LruList): number => lruLists.count[list]!;
  const frames = countFrames(k);
  return {
    ...frames,
    free: machine.freeFrames[0]!,
    freeInBlocks: freeInBlocks(k),
    available: availablePages(k),
    anonHuge: hugeFrames(k),
    filePages: frames.file + frames.shmem + machine.swapCached[0]!,
    swapCached: machine.swapCached[0]!,
    writeback: frames.fileWriteback + writesUnderWay(k),
    mlocked: listed(LRU.UNEVICTABLE),
    activeAnon: listed(LRU.ACTIVE_ANON),
    inactiveAnon: listed(LRU.INACTIVE_ANON),
    activeFile: listed(LRU.ACTIVE_FILE),
    inactiveFile: listed(LRU.INACTIVE_FILE),
    unevictable: listed(LRU.UNEVICTABLE),
  };
}

/** What only a look at every frame tells. */
function countFrames(k: MemoryState) {
  const { kind, mapcount, flags, rows } = k.frames;
  const counts = { anonMapped: 0, shmem: 0, file: 0, fileMapped: 0, dirty: 0, fileWriteback: 0, pageTables: 0 };
  for (let frame = 0; frame < rows; frame++) {
    const mapped = mapcount[frame]! > 0 ? 1 : 0;
    switch (kind[frame]) {
      case FRAME.ANON:
        counts.anonMapped += mapped;
        break;
      case FRAME.SHMEM:
        counts.shmem++;
        counts.fileMapped += mapped;
        break;
      case FRAME.FILE:
        counts.file++;
        counts.fileMapped += mapped;
        if ((flags[frame]! & PG.DIRTY) !== 0) counts.dirty++;
        if ((flags[frame]! & PG.WRITEBACK) !== 0) counts.fileWriteback++;
        break;
      case FRAME.TABLE:
        counts.pageTables++;
    }
  }
  return counts;
}

/** Source: Linux 6.18 mm/page_alloc.c account_freepages, NR_FREE_PAGES_BLOCKS. */
function freeInBlocks(k: MemoryState): number {
  let frames = 0;
  for (let order = HUGE_ORDER; order < k.freeArea.rows; order++) frames += k.freeArea.count[order]! * 2 ** order;
  return frames;
}

/** Half of the page cache, and the low mark at most, is taken to be needed. Source: Linux 6.18 mm/show_mem.c si_mem_available. */
function availablePages(k: MemoryState): number {
  const { low, high } = watermarks(k);
  const cache = k.lruLists.count[LRU.ACTIVE_FILE]! + k.lruLists.count[LRU.INACTIVE_FILE]!;
  const available = k.machine.freeFrames[0]! - high + cache - Math.min(Math.floor(cache / 2), low);
  return Math.max(0, available);
}
