import { LRU, PG, type LruList } from '../base/flags.ts';
import type { Pfn } from '../base/units.ts';
import { activeList, inactiveList, listOf, lruAdd, lruMove, lruRemove } from './lru-list.ts';
import { reclaimFrame } from './reclaim-frame.ts';
import { entriesUsed, isCode, judge } from './referenced.ts';
import { EVICTABLE, inactiveIsLow, noteCost, scanCounts } from './scan-count.ts';
import type { MemoryState } from './state.ts';
import { reclaimBatch } from './watermarks.ts';
import { noteActivation } from './workingset.ts';

/** Who reclaims: what it looks at and what it frees is counted apart. */
export type Reclaimer = 'kswapd' | 'direct';

const isFileList = (list: LruList): boolean => list === LRU.INACTIVE_FILE || list === LRU.ACTIVE_FILE;

/**
 * One round over all lists. Source: Linux 6.18 mm/vmscan.c shrink_lruvec; simplified: it ends with enough frames, without
 * evening out how far it got in each list. @returns frames that became free
 */
export function shrinkLists(k: MemoryState, priority: number, wanted: number, who: Reclaimer): number {
  const left = scanCounts(k, priority);
  const batch = reclaimBatch(k);
  let freed = 0;
  while (left.some((count, list) => count > 0 && list !== LRU.ACTIVE_ANON) && freed < wanted) {
    for (const list of EVICTABLE) {
      const count = Math.min(left[list]!, batch);
      left[list]! -= count;
      if (count > 0) freed += shrinkList(k, list, count, who);
    }
  }
  if (k.machine.swapPages[0]! > 0 && inactiveIsLow(k, LRU.INACTIVE_ANON)) shrinkActive(k, LRU.ACTIVE_ANON, batch);
  return freed;
}

function shrinkList(k: MemoryState, list: LruList, count: number, who: Reclaimer): number {
  if (list === LRU.INACTIVE_ANON || list === LRU.INACTIVE_FILE) return shrinkInactive(k, list, count, who);
  if (inactiveIsLow(k, (list - 1) as LruList)) shrinkActive(k, list, count);
  return 0;
}

/** Frames from the old end of an active list go to the inactive one; a program's code that was used stays. Source: shrink_active_list. */
function shrinkActive(k: MemoryState, list: LruList, count: number): void {
  const { lruLists, frames, machine } = k;
  for (let i = Math.min(count, lruLists.count[list]!); i > 0; i--) {
    const frame = lruLists.last[list]! as Pfn;
    machine.pgrefill[0]!++;
    if (entriesUsed(k, frame) > 0 && isFileList(list) && isCode(k, frame)) {
      lruMove(k, frame, list);
      continue;
    }
    frames.flags[frame]! |= PG.WORKINGSET;
    lruMove(k, frame, (list - 1) as LruList);
    machine.pgdeactivate[0]!++;
  }
}

/** Frames from the old end of an inactive list are judged by their use, and taken away. Source: shrink_inactive_list. */
function shrinkInactive(k: MemoryState, list: LruList, count: number, who: Reclaimer): number {
  const { lruLists, machine } = k;
  const written = machine.pswpout[0]!;
  let freed = 0;
  let rotated = 0;
  for (let i = Math.min(count, lruLists.count[list]!); i > 0; i--) {
    const frame = lruLists.last[list]! as Pfn;
    if (frame < 0) break;
    countScan(k, list, who);
    const verdict = judge(k, frame, list);
    if (verdict === 'reclaim' && isolateAndReclaim(k, frame)) {
      freed++;
      countSteal(k, list, who);
    } else {
      if (verdict === 'keep') lruMove(k, frame, list);
      if (verdict === 'activate') activate(k, frame);
      rotated++;
    }
  }
  noteCost(k, list, (machine.pswpout[0]! - written) * reclaimBatch(k) + rotated);
  return freed;
}

/** The frame is needed. Source: Linux 6.18 mm/vmscan.c move_folios_to_lru, mm/workingset.c workingset_activation. */
function activate(k: MemoryState, frame: Pfn): void {
  k.machine.pgactivate[0]!++;
  noteActivation(k);
  lruMove(k, frame, activeList(k, frame));
}

/**
 * Takes a frame off its list and tries to free it; what stays goes back onto one. A frame that is being written comes to
 * the old end when its write has ended. @returns whether it is free
 */
export function isolateAndReclaim(k: MemoryState, frame: Pfn): boolean {
  const list = listOf(k, frame);
  if (list < 0 || list === LRU.UNEVICTABLE) return false;
  lruRemove(k, frame);
  const ended = reclaimFrame(k, frame);
  if (ended === 'freed') return true;
  if (ended === 'active') {
    k.machine.pgactivate[0]!++;
    lruAdd(k, frame, activeList(k, frame));
  } else {
    lruAdd(k, frame, inactiveList(k, frame));
  }
  return false;
}

function countScan({ machine }: MemoryState, list: LruList, who: Reclaimer): void {
  (who === 'kswapd' ? machine.pgscanKswapd : machine.pgscanDirect)[0]!++;
  (isFileList(list) ? machine.pgscanFile : machine.pgscanAnon)[0]!++;
}

function countSteal({ machine }: MemoryState, list: LruList, who: Reclaimer): void {
  (who === 'kswapd' ? machine.pgstealKswapd : machine.pgstealDirect)[0]!++;
  (isFileList(list) ? machine.pgstealFile : machine.pgstealAnon)[0]!++;
}
