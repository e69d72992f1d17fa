import { NULL, type HeapView } from '../heap.ts';
import { isUsed, sizeAt, TAG_BYTES, tagOf } from './boundary-tags.ts';
import { ALIGNMENT, type DesignLook } from './design.ts';
import { LIST } from './free-list.ts';
import { listOrder, walkList } from './list-check.ts';

const startOf = (h: HeapView): number => h.mem.load64(h.arena + LIST.start);
const endOf = (h: HeapView): number => h.mem.load64(h.arena + LIST.end);

/** Heaps of boundary tags: the list goes through the free blocks themselves. */
export const listLook: DesignLook = {
  walk: walkList,
  extent: (h) => ({ start: startOf(h), end: endOf(h) }),
  blockAt(h, block) {
    const address = tagOf(block);
    if (startOf(h) === NULL || address <= startOf(h) || address >= endOf(h) || block % ALIGNMENT !== 0) return null;
    const bytes = sizeAt(h, address);
    return isUsed(h, address) ? { address, bytes, usable: Math.max(0, bytes - 2 * TAG_BYTES) } : null;
  },
  lists(h) {
    if (startOf(h) === NULL) return [];
    const { blocks, closed } = listOrder(h);
    return blocks.length === 0 ? [] : [{ title: 'free list', blocks, broken: !closed }];
  },
  tags: { used: TAG_BYTES, free: 3 * TAG_BYTES, end: TAG_BYTES },
};
