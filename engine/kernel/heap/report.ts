import { PAGE_SIZE, type Pid } from '../../base/units.ts';
import { freeLists, walkHeap, type ChunkView, type ListView } from '../../malloc/index.ts';
import { mmOf } from '../../proc/task.ts';
import type { KernelState } from '../state.ts';
import { blockAround, blocksOf, type BlockRecord } from './blocks.ts';
import { heapExtent, heapOf } from './heap-state.ts';
import { pointerOf, pointersOf } from './pointers.ts';

/** A chunk with the block that the program has in it, if any. */
export interface HeapChunk extends ChunkView {
  readonly block: BlockRecord | null;
  /** Names of pointers to the block, those that dangle too. */
  readonly names: readonly string[];
}

/** The heap of a process in figures. Bytes unless said otherwise. */
export interface HeapReport {
  /** First byte the allocator got from the break, and the break. */
  readonly start: number;
  readonly end: number;
  readonly chunks: readonly HeapChunk[];
  /** In chunks of the heap that are in use, headers and the allocator's own block among them. */
  readonly inUse: number;
  /** In chunks that are free, wherever they wait, and in the top. */
  readonly free: number;
  readonly top: number;
  /** In the thread's cache. */
  readonly tcache: number;
  /** In the largest free chunk: a larger request needs the kernel. */
  readonly largestFree: number;
  /** Free and below the last chunk that is in use or cached: what cannot go back to the kernel. */
  readonly pinned: number;
  /** Number of that chunk in `chunks`, −1 when nothing is pinned. */
  readonly pin: number;
  /** Live blocks, mapped ones among them: how many, what was asked for, what may be used, what their chunks take. */
  readonly blocks: number;
  readonly asked: number;
  readonly usable: number;
  readonly chunkBytes: number;
  /** In chunks that are mappings of their own. */
  readonly mapped: number;
}

const NO_HEAP: HeapReport = {
  start: 0, end: 0, chunks: [], inUse: 0, free: 0, top: 0, tcache: 0, largestFree: 0, pinned: 0, pin: -1,
  blocks: 0, asked: 0, usable: 0, chunkBytes: 0, mapped: 0,
}; // prettier-ignore

const HEADER = 16;

/** Everything there is to say about a heap, by looking alone; of a process without one, zeros. */
export function heapReport(k: KernelState, pid: number): HeapReport {
  const view = heapOf(k, pid);
  if (view === null) return NO_HEAP;
  const extent = heapExtent(k, pid) ?? { start: 0, end: 0 };
  const live = blocksOf(k, pid).filter((block) => block.freed === 0);
  const namesAt = namesByAddress(k, pid);
  const blockAt = new Map(live.map((block) => [block.address, block]));
  const inHeap = (block: BlockRecord): boolean => block.address >= extent.start && block.address < extent.end;
  const chunks = walkHeap(view).map((chunk): HeapChunk => {
    const address = chunk.address + HEADER;
    const block = chunk.state === 'inUse' ? (blockAt.get(address) ?? null) : null;
    return { ...chunk, block, names: namesAt.get(address) ?? [] };
  });
  const sum = (of: (chunk: HeapChunk) => boolean): number =>
    chunks.reduce((total, chunk) => total + (of(chunk) ? chunk.size : 0), 0);
  const isFree = (chunk: HeapChunk): boolean => chunk.state !== 'inUse';
  const pin = lastHeld(chunks);
  const mapped = live.filter((block) => !inHeap(block)).reduce((total, block) => total + block.usable + HEADER, 0);
  const heapBlocks = live.filter(inHeap).reduce((total, block) => total + block.usable + HEADER / 2, 0);
  const pinned = chunks.slice(0, Math.max(0, pin)).reduce((total, c) => total + (isFree(c) ? c.size : 0), 0);
  return {
    ...extent,
    chunks,
    inUse: sum((chunk) => !isFree(chunk)),
    free: sum(isFree),
    top: sum((chunk) => chunk.state === 'top'),
    tcache: sum((chunk) => chunk.state === 'tcache'),
    largestFree: chunks.reduce((most, chunk) => (isFree(chunk) ? Math.max(most, chunk.size) : most), 0),
    pinned,
    pin: pinned === 0 ? -1 : pin,
    blocks: live.length,
    asked: live.reduce((total, block) => total + block.asked, 0),
    usable: live.reduce((total, block) => total + block.usable, 0),
    chunkBytes: heapBlocks + mapped,
    mapped,
  };
}

/** The names that point to each address. */
function namesByAddress(k: KernelState, pid: number): ReadonlyMap<number, readonly string[]> {
  const names = new Map<number, string[]>();
  for (const { name, address } of pointersOf(k, pid)) {
    const known = names.get(address);
    if (known === undefined) names.set(address, [name]);
    else known.push(name);
  }
  return names;
}

/** The last chunk that keeps the break where it is: in use, or cached, which for its neighbours is the same. */
function lastHeld(chunks: readonly HeapChunk[]): number {
  const held = (chunk: HeapChunk): boolean => ['inUse', 'tcache', 'fast'].includes(chunk.state);
  return chunks.findLastIndex(held);
}

/** The lists of free chunks that are not empty. */
export function heapListsOf(k: KernelState, pid: number): readonly ListView[] {
  const view = heapOf(k, pid);
  return view === null ? [] : freeLists(view);
}

/** From a name to the block, its chunk, its page and the frame behind; null where the name stands for nothing. */
export interface PointerChain {
  readonly address: number;
  readonly dangling: boolean;
  /** The block that is there now; another one's after a dangling pointer. */
  readonly block: BlockRecord | null;
  readonly chunk: ChunkView | null;
  readonly page: number;
  readonly pages: number;
}

export function pointerChain(k: KernelState, pid: number, name: string): PointerChain | null {
  const pointer = pointerOf(k, pid, name);
  if (pointer === null || pointer.address === 0) return null;
  const { address } = pointer;
  const { chunks } = heapReport(k, pid);
  const chunk = chunks.find((each) => each.address <= address && address < each.address + each.size) ?? null;
  const around = blockAround(k, pid, address);
  const block = around?.address === address && around.freed === 0 ? around : null;
  const page = Math.floor(address / PAGE_SIZE);
  const last = Math.floor((address + Math.max(1, block?.usable ?? 1) - 1) / PAGE_SIZE);
  return { address, dangling: pointer.freed !== 0, block, chunk, page, pages: last - page + 1 };
}

/** The other way: chunks that have bytes in a page. */
export function chunksInPage(k: KernelState, pid: number, page: number): HeapChunk[] {
  const from = page * PAGE_SIZE;
  return heapReport(k, pid).chunks.filter((c) => c.address < from + PAGE_SIZE && c.address + c.size > from);
}

/** Live blocks that are mappings of their own and have bytes in a page. */
export function mappedBlocksInPage(k: KernelState, pid: number, page: number): BlockRecord[] {
  const from = page * PAGE_SIZE;
  const extent = heapExtent(k, pid);
  const mapped = blocksOf(k, pid).filter(
    ({ address }) => extent === null || address < extent.start || address >= extent.end,
  );
  return mapped.filter((b) => b.freed === 0 && b.address - HEADER < from + PAGE_SIZE && b.address + b.usable > from);
}

/** Where the break is, in bytes from the start of the heap. */
export const breakBytes = (k: KernelState, pid: number): number => {
  const mm = mmOf(k, pid as Pid);
  return k.mms.brk[mm]! - k.mms.startBrk[mm]!;
};
