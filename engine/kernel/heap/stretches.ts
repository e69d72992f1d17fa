import { blockOf, HEADER, walkHeap, type ChunkState, type ChunkView } from '../../malloc/index.ts';
import type { Stretch } from '../../malloc/designs/index.ts';
import type { KernelState } from '../state.ts';
import { designedHeap, heapExtent, heapOf } from './heap-state.ts';

/** States of chunk.machine, and of the free blocks of other allocators, which have but one. */
export type StretchState = ChunkState | 'free';

/** A piece of a heap, whatever allocator it is of. Bytes. */
export interface HeapStretch extends Omit<ChunkView, 'state'> {
  readonly state: StretchState;
  /** What a program gets for its pointer, 0 where nothing can be got. */
  readonly data: number;
}

/** A heap from end to end, and what its allocator keeps elsewhere for itself. */
export interface HeapStretches {
  readonly chunks: readonly HeapStretch[];
  readonly apart: readonly { readonly address: number; readonly bytes: number }[];
}

/** By looking alone; of a process without a heap, nothing. */
export function stretchesOf(k: KernelState, pid: number): HeapStretches {
  const designed = designedHeap(k, pid);
  if (designed === null) {
    const view = heapOf(k, pid);
    const chunks = view === null ? [] : walkHeap(view);
    return { chunks: chunks.map((chunk) => ({ ...chunk, data: blockOf(chunk.address) })), apart: [] };
  }
  const { start, end } = designed.look.extent(designed.view);
  const all = designed.look.walk(designed.view);
  const inHeap = ({ address }: Stretch): boolean => address >= start && address < end;
  return { chunks: all.filter(inHeap).map(asChunk), apart: all.filter((stretch) => !inHeap(stretch)) };
}

const asChunk = ({ address, bytes, state, block }: Stretch): HeapStretch => ({
  address,
  size: bytes,
  flags: 0,
  state: state === 'free' ? 'free' : 'inUse',
  list: -1,
  data: state === 'used' || state === 'free' ? block : 0,
});

/**
 * How many bytes a block takes, with header and rounding; a mapping of its own has a whole header in front.
 * @returns from a pointer and what it may use, good for one moment
 */
export function bytesOfBlocks(k: KernelState, pid: number): (address: number, usable: number) => number {
  const designed = designedHeap(k, pid);
  if (designed !== null) return (address, usable) => designed.look.blockAt(designed.view, address)?.bytes ?? usable;
  const extent = heapExtent(k, pid);
  return (address, usable) => {
    const inHeap = extent !== null && address >= extent.start && address < extent.end;
    return usable + (inHeap ? HEADER / 2 : HEADER);
  };
}
