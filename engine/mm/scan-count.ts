import { LRU, type LruList } from '../base/flags.ts';
import type { MemoryState } from './state.ts';
import { watermarks } from './watermarks.ts';

/** Lists in the order in which they are scanned. */
export const EVICTABLE: readonly LruList[] = [LRU.INACTIVE_ANON, LRU.ACTIVE_ANON, LRU.INACTIVE_FILE, LRU.ACTIVE_FILE];

/** Frames of a GiB: above, the inactive list may be a smaller part. */
const GIB_FRAMES = 262_144;

/** Is the inactive list too short against the active one? Source: Linux 6.18 mm/vmscan.c inactive_is_low. */
export function inactiveIsLow(k: MemoryState, inactive: LruList): boolean {
  const few = k.lruLists.count[inactive]!;
  const many = k.lruLists.count[inactive + 1]!;
  const gib = Math.floor((few + many) / GIB_FRAMES);
  const ratio = gib === 0 ? 1 : Math.floor(Math.sqrt(10 * gib));
  return few * ratio < many;
}

/**
 * How many frames of each list to look at in this round: both kinds by swappiness and by what reclaiming them cost of
 * late; only files without free swap; only anonymous memory where the files are nearly gone.
 * Source: Linux 6.18 mm/vmscan.c get_scan_count, prepare_scan_control.
 * @param priority 12 looks at 1/4,096 of a list, 0 at all of it
 */
export function scanCounts(k: MemoryState, priority: number): number[] {
  const { machine, lruLists } = k;
  const size = (list: LruList): number => lruLists.count[list]!;
  const shifted = (list: LruList): number => Math.floor(size(list) / 2 ** priority);
  const files = size(LRU.INACTIVE_FILE) + size(LRU.ACTIVE_FILE);
  const noSwap = machine.swapUsed[0]! >= machine.swapPages[0]!;
  const swappiness = machine.swappiness[0]!;
  if (noSwap) return [0, 0, shifted(LRU.INACTIVE_FILE), shifted(LRU.ACTIVE_FILE)];
  if (priority === 0 && swappiness > 0) return EVICTABLE.map(shifted);
  const anonCanWait = inactiveIsLow(k, LRU.INACTIVE_ANON);
  if (files + machine.freeFrames[0]! <= watermarks(k).high && !anonCanWait && shifted(LRU.INACTIVE_ANON) > 0) {
    return [shifted(LRU.INACTIVE_ANON), shifted(LRU.ACTIVE_ANON), 0, 0];
  }
  if (shifted(LRU.INACTIVE_FILE) > 0 && !inactiveIsLow(k, LRU.INACTIVE_FILE)) {
    return [0, 0, shifted(LRU.INACTIVE_FILE), shifted(LRU.ACTIVE_FILE)];
  }
  const total = machine.anonCost[0]! + machine.fileCost[0]!;
  const anon = (swappiness * (total + 1)) / (total + machine.anonCost[0]! + 1);
  const file = ((200 - swappiness) * (total + 1)) / (total + machine.fileCost[0]! + 1);
  return EVICTABLE.map((list) => {
    const share = list === LRU.INACTIVE_ANON || list === LRU.ACTIVE_ANON ? anon : file;
    return Math.ceil((shifted(list) * share) / (anon + file));
  });
}

/** Reclaiming of that kind cost something; the past counts less and less. Source: Linux 6.18 mm/swap.c lru_note_cost. */
export function noteCost(k: MemoryState, list: LruList, cost: number): void {
  const { machine, lruLists } = k;
  const column = list === LRU.INACTIVE_ANON || list === LRU.ACTIVE_ANON ? machine.anonCost : machine.fileCost;
  column[0]! += cost;
  const sizes = EVICTABLE.reduce<number>((sum, each) => sum + lruLists.count[each]!, 0);
  if (machine.anonCost[0]! + machine.fileCost[0]! > sizes / 4) {
    machine.anonCost[0] = Math.floor(machine.anonCost[0]! / 2);
    machine.fileCost[0] = Math.floor(machine.fileCost[0]! / 2);
  }
}
