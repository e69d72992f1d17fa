import { PAGE_SIZE } from '../../base/units.ts';
import { chunkOf, FLAG, HEADER, SIZE_WORD } from '../../malloc/index.ts';
import type { BlockView } from '../../protocol/library-calls.ts';
import type { KernelState } from '../state.ts';
import { designedHeap, heapExtent } from './heap-state.ts';
import { PeekMemory } from './peek-memory.ts';

/** What a block's own bookkeeping says, by looking alone; null for NULL. */
export function blockViewOf(k: KernelState, pid: number, block: number): BlockView | null {
  if (block === 0) return null;
  const extent = heapExtent(k, pid);
  const inHeap = extent !== null && block >= extent.start && block < extent.end;
  const place = { at: inHeap ? block - extent.start : null, pageOffset: block % PAGE_SIZE };
  const designed = designedHeap(k, pid);
  if (designed === null) return { ...place, ...headerOf(k, pid, block) };
  const found = designed.look.blockAt(designed.view, block);
  return { ...place, usable: found?.usable ?? 0, chunkSize: found?.bytes ?? 0, flags: '' };
}

/** The header that glibc puts in front of every block. */
function headerOf(k: KernelState, pid: number, block: number): Pick<BlockView, 'usable' | 'chunkSize' | 'flags'> {
  const mem = new PeekMemory(k, pid);
  const head = mem.load64(chunkOf(block) + SIZE_WORD);
  const flags = mem.load32(chunkOf(block) + SIZE_WORD) & 7;
  const mapped = (flags & FLAG.IS_MMAPPED) !== 0;
  return {
    usable: Math.max(0, head - flags - HEADER + (mapped ? 0 : SIZE_WORD)),
    chunkSize: head - flags,
    flags: ['P', 'M', 'A'].filter((_, bit) => (flags & (1 << bit)) !== 0).join(''),
  };
}

/** Whether glibc's header says that a block is a mapping of its own. */
export const looksMapped = (k: KernelState, pid: number, block: number): boolean =>
  blockViewOf(k, pid, block)?.flags.includes('M') ?? false;

/** `heap+672`, or where a mapping of its own holds the block. */
export const placeText = ({ at, pageOffset }: BlockView): string =>
  at === null ? `mapping+${pageOffset}` : `heap+${at}`;
