import { PTE } from '../base/flags.ts';
import type { EntryId, SlotId } from '../base/units.ts';
import { highWord, lowWord } from './page-table.ts';
import type { MemoryState } from './state.ts';

/**
 * A page table entry that names a swap slot: bits 59 … 63 are the device, bits 9 … 58 the slot's number inverted, bit 3
 * the exclusive mark; bits 0 and 8 are clear, so that the hardware refuses it and nobody takes it for PROT_NONE.
 * Source: Linux 6.18 arch/x86/include/asm/pgtable_64.h __swp_entry, _PAGE_SWP_EXCLUSIVE.
 */
const OFFSET_SHIFT = 9;
/** Bits of the inverted number that the low word holds; all higher ones are ones, as numbers stay below 2^22. */
const OFFSET_MASK = 0x7fffff;
const TYPE_SHIFT = 27;
const HIGH_OFFSET_ONES = 0x7ffffff;

/** Does the low word name a swap slot? Every other entry without PRESENT is zero or has PROTNONE or GUARD. */
export const isSwapped = (low: number): boolean => low !== 0 && (low & (PTE.PRESENT | PTE.PROTNONE | PTE.GUARD)) === 0;

/** Does the low word name a frame that is counted in RSS? */
export const namesFrame = (low: number): boolean =>
  (low & (PTE.PRESENT | PTE.PROTNONE)) !== 0 && (low & PTE.SPECIAL) === 0;

/** The two words for a slot. @param offset number of the slot in its device */
export function swapWords(device: number, offset: number, exclusive: boolean): { low: number; high: number } {
  const low = (((~offset & OFFSET_MASK) << OFFSET_SHIFT) | (exclusive ? PTE.SWP_EXCLUSIVE : 0)) >>> 0;
  return { low, high: ((device << TYPE_SHIFT) | HIGH_OFFSET_ONES) >>> 0 };
}

/** The slot that an entry names. The entry is a swap entry. */
export function slotOfEntry(k: MemoryState, entry: EntryId): SlotId {
  const device = highWord(k, entry) >>> TYPE_SHIFT;
  const offset = (~lowWord(k, entry) >>> OFFSET_SHIFT) & OFFSET_MASK;
  return (k.swapDevices.firstSlot[device]! + offset) as SlotId;
}

/** The slot's device and its number in it. */
export function placeOfSlot(k: MemoryState, slot: SlotId): { device: number; offset: number } {
  const device = k.swapSlots.device[slot]!;
  return { device, offset: slot - k.swapDevices.firstSlot[device]! };
}
