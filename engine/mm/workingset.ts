import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { LRU, PG } from '../base/flags.ts';
import type { ObjectId, Pfn, SlotId } from '../base/units.ts';
import { leaveShadow, takeShadow } from './file-shadow.ts';
import { activeList, lruAdd, lruMove } from './lru-list.ts';
import type { MemoryState } from './state.ts';

/**
 * How long a page was away, counted in pages that left or became active meanwhile. One that comes back sooner than the
 * memory in use would have kept it goes straight to the active list.
 * Source: Linux 6.18 mm/workingset.c; the shadow entry is a column of the slot, or a row of file-shadow.ts.
 */

/** A page leaves memory for its slot. */
export function noteEviction(k: MemoryState, frame: Pfn, slot: SlotId): void {
  k.swapSlots.shadow[slot] = ageNow(k, frame);
}

/** A file's page is taken by reclaim. */
export function noteFileEviction(k: MemoryState, file: ObjectId, frame: Pfn): void {
  leaveShadow(k, file, k.frames.index[frame]!, ageNow(k, frame));
}

/** Source: workingset_eviction. */
function ageNow(k: MemoryState, frame: Pfn): number {
  const workingset = (k.frames.flags[frame]! & PG.WORKINGSET) !== 0 ? 1 : 0;
  return 1 + 2 * k.machine.nonresidentAge[0]!++ + workingset;
}

/** A page became active: all that is away looks a page older. Source: workingset_activation. */
export function noteActivation(k: MemoryState): void {
  k.machine.nonresidentAge[0]!++;
}

/** A page is read back into a fresh frame, which is on no list yet. */
export function noteRefault(k: MemoryState, frame: Pfn, slot: SlotId): void {
  const shadow = k.swapSlots.shadow[slot]!;
  k.swapSlots.shadow[slot] = 0;
  if (comesBackSoon(k, frame, shadow, ANON)) lruAdd(k, frame, activeList(k, frame));
}

/** A file's page is read into a frame that is on its list already. */
export function noteFileRefault(k: MemoryState, file: ObjectId, frame: Pfn): void {
  const shadow = takeShadow(k, file, k.frames.index[frame]!);
  if (comesBackSoon(k, frame, shadow, FILE)) lruMove(k, frame, activeList(k, frame));
}

/** Where each kind is counted. */
const ANON = ['refaultAnon', 'refaultActivateAnon', 'refaultRestoreAnon', 'anonCost'] as const;
const FILE = ['refaultFile', 'refaultActivateFile', 'refaultRestoreFile', 'fileCost'] as const;

/** Was it away shorter than memory could have kept it? Source: workingset_refault, workingset_test_recent. */
function comesBackSoon(k: MemoryState, frame: Pfn, shadow: number, kind: typeof ANON | typeof FILE): boolean {
  if (shadow === 0) return false;
  const [refaults, activated, restored, cost] = kind;
  const { machine, lruLists, frames } = k;
  const { count } = lruLists;
  const distance = machine.nonresidentAge[0]! - Math.floor((shadow - 1) / 2);
  const files = count[LRU.ACTIVE_FILE]! + (kind === ANON ? count[LRU.INACTIVE_FILE]! : 0);
  const anon = count[LRU.ACTIVE_ANON]! + (kind === FILE ? count[LRU.INACTIVE_ANON]! : 0);
  const hasSwap = machine.swapPages[0]! > machine.swapUsed[0]!;
  const recent = distance <= files + (kind === ANON || hasSwap ? anon : 0);
  machine[refaults][0]!++;
  emit(k.events, EVENT.REFAULT, -1, frame, distance, recent ? 1 : 0);
  if (!recent) return false;
  noteActivation(k);
  machine[activated][0]!++;
  if ((shadow - 1) % 2 === 1) {
    frames.flags[frame]! |= PG.WORKINGSET;
    machine[restored][0]!++;
    machine[cost][0]!++;
  }
  return true;
}
