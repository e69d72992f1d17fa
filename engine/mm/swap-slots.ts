import { assert } from '../base/assert.ts';
import { NOT_ALLOWED } from '../base/compile-machine.ts';
import { EVENT, SWAP_KINDS } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { MAX_SWAP_DEVICES, MAX_SWAP_PAGES } from '../base/limits.ts';
import { allocRow, extendRows, freeRow } from '../base/table.ts';
import type { SlotId } from '../base/units.ts';
import type { SwapKind } from '../protocol/commands.ts';
import { SLOT_STATES, slotTable, type SlotEvent, type SlotStateName } from './slot.machine.ts';
import type { MemoryState } from './state.ts';

/** The first device gets this priority, each later one a lower. Source: Linux 6.18 mm/swapfile.c SWAP_PRIO least_priority. */
const FIRST_PRIORITY = -2;

/** Is there room for a device of so many slots more? */
export const mayAddSwap = (k: MemoryState, pages: number): boolean =>
  k.swapDevices.rows < MAX_SWAP_DEVICES && k.swapSlots.rows + pages < MAX_SWAP_PAGES;

/**
 * swapon(2): a device with `pages` slots, numbered from 1; slot 0 is its header. Its priority is below that of all before.
 * Source: Linux 6.18 mm/swapfile.c setup_swap_map, enable_swap_info.
 */
export function addSwapDevice(k: MemoryState, kind: SwapKind, pages: number): void {
  assert(mayAddSwap(k, pages), 'the amount of swap was checked before');
  const { swapDevices, swapSlots, machine } = k;
  const device = allocRow(swapDevices);
  const first = swapSlots.rows;
  swapDevices.kind[device] = SWAP_KINDS.indexOf(kind);
  swapDevices.firstSlot[device] = first;
  swapDevices.pages[device] = pages;
  swapDevices.next[device] = 1;
  swapDevices.priority[device] = FIRST_PRIORITY - device;
  extendRows(swapSlots, first + pages + 1);
  swapSlots.device.fill(device, first);
  const { frame, content, rmap, object, prev, next, hashNext, writeNext } = swapSlots;
  for (const column of [frame, content, rmap, object, prev, next, hashNext, writeNext]) column.fill(-1, first);
  machine.swapPages[0]! += pages;
  emit(k.events, EVENT.SWAP_ON, -1, -1, swapDevices.kind[device]!, pages);
}

/** Reads and writes end within the call: SWP_SYNCHRONOUS_IO. */
export const isSynchronous = (k: MemoryState, slot: SlotId): boolean =>
  k.swapDevices.kind[k.swapSlots.device[slot]!] === SWAP_KINDS.indexOf('zram');

export const slotState = (k: MemoryState, slot: SlotId): SlotStateName => SLOT_STATES[k.swapSlots.state[slot]!]!;

/** The only place that changes a slot's state: the table compiled from slot.machine says what comes after. */
export function sendSlot(k: MemoryState, slot: SlotId, event: SlotEvent): void {
  const state = k.swapSlots.state[slot]!;
  const cell = state * slotTable.events.length + slotTable.eventIndex[event];
  const next = slotTable.next[cell]!;
  if (next === NOT_ALLOWED) assert(false, `slot.machine allows ${event} in ${SLOT_STATES[state]!}`);
  slotTable.taken[cell]!++;
  k.swapSlots.state[slot] = next;
}

/** Less than half of all slots is free. Source: Linux 6.18 include/linux/swap.h vm_swap_full. */
export const swapIsHalfFull = (k: MemoryState): boolean =>
  (k.machine.swapPages[0]! - k.machine.swapUsed[0]!) * 2 < k.machine.swapPages[0]!;

/**
 * A free slot of the device with the highest priority that has one, the next one behind the slot taken last.
 * Source: Linux 6.18 mm/swapfile.c folio_alloc_swap, alloc_swap_scan_cluster; simplified: clusters follow one another.
 * @returns null when all are taken
 */
export function takeSlot(k: MemoryState): SlotId | null {
  const { swapDevices, swapSlots, machine } = k;
  for (let device = 0; device < swapDevices.rows; device++) {
    const pages = swapDevices.pages[device]!;
    if (swapDevices.used[device] === pages) continue;
    let offset = swapDevices.next[device]!;
    const first = swapDevices.firstSlot[device]!;
    while (swapSlots.state[first + offset] !== slotTable.stateIndex.free) offset = (offset % pages) + 1;
    swapDevices.next[device] = (offset % pages) + 1;
    swapDevices.used[device]!++;
    machine.swapUsed[0]!++;
    const slot = (first + offset) as SlotId;
    swapSlots.shadow[slot] = 0;
    sendSlot(k, slot, 'slot.take');
    return slot;
  }
  return null;
}

/**
 * Nobody names the slot and no frame is in the cache for it. A disk goes on holding the bytes until they are written
 * over; zram forgets them. Source: Linux 6.18 mm/swapfile.c swap_entries_free, drivers/block/zram zram_slot_free_notify.
 */
export function freeSlot(k: MemoryState, slot: SlotId): void {
  const { swapDevices, swapSlots, machine } = k;
  assert(swapSlots.count[slot] === 0 && swapSlots.frame[slot]! < 0, "a slot is nobody's when it is freed", slot);
  sendSlot(k, slot, 'slot.free');
  if (isSynchronous(k, slot)) forgetStored(k, slot);
  swapDevices.used[swapSlots.device[slot]!]!--;
  machine.swapUsed[0]!--;
  emit(k.events, EVENT.SLOT_FREE, -1, -1, slot);
}

/** What the device holds in the slot is gone. */
export function forgetStored(k: MemoryState, slot: SlotId): void {
  const { swapSlots } = k;
  if (swapSlots.content[slot]! >= 0) freeRow(k.contents, swapSlots.content[slot]!);
  swapSlots.content[slot] = -1;
}
