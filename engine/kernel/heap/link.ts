import { chunkOf, chunksBetween, heapBase, HEADER, waitsIn, linkStored, type HeapView } from '../../malloc/index.ts';
import type { KernelState } from '../state.ts';
import { blockAt, liveBlockUpTo } from './blocks.ts';
import { designedHeap, heapExtent, heapOf } from './heap-state.ts';
import { stretchesOf } from './stretches.ts';

/**
 * Where the link in a freed block leads: to the next block of its list, by looking alone. In the tcache and in fastbins
 * the link is stored mangled, and this is what it means.
 * @returns the other block's address, 0 at the end of a list; null where the bytes are no link
 */
export function linkOf(k: KernelState, pid: number, block: number): number | null {
  const designed = designedHeap(k, pid);
  if (designed !== null) return designedLink(k, pid, block);
  const view = heapOf(k, pid);
  const record = blockAt(k, pid, block);
  if (view === null || (record !== null && record.freed === 0)) return null;
  const chunk = chunkOf(block);
  const anchor = Math.max(heapBase(view), (liveBlockUpTo(k, pid, chunk)?.address ?? 0) - HEADER);
  const found = chunksBetween(view, anchor, chunk, chunk + 1).find(({ address }) => address === chunk);
  if (found === undefined || found.state === 'top') return null;
  if (found.state === 'binned') return binLink(k, pid, view, block);
  const holder = waitsIn(view, found);
  if (holder === 'own') return null;
  const link = linkStored(view, block);
  return link === 0 || holder === 'tcache' ? link : link + HEADER;
}

/** fd of a chunk in a bin is plain and names headers; the last one leads back to the bin, which is no block. */
function binLink(k: KernelState, pid: number, { mem }: HeapView, block: number): number {
  const fd = mem.load64(block);
  const extent = heapExtent(k, pid);
  return extent !== null && fd >= extent.start && fd < extent.end ? fd + HEADER : 0;
}

function designedLink(k: KernelState, pid: number, block: number): number | null {
  const { view, look } = designedHeap(k, pid)!;
  const { chunks } = stretchesOf(k, pid);
  const dataOf = new Map(chunks.map(({ address, data }) => [address, data]));
  for (const { blocks } of look.lists(view)) {
    const at = blocks.findIndex((address) => dataOf.get(address) === block);
    if (at >= 0) return at + 1 < blocks.length ? (dataOf.get(blocks[at + 1]!) ?? 0) : 0;
  }
  return null;
}
