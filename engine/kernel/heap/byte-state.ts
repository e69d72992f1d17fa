import { FLAG, HEADER, perturbByteOf, SIZE_WORD, walkHeap, type ChunkView } from '../../malloc/index.ts';
import type { KernelState } from '../state.ts';
import { liveBlocksWithin } from './blocks.ts';
import { heapExtent, heapOf } from './heap-state.ts';
import { PeekMemory } from './peek-memory.ts';
import { writtenOf } from './written.ts';

/**
 * What a byte of a heap is to the program:
 *   uninitialised  of a live block, never written since the block was given out
 *   written        of a live block, written
 *   slack          of a live block, usable but not asked for
 *   metadata       a header, a link of a free chunk, or the allocator's own
 *   freed          of a free chunk
 *   poison         of a free chunk, filled by M_PERTURB
 *   top            not given out yet
 *   outside        no part of the heap
 */
export const BYTE_STATES = [
  'uninitialised',
  'written',
  'slack',
  'metadata',
  'freed',
  'poison',
  'top',
  'outside',
] as const;
export type ByteState = (typeof BYTE_STATES)[number];

/** The state of each byte from an address on, by looking alone. */
export function byteStates(k: KernelState, pid: number, address: number, length: number): ByteState[] {
  const states = new Array<ByteState>(length).fill('outside');
  const paint = (from: number, to: number, state: ByteState): void => {
    for (let at = Math.max(from, address); at < Math.min(to, address + length); at++) states[at - address] = state;
  };
  const view = heapOf(k, pid);
  if (view === null) return states;
  const poison = perturbByteOf(view);
  const mem = new PeekMemory(k, pid);
  for (const chunk of walkHeap(view)) {
    const end = chunk.address + chunk.size;
    if (end + SIZE_WORD <= address || chunk.address >= address + length) continue;
    paintChunk(chunk, paint);
    if (poison === 0 || chunk.state === 'top' || chunk.state === 'inUse') continue;
    for (let at = Math.max(chunk.address + HEADER, address); at < Math.min(end, address + length); at++) {
      if (states[at - address] === 'freed' && mem.load8(at) === poison) states[at - address] = 'poison';
    }
  }
  paintBlocks(k, pid, address, length, paint);
  return states;
}

type Paint = (from: number, to: number, state: ByteState) => void;

/** Bytes of list links at the start of a free block. */
function linkBytes({ state, size }: ChunkView): number {
  if (state === 'fast') return SIZE_WORD;
  return state === 'large' || (state === 'unsorted' && size >= 1024) ? 4 * SIZE_WORD : 2 * SIZE_WORD;
}

function paintChunk(chunk: ChunkView, paint: Paint): void {
  const { address, size, state, flags } = chunk;
  const start = address + HEADER;
  // Of what is in no bin the next chunk's first word is part.
  const end = address + size + (['inUse', 'tcache', 'fast'].includes(state) ? SIZE_WORD : 0);
  if (state === 'top') paint(start, end, 'top');
  // A chunk in use that no block of the program fills is the allocator's own.
  else if (state === 'inUse') paint(start, end, 'metadata');
  else {
    paint(start, end, 'freed');
    paint(start, start + linkBytes(chunk), 'metadata');
  }
  paint((flags & FLAG.PREV_INUSE) === 0 ? address : address + SIZE_WORD, start, 'metadata');
}

/** Live blocks over it all: a block reaches into the first word of the next chunk's header. */
function paintBlocks(k: KernelState, pid: number, address: number, length: number, paint: Paint): void {
  const extent = heapExtent(k, pid);
  const mem = new PeekMemory(k, pid);
  // A mapped block's header lies in front of it.
  for (const block of liveBlocksWithin(k, pid, address, address + length + HEADER)) {
    const inHeap = extent !== null && block.address >= extent.start && block.address < extent.end;
    const mapped = !inHeap && (mem.load8(block.address - SIZE_WORD) & FLAG.IS_MMAPPED) !== 0;
    if (mapped) paint(block.address - HEADER, block.address, 'metadata');
    paint(block.address, block.address + block.asked, 'uninitialised');
    for (const { start, end } of writtenOf(k, block.row)) paint(start, end, 'written');
    paint(block.address + block.asked, block.address + block.usable, 'slack');
  }
}
