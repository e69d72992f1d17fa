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
import { stretchesOf } from './stretches.ts';

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
  for (const address of rootsOf(k, pid, blocks)) flood.from(address, reached);
  const behind = blocksBehind(blocks, reached, flood);
  return blocks.map((block, i) => ({
    ...block,
    reach: reached.has(i) ? 'reachable' : behind.has(i) ? 'behind' : 'lost',
  }));
}

/**
 * Of the blocks that nothing leads to, those that another one leads to; of a ring of them all but the first are behind
 * it. Each block is looked through twice, however they hang together. Blocks by their index.
 */
function blocksBehind(blocks: readonly BlockRecord[], reached: ReadonlySet<number>, flood: Flood): Set<number> {
  const named = new Set<number>();
  const unreached = [...blocks.keys()].filter((i) => !reached.has(i));
  for (const i of unreached) for (const other of flood.named(i)) if (other !== i) named.add(other);
  const seen = new Set(reached);
  const behind = new Set<number>();
  // First what nobody names, then what is left of rings.
  for (const i of [...unreached.filter((each) => !named.has(each)), ...unreached]) {
    if (seen.has(i)) continue;
    for (const other of flood.from(blocks[i]!.address, seen)) if (other !== i) behind.add(other);
  }
  return behind;
}

/** The ways from block to block; blocks by their index. */
interface Flood {
  /** Blocks that a block's words point into. */
  readonly named: (index: number) => number[];
  /** Marks the block around an address and all that it leads to. @returns those that were not marked before */
  readonly from: (address: number, marked: Set<number>) => number[];
}

function makeFlood(k: KernelState, pid: number, blocks: readonly BlockRecord[]): Flood {
  const mem = new PeekMemory(k, pid);
  const named = (index: number): number[] => {
    const found: number[] = [];
    const { address, usable } = blocks[index]!;
    for (let word = address; word + 8 <= address + usable; word += 8) {
      const value = mem.load64(word);
      const other = value === 0 ? -1 : indexAround(blocks, value);
      if (other >= 0) found.push(other);
    }
    return found;
  };
  const from = (address: number, marked: Set<number>): number[] => {
    const found: number[] = [];
    const waiting = [indexAround(blocks, address)];
    for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
      if (index < 0 || marked.has(index)) continue;
      marked.add(index);
      found.push(index);
      for (const other of named(index)) waiting.push(other);
    }
    return found;
  };
  return { named, from };
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
  const { apart } = stretchesOf(k, pid);
  const library = regionPage(k, LIBRARY_REGION);
  const skipped = (page: number): boolean => {
    const address = page * PAGE_SIZE;
    if (library !== null && page >= library && page < library + 2) return true;
    if (apart.some((own) => address >= own.address && address < own.address + own.bytes)) return true;
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
