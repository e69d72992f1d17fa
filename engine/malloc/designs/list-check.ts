import { NULL, type HeapView } from '../heap.ts';
import { blockOf, isForeign, isUsed, MIN_BLOCK, sizeAt, TAG_BYTES } from './boundary-tags.ts';
import { ALIGNMENT, type Stretch } from './design.ts';
import { headOf, heapBlocks, LIST, nextFree, previousFree } from './free-list.ts';

/** The heap from end to end by its first tags; it ends early where a tag makes no sense. */
export function walkList(h: HeapView): Stretch[] {
  const start = h.mem.load64(h.arena + LIST.start);
  if (start === NULL) return [];
  const endTag = h.mem.load64(h.arena + LIST.end) - TAG_BYTES;
  const stretches: Stretch[] = [{ address: start, bytes: TAG_BYTES, state: 'own', block: 0 }];
  for (let at = start + TAG_BYTES; at < endTag;) {
    const bytes = sizeAt(h, at);
    const state = isForeign(h, at) ? 'foreign' : isUsed(h, at) ? 'used' : 'free';
    stretches.push({ address: at, bytes, state, block: state === 'foreign' ? 0 : blockOf(at) });
    if (bytes < ALIGNMENT) return stretches;
    at += bytes;
  }
  stretches.push({ address: endTag, bytes: TAG_BYTES, state: 'own', block: 0 });
  return stretches;
}

/** Free blocks in the order of the list, and whether it comes back to its head. */
export function listOrder(h: HeapView): { readonly blocks: number[]; readonly closed: boolean } {
  const blocks: number[] = [];
  const head = headOf(h);
  let at = nextFree(h, head);
  for (let left = heapBlocks(h); at !== head && at > 0 && left > 0; left--) {
    blocks.push(at);
    at = nextFree(h, at);
  }
  return { blocks, closed: at === head };
}

/** Everything that holds of boundary tags and the list in order. @returns one sentence for each broken rule */
export function checkList(h: HeapView): string[] {
  const broken: string[] = [];
  const hold = (condition: boolean, rule: string): void => {
    if (!condition) broken.push(rule);
  };
  const stretches = walkList(h);
  if (stretches.length === 0) return broken;
  const free = stretches.filter((s) => s.state === 'free').map((s) => s.address);
  let before: Stretch | undefined;
  for (const stretch of stretches) {
    const { address, bytes, state } = stretch;
    const name = hex(address);
    if (before !== undefined) hold(before.address + before.bytes === address, `${name} follows its neighbour`);
    if (state !== 'own') {
      hold(h.mem.load64(address + bytes - TAG_BYTES) === h.mem.load64(address), `${name} has equal tags`);
      hold(bytes % ALIGNMENT === 0, `${name} has a size of whole units: ${bytes}`);
    }
    if (state === 'used' || state === 'free') hold(bytes >= MIN_BLOCK, `${name} can hold its links: ${bytes}`);
    hold(!(state === 'free' && before?.state === 'free'), `${name} has no free neighbour below`);
    before = stretch;
  }
  const end = h.mem.load64(h.arena + LIST.end);
  hold(before !== undefined && before.address + before.bytes === end, 'the blocks end where the heap does');
  checkLinks(h, free, hold);
  return broken;
}

function checkLinks(h: HeapView, free: readonly number[], hold: (condition: boolean, rule: string) => void): void {
  const { blocks, closed } = listOrder(h);
  hold(closed, 'the list comes back to its head');
  hold(blocks.join() === free.join(), 'the list holds the free blocks, in order of their addresses');
  for (const at of [headOf(h), ...blocks])
    hold(previousFree(h, nextFree(h, at)) === at, `${hex(at)} is linked both ways`);
  const rover = h.mem.load64(h.arena + LIST.rover);
  hold(rover === headOf(h) || blocks.includes(rover), 'the rover is at a free block');
}

const hex = (address: number): string => `0x${address.toString(16)}`;
