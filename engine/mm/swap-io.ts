import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import type { Pfn, SlotId } from '../base/units.ts';
import { copyContent, forgetContent } from './frame-bytes.ts';
import { dropIdleFrame } from './swap-cache.ts';
import { forgetStored, isSynchronous, sendSlot } from './swap-slots.ts';
import type { MemoryState } from './state.ts';

/**
 * A frame's bytes go to its slot. zram has them when the call returns; a file goes on writing, and the frame stays in
 * the swap cache until then. Source: Linux 6.18 mm/page_io.c swap_writeout, __swap_writepage.
 */
export function writeSlot(k: MemoryState, frame: Pfn): void {
  const { swapSlots, frames, machine } = k;
  const slot = frames.slot[frame]! as SlotId;
  const goesOn = !isSynchronous(k, slot);
  sendSlot(k, slot, 'write.start');
  machine.pswpout[0]!++;
  emit(k.events, EVENT.SWAP_WRITE, -1, frame, slot, goesOn ? 1 : 0);
  forgetStored(k, slot);
  swapSlots.content[slot] = copyContent(k, frames.content[frame]!);
  if (goesOn) queueWrite(k, slot);
  else sendSlot(k, slot, 'write.done');
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
    sendSlot(k, slot, 'write.done');
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
  k.machine.pswpin[0]!++;
  emit(k.events, EVENT.SWAP_READ, -1, frame, slot);
  sendSlot(k, slot, how === 'cached' ? 'read.cached' : 'read.direct');
}
