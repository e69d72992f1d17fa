import {
  chunksBetween,
  FLAG,
  HEADER,
  heapBase,
  perturbByteOf,
  SIZE_WORD,
  waitsIn,
  type HeapView,
  type LooseChunk,
} from '../../malloc/index.ts';
import type { KernelState } from '../state.ts';
import { blockAt, liveBlocksWithin, liveBlockUpTo } from './blocks.ts';
import { designedHeap, heapExtent, heapOf, type DesignedHeap } from './heap-state.ts';
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

/** A window on bytes: [address, address + states.length). */
interface Window {
  readonly address: number;
  readonly states: ByteState[];
}

function paint({ address, states }: Window, from: number, to: number, state: ByteState): void {
  states.fill(state, Math.max(0, from - address), Math.max(0, to - address));
}

/**
 * The state of each byte from an address on, by looking alone. Takes as long as the window is large and a live block
 * below it is far, however many chunks the heap has.
 */
export function byteStates(k: KernelState, pid: number, address: number, length: number): ByteState[] {
  const window = { address, states: new Array<ByteState>(length).fill('outside') };
  const designed = designedHeap(k, pid);
  const view = heapOf(k, pid);
  if (designed !== null) paintDesigned(designed, window);
  if (view !== null) paintChunks(k, pid, view, window);
  if (designed !== null || view !== null) paintBlocks(k, pid, window);
  return window.states;
}

/** Chunks of glibc's heap: a block in use reaches into the first word of the next one's header. */
function paintChunks(k: KernelState, pid: number, view: HeapView, window: Window): void {
  const base = heapBase(view);
  const from = window.address - SIZE_WORD;
  const to = window.address + window.states.length;
  if (base === 0 || to <= base) return;
  const below = liveBlockUpTo(k, pid, from);
  const anchor = below === null || below.address < base ? base : below.address - HEADER;
  const poison = perturbByteOf(view);
  for (const chunk of chunksBetween(view, anchor, from, to)) {
    const state = stateOf(k, pid, view, chunk);
    paintChunk(chunk, state, window);
    if (poison === 0 || state === 'top' || state === 'used' || state === 'own') continue;
    const end = Math.min(chunk.address + chunk.size, to);
    for (let at = Math.max(chunk.address + HEADER, window.address); at < end; at++) {
      const i = at - window.address;
      if (window.states[i] === 'freed' && view.mem.load8(at) === poison) window.states[i] = 'poison';
    }
  }
}

type Holder = 'used' | 'own' | 'tcache' | 'fast' | 'binned' | 'top';

function stateOf(k: KernelState, pid: number, view: HeapView, chunk: LooseChunk): Holder {
  if (chunk.state !== 'taken') return chunk.state;
  const block = blockAt(k, pid, chunk.address + HEADER);
  return block !== null && block.freed === 0 ? 'used' : waitsIn(view, chunk);
}

/** Words of list links at the start of a free block; large chunks have two more. */
const linkWords = (state: Holder, size: number): number =>
  state === 'fast' ? 1 : state === 'binned' && size >= 1024 ? 4 : 2;

function paintChunk({ address, size, flags }: LooseChunk, state: Holder, window: Window): void {
  const start = address + HEADER;
  // Of what is in no bin the next chunk's first word is part.
  const end = address + size + (state === 'binned' || state === 'top' ? 0 : SIZE_WORD);
  if (state === 'top') paint(window, start, end, 'top');
  // A chunk in use that no block of the program fills is the allocator's own.
  else if (state === 'used' || state === 'own') paint(window, start, end, 'metadata');
  else {
    paint(window, start, end, 'freed');
    paint(window, start, start + linkWords(state, size) * SIZE_WORD, 'metadata');
  }
  paint(window, (flags & FLAG.PREV_INUSE) === 0 ? address : address + SIZE_WORD, start, 'metadata');
}

/** Heaps of other designs; what somebody else got of the break is outside. */
function paintDesigned({ view, look }: DesignedHeap, window: Window): void {
  const { free, end } = look.tags;
  for (const { address, bytes, state } of look.walk(view)) {
    if (state === 'foreign') continue;
    paint(window, address, address + bytes, state === 'free' ? 'freed' : 'metadata');
    if (state !== 'free') continue;
    paint(window, address, address + Math.min(free, bytes), 'metadata');
    paint(window, address + bytes - end, address + bytes, 'metadata');
  }
}

/** Live blocks over it all. */
function paintBlocks(k: KernelState, pid: number, window: Window): void {
  const { address, states } = window;
  const extent = heapExtent(k, pid);
  const mem = new PeekMemory(k, pid);
  // A mapped block's header lies in front of it.
  for (const block of liveBlocksWithin(k, pid, address, address + states.length + HEADER)) {
    const inHeap = extent !== null && block.address >= extent.start && block.address < extent.end;
    const mapped = !inHeap && (mem.load8(block.address - SIZE_WORD) & FLAG.IS_MMAPPED) !== 0;
    if (mapped) paint(window, block.address - HEADER, block.address, 'metadata');
    paint(window, block.address, block.address + block.asked, 'uninitialised');
    for (const { start, end } of writtenOf(k, block.row)) paint(window, start, end, 'written');
    paint(window, block.address + block.asked, block.address + block.usable, 'slack');
  }
}
