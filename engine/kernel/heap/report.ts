import { NO_ROW } from '../../base/row-tree.ts';
import type { DesignName } from '../../protocol/library-calls.ts';
import type { KernelState } from '../state.ts';
import { blocksOf, type BlockRecord } from './blocks.ts';
import { allocatorRow } from './allocators.ts';
import { designOf } from './chosen-design.ts';
import { designedHeap, heapExtent, heapOf } from './heap-state.ts';
import { bytesOfBlocks, stretchesOf, type HeapStretch, type HeapStretches } from './stretches.ts';
import { pointersOf } from './pointers.ts';

/** A chunk with the block that the program has in it, if any. */
export interface HeapChunk extends HeapStretch {
  readonly block: BlockRecord | null;
  /** Names of pointers to the block, those that dangle too. */
  readonly names: readonly string[];
}

/** The heap of a process in figures. Bytes unless said otherwise. */
export interface HeapReport {
  readonly design: DesignName;
  /** First byte the allocator got from the break, and the break; of another design, the end of its last block. */
  readonly start: number;
  readonly end: number;
  readonly chunks: readonly HeapChunk[];
  /** What the allocator keeps elsewhere for itself. */
  readonly apart: HeapStretches['apart'];
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
  /** From the system and in no block, used or free: the cache's block, tags at the ends, a directory elsewhere. */
  readonly own: number;
  /** Lost inside of blocks: what nobody asked for. */
  readonly internal: number;
  /** Lost between blocks: free bytes that the largest free chunk does not have. */
  readonly external: number;
  /** From the system, now and at most so far, and calls that it took. */
  readonly held: number;
  readonly peak: number;
  readonly systemCalls: number;
  /** Free blocks, or words of a directory, that were looked at to find room. */
  readonly looks: number;
}

const NO_HEAP: HeapReport = {
  design: 'glibc',
  start: 0, end: 0, chunks: [], apart: [], inUse: 0, free: 0, top: 0, tcache: 0, largestFree: 0, pinned: 0, pin: -1,
  blocks: 0, asked: 0, usable: 0, chunkBytes: 0, mapped: 0, own: 0, internal: 0, external: 0,
  held: 0, peak: 0, systemCalls: 0, looks: 0,
}; // prettier-ignore

/** Everything there is to say about a heap, by looking alone; of a process without one, zeros. */
export function heapReport(k: KernelState, pid: number): HeapReport {
  const row = allocatorRow(k, pid);
  if (heapOf(k, pid) === null && designedHeap(k, pid) === null) return NO_HEAP;
  const design = designOf(k, pid);
  const extent = heapExtent(k, pid) ?? { start: 0, end: 0 };
  const live = blocksOf(k, pid).filter((block) => block.freed === 0);
  const { chunks, apart } = chunksOf(k, pid, live);
  const sum = (of: (chunk: HeapChunk) => boolean): number =>
    chunks.reduce((total, chunk) => total + (of(chunk) ? chunk.size : 0), 0);
  const free = sum(isFree);
  const largestFree = chunks.reduce((most, chunk) => (isFree(chunk) ? Math.max(most, chunk.size) : most), 0);
  const kept = keptOf(k, row, extent.end - extent.start);
  const blocks = blockSums(k, pid, live, extent);
  return {
    design,
    ...extent,
    chunks,
    apart,
    inUse: sum((chunk) => !isFree(chunk)),
    free,
    top: sum((chunk) => chunk.state === 'top'),
    tcache: sum((chunk) => chunk.state === 'tcache'),
    largestFree,
    ...pinOf(design === 'glibc' ? chunks : []),
    ...blocks,
    own: Math.max(0, kept.held - free - blocks.chunkBytes),
    internal: blocks.chunkBytes - blocks.asked,
    external: free - largestFree,
    ...kept,
  };
}

/** Figures that are kept beside the heap. Of a C program's nothing is kept: what it holds is what lies below the break. */
function keptOf(
  k: KernelState,
  row: number,
  below: number,
): Pick<HeapReport, 'held' | 'peak' | 'systemCalls' | 'looks'> {
  if (row === NO_ROW) return { held: below, peak: below, systemCalls: 0, looks: 0 };
  const { held, peak, systemCalls, looks } = k.heapTables.allocators;
  return { held: held[row]!, peak: peak[row]!, systemCalls: systemCalls[row]!, looks: looks[row]! };
}

const isFree = (chunk: HeapChunk): boolean => chunk.state !== 'inUse';

/** In use, and no block of the program. */
export const isOwn = ({ state, block }: HeapChunk): boolean => state === 'inUse' && block === null;

/** The heap's chunks with what the program has in them. */
function chunksOf(
  k: KernelState,
  pid: number,
  live: readonly BlockRecord[],
): { readonly chunks: readonly HeapChunk[]; readonly apart: HeapStretches['apart'] } {
  const namesAt = namesByAddress(k, pid);
  const blockAt = new Map(live.map((block) => [block.address, block]));
  const { chunks, apart } = stretchesOf(k, pid);
  const described = chunks.map((chunk): HeapChunk => {
    const block = chunk.state === 'inUse' ? (blockAt.get(chunk.data) ?? null) : null;
    return { ...chunk, block, names: chunk.data === 0 ? [] : (namesAt.get(chunk.data) ?? []) };
  });
  return { chunks: described, apart };
}

/** Live blocks: how many, and their bytes in every sense. */
function blockSums(
  k: KernelState,
  pid: number,
  live: readonly BlockRecord[],
  { start, end }: { readonly start: number; readonly end: number },
): Pick<HeapReport, 'blocks' | 'asked' | 'usable' | 'chunkBytes' | 'mapped'> {
  const sums = { blocks: live.length, asked: 0, usable: 0, chunkBytes: 0, mapped: 0 };
  const bytesOf = bytesOfBlocks(k, pid);
  for (const { address, asked, usable } of live) {
    const bytes = bytesOf(address, usable);
    sums.asked += asked;
    sums.usable += usable;
    sums.chunkBytes += bytes;
    if (address < start || address >= end) sums.mapped += bytes;
  }
  return sums;
}

/** What is free below the last chunk that keeps the break where it is: in use, or cached, which is the same for it. */
function pinOf(chunks: readonly HeapChunk[]): { readonly pinned: number; readonly pin: number } {
  const pin = chunks.findLastIndex(({ state }) => ['inUse', 'tcache', 'fast'].includes(state));
  const pinned = chunks.slice(0, Math.max(0, pin)).reduce((total, c) => total + (isFree(c) ? c.size : 0), 0);
  return { pinned, pin: pinned === 0 ? -1 : pin };
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
