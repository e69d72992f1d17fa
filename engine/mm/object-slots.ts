import { assert } from '../base/assert.ts';
import type { ObjectId, SlotId, VmaId } from '../base/units.ts';
import type { MemoryState } from './state.ts';
import { freeUnnamedSlot } from './swap-cache.ts';

/**
 * Which slot holds a page of shared memory: the object names it, in the place of the frame, and no page table entry does.
 * Source: Linux 6.18 mm/shmem.c; a hash and a list in place of the entries of the xarray.
 */
function bucketOf(k: MemoryState, object: number, index: number): number {
  const mixed = Math.imul(object + 1, 0x9e3779b1) + Math.imul(index | 0, 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) & (k.swapHash.rows - 1);
}

/** The slot that holds a page of an object, or −1. */
export function slotOfObjectPage(k: MemoryState, object: ObjectId, index: number): SlotId {
  const { swapSlots } = k;
  if (k.objects.swapped[object] === 0) return -1 as SlotId;
  let slot = k.swapHash.first[bucketOf(k, object, index)]!;
  while (slot >= 0 && (swapSlots.object[slot] !== object || swapSlots.index[slot] !== index)) {
    slot = swapSlots.hashNext[slot]!;
  }
  return slot as SlotId;
}

/** The object names the slot for its page from now on. */
export function linkSlot(k: MemoryState, object: ObjectId, index: number, slot: SlotId): void {
  const { objects, swapSlots, swapHash } = k;
  const bucket = bucketOf(k, object, index);
  swapSlots.object[slot] = object;
  swapSlots.index[slot] = index;
  swapSlots.hashNext[slot] = swapHash.first[bucket]!;
  swapHash.first[bucket] = slot;
  const first = objects.swapHead[object]!;
  swapSlots.prev[slot] = -1;
  swapSlots.next[slot] = first;
  if (first >= 0) swapSlots.prev[first] = slot;
  objects.swapHead[object] = slot;
  objects.swapped[object]!++;
  swapSlots.count[slot]!++;
}

/** The object names the slot no longer; a slot without a name is for the caller to free. */
export function unlinkSlot(k: MemoryState, slot: SlotId): void {
  const { objects, swapSlots, swapHash } = k;
  const object = swapSlots.object[slot]!;
  const bucket = bucketOf(k, object, swapSlots.index[slot]!);
  let at = swapHash.first[bucket]!;
  if (at === slot) {
    swapHash.first[bucket] = swapSlots.hashNext[slot]!;
  } else {
    while (swapSlots.hashNext[at] !== slot) {
      at = swapSlots.hashNext[at]!;
      assert(at >= 0, `slot ${slot} is in its bucket`);
    }
    swapSlots.hashNext[at] = swapSlots.hashNext[slot]!;
  }
  const prev = swapSlots.prev[slot]!;
  const next = swapSlots.next[slot]!;
  if (prev >= 0) swapSlots.next[prev] = next;
  else objects.swapHead[object] = next;
  if (next >= 0) swapSlots.prev[next] = prev;
  for (const column of [swapSlots.hashNext, swapSlots.prev, swapSlots.next, swapSlots.object]) column[slot] = -1;
  objects.swapped[object]!--;
  swapSlots.count[slot]!--;
}

/** The slots of pages [from, to) of an object are given back. @returns how many */
export function dropObjectSlots(k: MemoryState, object: ObjectId, from: number, to: number): number {
  const { swapSlots, objects } = k;
  let dropped = 0;
  for (let slot = objects.swapHead[object]! as SlotId; slot >= 0;) {
    const next = swapSlots.next[slot]! as SlotId;
    if (swapSlots.index[slot]! >= from && swapSlots.index[slot]! < to) {
      unlinkSlot(k, slot);
      freeUnnamedSlot(k, slot);
      dropped++;
    }
    slot = next;
  }
  return dropped;
}

/** Pages of an area's part of its object that are in swap. Source: Linux 6.18 mm/shmem.c shmem_swap_usage. */
export function swappedObjectPages(k: MemoryState, vma: VmaId): number {
  const { vmas, objects, swapSlots } = k;
  const object = vmas.object[vma]!;
  if (object < 0 || objects.swapped[object] === 0) return 0;
  const from = vmas.offset[vma]!;
  const to = from + (vmas.end[vma]! - vmas.start[vma]!);
  let pages = 0;
  for (let slot = objects.swapHead[object]!; slot >= 0; slot = swapSlots.next[slot]!) {
    if (swapSlots.index[slot]! >= from && swapSlots.index[slot]! < to) pages++;
  }
  return pages;
}
