import { EVENT, SWAP_KINDS } from '../../engine/base/event-kinds.ts';
import type { SlotId } from '../../engine/base/units.ts';
import { namesOfSlot, sharersOf } from '../../engine/mm/rmap.ts';
import { slotTable } from '../../engine/mm/slot.machine.ts';
import type { KernelState } from '../../engine/kernel/index.ts';
import type { SlotsSnapshot, SwapMove } from '../../engine/protocol/snapshot.ts';
import { ownerBit } from './owner-bit.ts';

/** Every device begins with a header, which is no place for a page: slot s of device d is place s − d − 1. */
export const placeOnBoard = (k: KernelState, slot: number): number => slot - k.swapSlots.device[slot]! - 1;

/** The kernel's number of the slot at a place of the board; −1 where there is none. */
export function slotAtPlace(k: KernelState, place: number): SlotId {
  let first = 0;
  for (let device = 0; device < k.swapDevices.rows; device++) {
    const pages = k.swapDevices.pages[device]!;
    if (place < first + pages) return (k.swapDevices.firstSlot[device]! + 1 + place - first) as SlotId;
    first += pages;
  }
  return -1 as SlotId;
}

/** All slots of all devices. @param fresh slots, by the kernel's numbers, that the step just done changed */
export function slotsSnapshot(k: KernelState, fresh: ReadonlySet<number>): SlotsSnapshot {
  const { swapDevices, swapSlots } = k;
  const total = k.machine.swapPages[0]!;
  const devices: { kind: (typeof SWAP_KINDS)[number]; pages: number }[] = [];
  const snapshot = {
    total,
    taken: new Uint8Array(total),
    count: new Uint16Array(total),
    owners: new Uint32Array(total),
    frame: new Int32Array(total).fill(-1),
    fresh: new Uint8Array(total),
  };
  for (let device = 0; device < swapDevices.rows; device++) {
    const pages = swapDevices.pages[device]!;
    devices.push({ kind: SWAP_KINDS[swapDevices.kind[device]!]!, pages });
    const first = swapDevices.firstSlot[device]!;
    for (let slot = first + 1; slot <= first + pages; slot++) {
      const place = placeOnBoard(k, slot);
      if (fresh.has(slot)) snapshot.fresh[place] = 1;
      if (swapSlots.state[slot] === slotTable.stateIndex.free) continue;
      snapshot.taken[place] = 1;
      snapshot.count[place] = swapSlots.count[slot]!;
      snapshot.frame[place] = swapSlots.frame[slot]!;
      for (const { mm } of sharersOf(k, namesOfSlot(k, slot as SlotId))) {
        snapshot.owners[place]! |= ownerBit(k.mms.pid[mm]!);
      }
    }
  }
  return { ...snapshot, devices };
}

/** Of SWAP_WRITE: only a bit notes that the page is zeros; nothing is written. */
const ONLY_NOTED = 2;

/** The slot that an event touched, and the bytes that it moved. */
export function swapOfEvent(k: KernelState, at: number): { slot: number; move: SwapMove | null } | null {
  const { events } = k;
  const slot = events.a[at]!;
  const move = (way: SwapMove['way']): SwapMove => ({ way, frame: events.frame[at]!, slot: placeOnBoard(k, slot) });
  switch (events.kind[at]) {
    case EVENT.SWAP_WRITE:
      return { slot, move: events.b[at] === ONLY_NOTED ? null : move('out') };
    case EVENT.SWAP_READ:
      return { slot, move: move('in') };
    case EVENT.SWAP_OUT:
    case EVENT.SWAP_IN:
    case EVENT.SLOT_FREE:
      return { slot, move: null };
    default:
      return null;
  }
}
