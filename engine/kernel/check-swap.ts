import { PTE } from '../base/flags.ts';
import { isLive } from '../base/table.ts';
import { PAGE_SIZE, type EntryId, type MmId, type Pfn, type SlotId } from '../base/units.ts';
import { entryId, lowWord, ownerOfEntry } from '../mm/page-table.ts';
import { entriesOf, namesOfSlot } from '../mm/rmap.ts';
import { isSwapped, slotOfEntry } from '../mm/swap-entry.ts';
import { slotState } from '../mm/swap-slots.ts';
import { bytesOfContent, firstDifference } from './compare-pages.ts';
import type { Report } from './check-invariants.ts';
import type { KernelState } from './state.ts';

/**
 * INV-14 a slot's count is the page table entries that name it plus the object that does, and its state fits
 * INV-15 swap cache: frame and slot name each other
 * INV-16 a slot whose frame was not written since holds the frame's bytes
 * INV-17 the sums of swapped pages, by address space, object, device and machine, are right
 */
export function checkSwap(k: KernelState, report: Report): void {
  if (k.swapDevices.rows === 0) return;
  const named = countNames(k, report);
  let used = 0;
  let cached = 0;
  for (let device = 0; device < k.swapDevices.rows; device++) {
    const first = k.swapDevices.firstSlot[device]!;
    let own = 0;
    for (let slot = first + 1; slot <= first + k.swapDevices.pages[device]!; slot++) {
      if (k.swapSlots.frame[slot]! >= 0) cached++;
      if (checkSlot(k, slot as SlotId, named.get(slot) ?? 0, report)) own++;
    }
    if (own !== k.swapDevices.used[device])
      report('INV-17', `swap device ${device}: ${own} slots taken, counted ${k.swapDevices.used[device]}`);
    used += own;
  }
  if (used !== k.machine.swapUsed[0]) report('INV-17', `${used} slots taken, counted ${k.machine.swapUsed[0]}`);
  if (cached !== k.machine.swapCached[0])
    report('INV-17', `${cached} frames in the swap cache, counted ${k.machine.swapCached[0]}`);
  checkObjects(k, report);
}

/** Names of each slot by page table entries; their sums by address space on the way. */
function countNames(k: KernelState, report: Report): Map<number, number> {
  const named = new Map<number, number>();
  const bySpace = new Map<MmId, number>();
  const { words, level, used } = k.tables;
  for (let table = 0; table < k.tables.rows; table++) {
    if (!isLive(k.tables, table) || level[table] !== 1 || used[table] === 0) continue;
    for (let index = 0; index < 512; index++) {
      const low = words[table * 1024 + index * 2]!;
      if (low === 0 || !isSwapped(low)) continue;
      const entry = entryId(table, index);
      const slot = slotOfEntry(k, entry);
      const { mm } = ownerOfEntry(k, entry);
      named.set(slot, (named.get(slot) ?? 0) + 1);
      bySpace.set(mm, (bySpace.get(mm) ?? 0) + 1);
    }
  }
  for (let mm = 0; mm < k.mms.rows; mm++) {
    if (!isLive(k.mms, mm)) continue;
    const pages = bySpace.get(mm as MmId) ?? 0;
    if (k.mms.swapEntries[mm] !== pages)
      report('INV-17', `p${k.mms.pid[mm]}: ${pages} swap entries, counted ${k.mms.swapEntries[mm]}`);
  }
  return named;
}

/** @returns whether it is taken */
function checkSlot(k: KernelState, slot: SlotId, entries: number, report: Report): boolean {
  const { swapSlots, frames } = k;
  const state = slotState(k, slot);
  const count = entries + (swapSlots.object[slot]! >= 0 ? 1 : 0);
  const frame = swapSlots.frame[slot]!;
  if (count !== swapSlots.count[slot])
    report('INV-14', `slot ${slot}: named ${count} times, counted ${swapSlots.count[slot]}`);
  if (namesOfSlot(k, slot).length !== entries) report('INV-14', `slot ${slot}: its chain is not its entries`);
  if (state === 'stored' && count === 0) report('INV-14', `slot ${slot} is stored for nobody`);
  if (state === 'free' && count > 0) report('INV-14', `slot ${slot} is free and has names`);
  const inCache = state === 'cached' || state === 'writing' || state === 'clean';
  if (inCache !== frame >= 0) report('INV-15', `slot ${slot} is ${state} and has frame ${frame}`);
  if (frame >= 0 && frames.slot[frame] !== slot) report('INV-15', `slot ${slot}: frame ${frame} has another slot`);
  if (state === 'clean' && !isWritten(k, frame as Pfn) && !sameBytes(k, slot, frame))
    report('INV-16', `slot ${slot} holds other bytes than frame ${frame}`);
  return state !== 'free';
}

/** A task that maps the frame has written to it. */
const isWritten = (k: KernelState, frame: Pfn): boolean =>
  entriesOf(k, frame).some((entry: EntryId) => (lowWord(k, entry) & PTE.DIRTY) !== 0);

function sameBytes(k: KernelState, slot: number, frame: number): boolean {
  const [a, b] = [k.swapSlots.content[slot]!, k.frames.content[frame]!];
  return firstDifference(bytesOfContent(k, a, 0), bytesOfContent(k, b, 1), PAGE_SIZE) === null;
}

function checkObjects(k: KernelState, report: Report): void {
  for (let object = 0; object < k.objects.rows; object++) {
    if (!isLive(k.objects, object)) continue;
    let slots = 0;
    for (let slot = k.objects.swapHead[object]!; slot >= 0; slot = k.swapSlots.next[slot]!) {
      slots++;
      if (k.swapSlots.object[slot] !== object) report('INV-17', `slot ${slot} is in the list of object ${object}`);
    }
    if (slots !== k.objects.swapped[object])
      report('INV-17', `object ${object}: ${slots} pages in swap, counted ${k.objects.swapped[object]}`);
  }
}
