import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { LRU } from '../base/flags.ts';
import { SECTOR_BYTES } from '../base/limits.ts';
import { PAGE_SIZE, type Pfn, type SlotId } from '../base/units.ts';
import { copyContent, forgetContent, isZeroFilled } from './frame-bytes.ts';
import { inactiveList, listOf, lruAdd, lruRemove } from './lru-list.ts';
import { dropIdleFrame } from './swap-cache.ts';
import { forgetStored, isSynchronous, sendSlot } from './swap-slots.ts';
import type { MemoryState } from './state.ts';

const PAGE_SECTORS = PAGE_SIZE / SECTOR_BYTES;
/** What becomes of a write, as the event says it. */
const WRITE = { DONE: 0, GOES_ON: 1, ONLY_NOTED: 2 } as const;

/**
 * A frame's bytes go to its slot. zram has them when the call returns; a file goes on writing, and the frame stays in
 * the swap cache until then. Of a page of zeros the device never hears: a bit says so.
 * Source: Linux 6.18 mm/page_io.c swap_writeout, swap_zeromap_folio_set, __swap_writepage.
 */
export function writeSlot(k: MemoryState, frame: Pfn): void {
  const { swapSlots, frames, machine } = k;
  const slot = frames.slot[frame]! as SlotId;
  const zeros = isZeroFilled(k, frames.content[frame]!);
  const how = zeros ? WRITE.ONLY_NOTED : isSynchronous(k, slot) ? WRITE.DONE : WRITE.GOES_ON;
  sendSlot(k, slot, 'write.start');
  machine.vmscanWrite[0]!++;
  emit(k.events, EVENT.SWAP_WRITE, -1, frame, slot, how);
  forgetStored(k, slot);
  if (zeros) {
    machine.swapOutZero[0]!++;
    return sendSlot(k, slot, 'write.done');
  }
  machine.pswpout[0]!++;
  machine.writtenSectors[0]! += PAGE_SECTORS;
  if (!k.rules.swapKeepsNothing) swapSlots.content[slot] = copyContent(k, frames.content[frame]!);
  if (how === WRITE.GOES_ON) queueWrite(k, slot);
  else endWrite(k, slot);
}

function endWrite(k: MemoryState, slot: SlotId): void {
  k.machine.writtenPages[0]!++;
  sendSlot(k, slot, 'write.done');
}

/** A written frame is the next to be looked at. Source: Linux 6.18 mm/swap.c folio_rotate_reclaimable, lru_move_tail. */
function rotate(k: MemoryState, frame: Pfn): void {
  const list = listOf(k, frame);
  if (list < 0 || list === LRU.UNEVICTABLE) return;
  lruRemove(k, frame);
  lruAdd(k, frame, inactiveList(k, frame), 'oldest');
  k.machine.pgrotated[0]!++;
}

/** Slots whose write goes on. */
export function writesUnderWay(k: MemoryState): number {
  let count = 0;
  for (let slot = k.machine.writesFirst[0]!; slot >= 0; slot = k.swapSlots.writeNext[slot]!) count++;
  return count;
}

function queueWrite(k: MemoryState, slot: SlotId): void {
  const { swapSlots, machine } = k;
  swapSlots.writeNext[slot] = -1;
  if (machine.writesLast[0]! >= 0) swapSlots.writeNext[machine.writesLast[0]!] = slot;
  else machine.writesFirst[0] = slot;
  machine.writesLast[0] = slot;
}

/**
 * The writes that go on end: at the end of the command, or when somebody has to wait for them. A frame that nobody needs
 * any more leaves the cache then. Source: Linux 6.18 mm/page_io.c end_swap_bio_write, folio_end_writeback.
 */
export function finishWrites(k: MemoryState): void {
  const { swapSlots, machine } = k;
  let slot = machine.writesFirst[0]! as SlotId;
  machine.writesFirst[0] = -1;
  machine.writesLast[0] = -1;
  while (slot >= 0) {
    const next = swapSlots.writeNext[slot]! as SlotId;
    swapSlots.writeNext[slot] = -1;
    endWrite(k, slot);
    rotate(k, swapSlots.frame[slot]! as Pfn);
    if (swapSlots.count[slot] === 0) dropIdleFrame(k, swapSlots.frame[slot]! as Pfn);
    slot = next;
  }
}

/**
 * A slot's bytes come into a frame. Source: Linux 6.18 mm/page_io.c swap_read_folio.
 * @param how `cached`: the frame joins the swap cache afterwards; `direct`: it does not
 */
export function readSlot(k: MemoryState, slot: SlotId, frame: Pfn, how: 'cached' | 'direct'): void {
  sendSlot(k, slot, 'read.start');
  forgetContent(k, frame);
  k.frames.content[frame] = copyContent(k, k.swapSlots.content[slot]!);
  if (isZeroFilled(k, k.swapSlots.content[slot]!)) {
    k.machine.swapInZero[0]!++;
  } else {
    k.machine.pswpin[0]!++;
    k.machine.readSectors[0]! += PAGE_SECTORS;
  }
  emit(k.events, EVENT.SWAP_READ, -1, frame, slot);
  sendSlot(k, slot, how === 'cached' ? 'read.cached' : 'read.direct');
}
