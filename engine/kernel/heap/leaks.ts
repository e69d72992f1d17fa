import { PTE } from '../../base/flags.ts';
import { PAGE_SIZE, type MmId } from '../../base/units.ts';
import { peekByte } from '../../mm/frame-bytes.ts';
import { entryId, forEachTable, frameOfLow, lowWord } from '../../mm/page-table.ts';
import { vmaAt, vmaCount } from '../../mm/vma-list.ts';
import { LIBRARY_REGION } from '../malloc-memory.ts';
import { regionPage } from '../regions.ts';
import type { KernelState } from '../state.ts';
import { blocksOf, type BlockRecord } from './blocks.ts';
import { heapExtent } from './heap-state.ts';
import { PeekMemory } from './peek-memory.ts';
import { pointersOf } from './pointers.ts';

/**
 * Whether the program can still get at a block: `reachable` from a variable, over other blocks if need be; `lost` when
 * nothing leads to it; `behind` when only a lost block does.
 */
export type Reach = 'reachable' | 'lost' | 'behind';

export interface BlockReach extends BlockRecord {
  readonly reach: Reach;
}

/**
 * Looks for leaks: from the names of the console, which are the program's variables, and from every aligned word of its
 * own pages outside of the heap; a word that points anywhere into a block counts. What no root reaches is lost, and what
 * hangs on something lost is behind it. Source: compiler-rt lsan_common.cpp ClassifyAllChunks, MarkIndirectlyLeakedCb.
 */
export function reachOfBlocks(k: KernelState, pid: number): BlockReach[] {
  const blocks = blocksOf(k, pid).filter((block) => block.freed === 0);
  const reached = new Set<number>();
  const flood = makeFlood(k, pid, blocks);
  for (const address of rootsOf(k, pid, blocks)) flood(address, reached);
  const behind = new Set<number>();
  for (const [i, block] of blocks.entries()) {
    if (reached.has(i) || behind.has(i)) continue;
    const below = new Set<number>();
    flood(block.address, below);
    below.delete(i);
    for (const each of below) if (!reached.has(each)) behind.add(each);
  }
  return blocks.map((block, i) => ({
    ...block,
    reach: reached.has(i) ? 'reachable' : behind.has(i) ? 'behind' : 'lost',
  }));
}

/** Marks the block around an address and all that its words lead to. Blocks by their index. */
function makeFlood(k: KernelState, pid: number, blocks: readonly BlockRecord[]) {
  const mem = new PeekMemory(k, pid);
  return (address: number, marked: Set<number>): void => {
    const waiting = [address];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      const index = indexAround(blocks, at);
      if (index < 0 || marked.has(index)) continue;
      marked.add(index);
      const { address: start, usable } = blocks[index]!;
      for (let word = start; word + 8 <= start + usable; word += 8) {
        const value = mem.load64(word);
        if (value !== 0) waiting.push(value);
      }
    }
  };
}

/** Index of the block whose bytes hold an address, −1 for none. Blocks by ascending address. */
function indexAround(blocks: readonly BlockRecord[], address: number): number {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (blocks[middle]!.address <= address) low = middle + 1;
    else high = middle;
  }
  const found = blocks[low - 1];
  return found !== undefined && address < found.address + Math.max(1, found.usable) ? low - 1 : -1;
}

/** Values that the program holds outside of its blocks. */
function rootsOf(k: KernelState, pid: number, blocks: readonly BlockRecord[]): number[] {
  const roots = pointersOf(k, pid).map(({ address }) => address);
  const mm = (k.tasks.mm[pid] ?? -1) as MmId;
  if (mm < 0) return roots;
  const heap = heapExtent(k, pid);
  const library = regionPage(k, LIBRARY_REGION);
  const skipped = (page: number): boolean => {
    const address = page * PAGE_SIZE;
    if (library !== null && page >= library && page < library + 2) return true;
    if (heap !== null && address >= heap.start - (heap.start % PAGE_SIZE) && address < heap.end) return true;
    // A block's header in the mapping it fills lies 16 bytes below.
    return indexAround(blocks, address + 16) >= 0;
  };
  for (let i = 0; i < vmaCount(k, mm); i++) {
    const vma = vmaAt(k, mm, i);
    forEachTable(k, mm, k.vmas.start[vma]!, k.vmas.end[vma]!, (table, from, to) => {
      for (let page = from; page < to; page++) {
        const low = lowWord(k, entryId(table, page % 512));
        if ((low & PTE.PRESENT) !== 0 && (low & PTE.SPECIAL) === 0 && !skipped(page))
          addWords(k, frameOfLow(low), roots);
      }
    });
  }
  return roots;
}

function addWords(k: KernelState, frame: number, roots: number[]): void {
  // A frame of zeros but for its first byte holds no pointer.
  if (k.frames.content[frame]! < 0) return;
  for (let offset = 0; offset < PAGE_SIZE; offset += 8) {
    let value = 0;
    for (let i = 7; i >= 0; i--) value = value * 256 + peekByte(k, frame, offset + i);
    if (value !== 0) roots.push(value);
  }
}
