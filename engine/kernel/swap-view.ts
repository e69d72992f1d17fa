import type { EntryId, ObjectId, SlotId, VmaId } from '../base/units.ts';
import { slotOfObjectPage } from '../mm/object-slots.ts';
import { namesOfSlot, sharersOf } from '../mm/rmap.ts';
import { contentByte } from '../mm/frame-bytes.ts';
import { placeOfSlot } from '../mm/swap-entry.ts';
import { slotState } from '../mm/swap-slots.ts';
import { objectPage } from '../mm/vma.ts';
import type { MachineView, SharerView, SlotState, SlotView } from '../protocol/views.ts';
import { pageLabel } from './regions.ts';
import type { KernelState } from './state.ts';

/** Swap for whoever only looks. */

/** Whose entries these are, ordered by task and page. */
export const sharersOfEntries = (k: KernelState, entries: readonly EntryId[]): SharerView[] =>
  sharersOf(k, entries).map(({ mm, page }) => ({
    pid: k.mms.pid[mm]!,
    page,
    label: pageLabel(k, page, k.mms.pid[mm]!),
  }));

/** A slot that is taken, with the pages that are in it. */
export const slotView = (k: KernelState, slot: SlotId): SlotView => ({
  ...placeOfSlot(k, slot),
  count: k.swapSlots.count[slot]!,
  frame: k.swapSlots.frame[slot]!,
  sharers: sharersOfEntries(k, namesOfSlot(k, slot)),
});

/**
 * A slot with the first bytes of what the device holds there; null where it holds nothing that means anything: the slot
 * is free, or its frame was not written yet.
 */
export function peekSlot(
  k: KernelState,
  slot: SlotId,
  length: number,
): { readonly state: SlotState; readonly view: SlotView; readonly bytes: readonly number[] | null } {
  const state = slotState(k, slot);
  const held = state === 'clean' || state === 'stored' || state === 'reading';
  const content = k.swapSlots.content[slot]!;
  return {
    state,
    view: slotView(k, slot),
    bytes: held ? Array.from({ length }, (_, at) => contentByte(k, content, at)) : null,
  };
}

/** The slot of a frame in the swap cache, null for all others. */
export const slotOfFrame = (k: KernelState, frame: number): SlotView | null =>
  k.frames.slot[frame]! < 0 ? null : slotView(k, k.frames.slot[frame]! as SlotId);

/** The slot of a page of shared memory that is swapped out, null for all others. */
export function slotOfSharedPage(k: KernelState, vma: VmaId, page: number): SlotView | null {
  const object = k.vmas.object[vma]! as ObjectId;
  const slot = object < 0 ? -1 : slotOfObjectPage(k, object, objectPage(k, vma, page));
  return slot < 0 ? null : slotView(k, slot as SlotId);
}

export const swapView = ({ machine }: KernelState): MachineView['swap'] => ({
  total: machine.swapPages[0]!,
  used: machine.swapUsed[0]!,
  free: machine.swapPages[0]! - machine.swapUsed[0]!,
  cached: machine.swapCached[0]!,
});
