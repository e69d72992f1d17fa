import { PAGE_SIZE, type Pid } from '../../base/units.ts';
import { freeLists, HEADER } from '../../malloc/index.ts';
import { mmOf } from '../../proc/task.ts';
import type { KernelState } from '../state.ts';
import { blockAround, blocksOf, type BlockRecord } from './blocks.ts';
import { designedHeap, heapExtent, heapOf } from './heap-state.ts';
import { pointerOf } from './pointers.ts';
import { heapReport, type HeapChunk } from './report.ts';
import { stretchesOf, type HeapStretch } from './stretches.ts';

/** From pointer to page and back, and the lists that free chunks wait in; by looking alone. */

/** A list of free chunks, first the one that is taken first. Headers of chunks. */
export interface HeapList {
  readonly kind: 'tcache' | 'fastbin' | 'bin' | 'design';
  /** Number of a list of glibc's; of another design its name. */
  readonly index: number;
  readonly title: string;
  readonly chunks: readonly number[];
  /** It goes round, or leaves the heap. */
  readonly broken: boolean;
}

/** The lists of free chunks that are not empty. */
export function heapListsOf(k: KernelState, pid: number): readonly HeapList[] {
  const designed = designedHeap(k, pid);
  if (designed !== null) {
    const lists = designed.look.lists(designed.view);
    return lists.map(({ title, blocks, broken }) => ({ kind: 'design', index: -1, title, chunks: blocks, broken }));
  }
  const view = heapOf(k, pid);
  return view === null ? [] : freeLists(view).map((list) => ({ ...list, title: list.kind }));
}

/** From a name to the block, its chunk, its page and the frame behind; null where the name stands for nothing. */
export interface PointerChain {
  readonly address: number;
  readonly dangling: boolean;
  /** The block that is there now; another one's after a dangling pointer. */
  readonly block: BlockRecord | null;
  readonly chunk: HeapStretch | null;
  readonly page: number;
  readonly pages: number;
}

export function pointerChain(k: KernelState, pid: number, name: string): PointerChain | null {
  const pointer = pointerOf(k, pid, name);
  if (pointer === null || pointer.address === 0) return null;
  const { address } = pointer;
  const { chunks } = stretchesOf(k, pid);
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
