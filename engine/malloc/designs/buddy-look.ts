import type { HeapView } from '../heap.ts';
import { walkBuddy } from './buddy-check.ts';
import {
  firstOf,
  HEADER_BYTES,
  isUsed,
  MAX_ORDER,
  MIN_ORDER,
  nextOf,
  orderAt,
  poolAt,
  poolCount,
  poolOf,
} from './buddy-pool.ts';
import { ALIGNMENT, type DesignLook, type FreeListLook } from './design.ts';

function extent(h: HeapView): { readonly start: number; readonly end: number } {
  const pools = poolCount(h);
  if (pools === 0) return { start: 0, end: 0 };
  const last = poolAt(h, pools - 1);
  return { start: poolAt(h, 0).start, end: last.start + 2 ** last.order };
}

/** Blocks of one order in their list. */
function listOf(h: HeapView, order: number, most: number): FreeListLook {
  const blocks: number[] = [];
  let at = firstOf(h, order);
  for (; at > 0 && blocks.length < most && poolOf(h, at) !== null; at = nextOf(h, at)) blocks.push(at);
  return { title: `free ${2 ** order}`, blocks, broken: at !== 0 };
}

/** Pools of buddies: a list for each power of two, through the free blocks themselves. */
export const buddyLook: DesignLook = {
  walk: walkBuddy,
  extent,
  blockAt(h, block) {
    const address = block - HEADER_BYTES;
    if (block % ALIGNMENT !== 0 || poolOf(h, address) === null || !isUsed(h, address)) return null;
    const bytes = 2 ** Math.min(orderAt(h, address), MAX_ORDER);
    return { address, bytes, usable: bytes - HEADER_BYTES };
  },
  lists(h) {
    const { start, end } = extent(h);
    const most = (end - start) / 2 ** MIN_ORDER;
    const orders = Array.from({ length: MAX_ORDER - MIN_ORDER + 1 }, (_, i) => MIN_ORDER + i);
    return orders.filter((order) => firstOf(h, order) !== 0).map((order) => listOf(h, order, most));
  },
  tags: { used: HEADER_BYTES, free: HEADER_BYTES + 16, end: 0 },
};
