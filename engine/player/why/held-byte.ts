import { PAGE_SIZE } from '../../base/units.ts';
import type { SlotId } from '../../base/units.ts';
import { peekBytes, peekPage, peekSlot, peekTask, peekVmas, type KernelState } from '../../kernel/index.ts';

/** A byte of a page, by looking alone. A page that was never touched would read as zero; null where nothing can be read. */
export function byteOf(k: KernelState, pid: number, page: number, offset: number): number | null {
  if (peekTask(k, pid) === null) return null;
  const { state, slot } = peekPage(k, pid, page);
  if (slot !== null && state !== 'resident' && state !== 'readOnly') {
    const number = (k.swapDevices.firstSlot[slot.device]! + slot.offset) as SlotId;
    return slot.frame < 0 ? (peekSlot(k, number, offset + 1).bytes?.[offset] ?? null) : null;
  }
  if (state !== 'reserved') return peekBytes(k, pid, page * PAGE_SIZE + offset, 1)[0] ?? null;
  const area = peekVmas(k, pid).find(({ start, end }) => page >= start && page < end);
  return area?.backing === 'anon' ? 0 : null;
}

/**
 * First position from which on something has been what it is at the last one.
 * @param look at a position, 0 … last; called from the last one backwards
 */
export function heldSince<T>(last: number, look: (position: number) => T): number {
  const now = look(last);
  let since = last;
  while (since > 0 && look(since - 1) === now) since--;
  return since;
}
