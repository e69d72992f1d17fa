import { FRAME, LRU, LRU_NAMES } from '../base/flags.ts';
import type { Pfn } from '../base/units.ts';
import { activeList, inactiveList, listOf } from '../mm/lru-list.ts';
import { isLocked } from '../mm/lru.ts';
import { ownerOfEntry } from '../mm/page-table.ts';
import { entriesOf } from '../mm/rmap.ts';
import type { Report } from './check-invariants.ts';
import type { KernelState } from './state.ts';

/** INV-18: a frame that holds a page is on exactly one list, the one that fits it; lists are whole and counted. */
export function checkLru(k: KernelState, report: Report): void {
  const wrong = (text: string): void => report('INV-18', text);
  const seen = new Uint8Array(k.frames.rows);
  LRU_NAMES.forEach((name, list) => {
    let count = 0;
    let before = -1;
    for (let frame = k.lruLists.first[list]!; frame >= 0; frame = k.frames.lruNext[frame]!) {
      if (seen[frame] === 1) return wrong(`frame ${frame} is on two lists, or ${name} is a circle`);
      seen[frame] = 1;
      count++;
      if (k.frames.lruPrev[frame] !== before) wrong(`${name}: frame ${frame} names another neighbour`);
      if (listOf(k, frame as Pfn) !== list) wrong(`${name}: frame ${frame} is marked for another list`);
      before = frame;
    }
    if (k.lruLists.last[list] !== before) wrong(`${name} does not end at frame ${before}`);
    if (count !== k.lruLists.count[list]) wrong(`${name}: ${count} frames, counted ${k.lruLists.count[list]}`);
  });
  for (let frame = 0; frame < k.frames.rows; frame++) {
    const problem = misplaced(k, frame as Pfn, seen[frame] === 1);
    if (problem !== null) wrong(`frame ${frame} ${problem}`);
  }
}

const holdsAPage = (kind: number): boolean => kind === FRAME.ANON || kind === FRAME.SHMEM || kind === FRAME.FILE;

function misplaced(k: KernelState, frame: Pfn, listed: boolean): string | null {
  const holdsPage = holdsAPage(k.frames.kind[frame]!);
  if (holdsPage !== listed) return listed ? 'is on a list and holds no page' : 'is on no list';
  if (!holdsPage) return null;
  const list = listOf(k, frame);
  const locked = isLocked(k, frame);
  if (locked && list !== LRU.UNEVICTABLE) return 'is locked and may be reclaimed';
  if (!locked && list === LRU.UNEVICTABLE) return mayBeLeftLocked(k, frame) ? null : 'is not locked';
  const fits = locked || list === inactiveList(k, frame) || list === activeList(k, frame);
  return fits ? null : `is on the list ${LRU_NAMES[list as number]}`;
}

/** mremap(MREMAP_DONTUNMAP) unlocks an area and not its pages; see emptyOldArea in move-area.ts. */
const mayBeLeftLocked = (k: KernelState, frame: Pfn): boolean =>
  entriesOf(k, frame).some((entry) => k.mms.lockedStale[ownerOfEntry(k, entry).mm]! > 0);
