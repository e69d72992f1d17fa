import { allocRow, freeRow, isLive } from '../../base/table.ts';
import type { KernelState } from '../state.ts';
import { addWritten, forgetWritten, writtenOf } from './written.ts';

/** What is known of one block that the program asked for. Bytes and events. */
export interface BlockRecord {
  readonly row: number;
  readonly address: number;
  readonly asked: number;
  readonly usable: number;
  readonly born: number;
  /** 0 while it is live. */
  readonly freed: number;
}

function recordAt(k: KernelState, row: number): BlockRecord {
  const { address, asked, usable, born, freed } = k.heapTables.blocks;
  return {
    row,
    address: address[row]!,
    asked: asked[row]!,
    usable: usable[row]!,
    born: born[row]!,
    freed: freed[row]!,
  };
}

/** Blocks of a process, freed ones too as long as their bytes were not given out again; by address. */
export function blocksOf(k: KernelState, pid: number): BlockRecord[] {
  const { blocks } = k.heapTables;
  const found: BlockRecord[] = [];
  for (let row = 0; row < blocks.rows; row++) {
    if (isLive(blocks, row) && blocks.pid[row] === pid) found.push(recordAt(k, row));
  }
  return found.sort((a, b) => a.address - b.address || a.row - b.row);
}

/** The block whose usable bytes hold an address, a live one first. */
export function blockAround(k: KernelState, pid: number, address: number): BlockRecord | null {
  const { blocks } = k.heapTables;
  let found = -1;
  for (let row = 0; row < blocks.rows; row++) {
    if (!isLive(blocks, row) || blocks.pid[row] !== pid) continue;
    const start = blocks.address[row]!;
    if (address < start || address >= start + Math.max(1, blocks.usable[row]!)) continue;
    if (blocks.freed[row] === 0) return recordAt(k, row);
    found = row;
  }
  return found < 0 ? null : recordAt(k, found);
}

/** The block that starts at an address, a live one first. */
export function blockAt(k: KernelState, pid: number, address: number): BlockRecord | null {
  const { blocks } = k.heapTables;
  let found = -1;
  for (let row = 0; row < blocks.rows; row++) {
    if (!isLive(blocks, row) || blocks.pid[row] !== pid || blocks.address[row] !== address) continue;
    if (blocks.freed[row] === 0) return recordAt(k, row);
    found = row;
  }
  return found < 0 ? null : recordAt(k, found);
}

/**
 * A block was given out. What was freed below it is forgotten: its bytes have a new owner.
 * @returns its row, and whether a live block was there already, which a damaged list makes possible
 */
export function recordBlock(
  k: KernelState,
  pid: number,
  block: Omit<BlockRecord, 'row' | 'freed'>,
): { readonly row: number; readonly givenTwice: boolean } {
  const { blocks } = k.heapTables;
  let givenTwice = false;
  const end = block.address + block.usable;
  for (let row = 0; row < blocks.rows; row++) {
    if (!isLive(blocks, row) || blocks.pid[row] !== pid) continue;
    if (blocks.address[row]! >= end || blocks.address[row]! + blocks.usable[row]! <= block.address) continue;
    if (blocks.freed[row] === 0) givenTwice = true;
    else freeRow(blocks, row);
  }
  const row = allocRow(blocks);
  blocks.pid[row] = pid;
  blocks.address[row] = block.address;
  blocks.asked[row] = block.asked;
  blocks.usable[row] = block.usable;
  blocks.born[row] = block.born;
  blocks.written[row] = -1;
  return { row, givenTwice };
}

export function recordFree(k: KernelState, pid: number, address: number, event: number): void {
  const block = blockAt(k, pid, address);
  if (block === null || block.freed !== 0) return;
  k.heapTables.blocks.freed[block.row] = event;
  forgetWritten(k, block.row);
}

/** realloc: the block has another size, and what was written moves along as far as it still fits. */
export function recordResize(
  k: KernelState,
  pid: number,
  old: number,
  block: Omit<BlockRecord, 'row' | 'freed' | 'born'>,
  event: number,
): void {
  const { blocks } = k.heapTables;
  const before = blockAt(k, pid, old);
  const stretches = before === null ? [] : writtenOf(k, before.row);
  if (before !== null && old === block.address) {
    forgetWritten(k, before.row);
    blocks.asked[before.row] = block.asked;
    blocks.usable[before.row] = block.usable;
  } else {
    recordFree(k, pid, old, event);
    recordBlock(k, pid, { ...block, born: event });
  }
  const row = blockAt(k, pid, block.address)!.row;
  const end = block.address + block.usable;
  for (const { start, end: upTo } of stretches) {
    const shift = block.address - old;
    addWritten(k, row, start + shift, Math.min(upTo + shift, end));
  }
}

export function copyBlocks(k: KernelState, parent: number, child: number): void {
  const { blocks } = k.heapTables;
  for (const block of blocksOf(k, parent)) {
    const copy = recordBlock(k, child, block).row;
    blocks.freed[copy] = block.freed;
    for (const { start, end } of writtenOf(k, block.row)) addWritten(k, copy, start, end);
  }
}

export function dropBlocks(k: KernelState, pid: number): void {
  for (const { row } of blocksOf(k, pid)) {
    forgetWritten(k, row);
    freeRow(k.heapTables.blocks, row);
  }
}
