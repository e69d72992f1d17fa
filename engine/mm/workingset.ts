import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { LRU, PG } from '../base/flags.ts';
import type { Pfn, SlotId } from '../base/units.ts';
import { activeList, lruAdd } from './lru-list.ts';
import type { MemoryState } from './state.ts';

/**
 * How long a page was away, counted in pages that left or became active meanwhile. One that comes back sooner than the
 * memory in use would have kept it goes straight to the active list.
 * Source: Linux 6.18 mm/workingset.c; the shadow entry is a column of the slot. Files have none here.
 */

/** A page leaves memory for its slot. Source: workingset_eviction. */
export function noteEviction(k: MemoryState, frame: Pfn, slot: SlotId): void {
  const workingset = (k.frames.flags[frame]! & PG.WORKINGSET) !== 0 ? 1 : 0;
  k.swapSlots.shadow[slot] = 1 + 2 * k.machine.nonresidentAge[0]! + workingset;
  k.machine.nonresidentAge[0]!++;
}

/** A page became active: all that is away looks a page older. Source: workingset_activation. */
export function noteActivation(k: MemoryState): void {
  k.machine.nonresidentAge[0]!++;
}

/** A page is read back into a fresh frame, which is on no list yet. Source: workingset_refault, workingset_test_recent. */
export function noteRefault(k: MemoryState, frame: Pfn, slot: SlotId): void {
  const { machine, lruLists, frames } = k;
  const shadow = k.swapSlots.shadow[slot]!;
  if (shadow === 0) return;
  k.swapSlots.shadow[slot] = 0;
  const distance = machine.nonresidentAge[0]! - Math.floor((shadow - 1) / 2);
  const { count } = lruLists;
  const used = count[LRU.ACTIVE_FILE]! + count[LRU.INACTIVE_FILE]! + count[LRU.ACTIVE_ANON]!;
  const recent = distance <= used;
  machine.refaultAnon[0]!++;
  emit(k.events, EVENT.REFAULT, -1, frame, distance, recent ? 1 : 0);
  if (!recent) return;
  noteActivation(k);
  machine.refaultActivateAnon[0]!++;
  if ((shadow - 1) % 2 === 1) {
    frames.flags[frame]! |= PG.WORKINGSET;
    machine.refaultRestoreAnon[0]!++;
    machine.anonCost[0]!++;
  }
  lruAdd(k, frame, activeList(k, frame));
}
