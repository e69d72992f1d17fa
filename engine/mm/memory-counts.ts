import { FRAME, VM } from '../base/flags.ts';
import { isLive } from '../base/table.ts';
import type { MmId } from '../base/units.ts';
import { entryId, forEachTable, frameOfLow, lowWord } from './page-table.ts';
import { namesFrame } from './swap-entry.ts';
import type { MemoryState } from './state.ts';

/** What the frames of the machine hold, as Linux counts it (include/linux/mmzone.h node_stat_item). Frames. */
export interface MemoryCounts {
  readonly free: number;
  /** NR_ANON_MAPPED: private memory that somebody maps. */
  readonly anonMapped: number;
  /** NR_FILE_PAGES: the page cache, shared memory and the swap cache included. */
  readonly filePages: number;
  readonly swapCached: number;
  readonly shmem: number;
  /** NR_FILE_MAPPED: of the page cache, what somebody maps. */
  readonly fileMapped: number;
  readonly pageTables: number;
  /** NR_MLOCK: held by a locked area. */
  readonly mlocked: number;
  readonly activeAnon: number;
  readonly inactiveAnon: number;
  readonly activeFile: number;
  readonly inactiveFile: number;
  readonly unevictable: number;
}

/**
 * Counts all frames. A locked page is unevictable; every other one is on an inactive list, where Linux puts it at its
 * first fault. Never changes anything.
 */
export function memoryCounts(k: MemoryState): MemoryCounts {
  const { frames } = k;
  const locked = lockedFrames(k);
  const counts = new Array<number>(16).fill(0);
  const evictable = new Array<number>(16).fill(0);
  let fileMapped = 0;
  let anonMapped = 0;
  for (let frame = 0; frame < frames.rows; frame++) {
    const kind = frames.kind[frame]!;
    counts[kind]!++;
    if (!locked.has(frame)) evictable[kind]!++;
    if (kind === FRAME.ANON && frames.mapcount[frame]! > 0) anonMapped++;
    if ((kind === FRAME.FILE || kind === FRAME.SHMEM) && frames.mapcount[frame]! > 0) fileMapped++;
  }
  return {
    free: k.machine.freeFrames[0]!,
    anonMapped,
    filePages: counts[FRAME.FILE]! + counts[FRAME.SHMEM]! + k.machine.swapCached[0]!,
    swapCached: k.machine.swapCached[0]!,
    shmem: counts[FRAME.SHMEM]!,
    fileMapped,
    pageTables: counts[FRAME.TABLE]!,
    mlocked: locked.size,
    activeAnon: 0,
    inactiveAnon: evictable[FRAME.ANON]! + evictable[FRAME.SHMEM]!,
    activeFile: 0,
    inactiveFile: evictable[FRAME.FILE]!,
    unevictable: locked.size,
  };
}

/** Frames that a locked area maps. */
function lockedFrames(k: MemoryState): Set<number> {
  const { vmas } = k;
  const found = new Set<number>();
  for (let vma = 0; vma < vmas.rows; vma++) {
    if (!isLive(vmas, vma) || (vmas.flags[vma]! & VM.LOCKED) === 0) continue;
    forEachTable(k, vmas.mm[vma]! as MmId, vmas.start[vma]!, vmas.end[vma]!, (table, from, to) => {
      for (let page = from; page < to; page++) {
        const low = lowWord(k, entryId(table, page % 512));
        if (namesFrame(low)) found.add(frameOfLow(low));
      }
    });
  }
  return found;
}
