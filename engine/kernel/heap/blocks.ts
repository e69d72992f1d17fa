import { insertRow, NO_ROW, removeRow, rowsOf } from '../../base/row-tree.ts';
import { allocRow, freeRow } from '../../base/table.ts';
import type { KernelState } from '../state.ts';
import { allocatorRow, noteAllocator } from './allocators.ts';
import { blockEnd, treesOf } from './trees.ts';
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

function rootOf(k: KernelState, pid: number): number {
  const row = allocatorRow(k, pid);
  return row === NO_ROW ? NO_ROW : k.heapTables.allocators.blocks[row]!;
}

/** Blocks of a process, freed ones too as long as their bytes were not given out again; by address. */
export const blocksOf = (k: KernelState, pid: number): BlockRecord[] =>
  rowsOf(treesOf(k.heapTables).blocks, rootOf(k, pid)).map((row) => recordAt(k, row));

/** Rows of the blocks with usable bytes in [from, to), by address. */
function rowsWithin(k: KernelState, pid: number, from: number, to: number): number[] {
  const { blocks } = k.heapTables;
  const rows: number[] = [];
  const visit = (row: number): void => {
    if (row === NO_ROW || blocks.reach[row]! <= from) return;
    visit(blocks.left[row]!);
    if (blocks.address[row]! >= to) return;
    if (blockEnd(k.heapTables, row) > from) rows.push(row);
    visit(blocks.right[row]!);
  };
  visit(rootOf(k, pid));
  return rows;
}

/** Live blocks with usable bytes in [from, to), by address. */
export const liveBlocksWithin = (k: KernelState, pid: number, from: number, to: number): BlockRecord[] =>
  rowsWithin(k, pid, from, to)
    .filter((row) => k.heapTables.blocks.freed[row] === 0)
    .map((row) => recordAt(k, row));

/** The last live block that starts at or below an address, or null. */
export function liveBlockUpTo(k: KernelState, pid: number, address: number): BlockRecord | null {
  const { blocks } = k.heapTables;
  const search = (row: number): number => {
    if (row === NO_ROW) return NO_ROW;
    if (blocks.address[row]! > address) return search(blocks.left[row]!);
    const above = search(blocks.right[row]!);
    if (above !== NO_ROW) return above;
    return blocks.freed[row] === 0 ? row : search(blocks.left[row]!);
  };
  const found = search(rootOf(k, pid));
  return found === NO_ROW ? null : recordAt(k, found);
}

/** Of several blocks a live one, else the one freed last. */
function foremost(k: KernelState, rows: readonly number[]): BlockRecord | null {
  const { freed } = k.heapTables.blocks;
  let found = rows[0];
  if (found === undefined) return null;
  for (const row of rows) {
    if (freed[found] !== 0 && (freed[row] === 0 || freed[row]! > freed[found]!)) found = row;
  }
  return recordAt(k, found);
}

/** The block whose usable bytes hold an address, a live one first. */
export const blockAround = (k: KernelState, pid: number, address: number): BlockRecord | null =>
  foremost(k, rowsWithin(k, pid, address, address + 1));

/** The block that starts at an address, a live one first. */
export function blockAt(k: KernelState, pid: number, address: number): BlockRecord | null {
  const here = rowsWithin(k, pid, address, address + 1);
  return foremost(
    k,
    here.filter((row) => k.heapTables.blocks.address[row] === address),
  );
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
  for (const row of rowsWithin(k, pid, block.address, block.address + block.usable)) {
    if (blocks.freed[row] === 0) givenTwice = true;
    else dropBlock(k, pid, row);
  }
  const row = allocRow(blocks);
  blocks.address[row] = block.address;
  blocks.asked[row] = block.asked;
  blocks.usable[row] = block.usable;
  blocks.born[row] = block.born;
  blocks.written[row] = -1;
  hang(k, pid, row);
  countAsked(k, pid, block.asked);
  return { row, givenTwice };
}

function countAsked(k: KernelState, pid: number, bytes: number): void {
  k.heapTables.allocators.asked[allocatorRow(k, pid)]! += bytes;
}

function hang(k: KernelState, pid: number, row: number): void {
  const owner = noteAllocator(k, pid);
  const { allocators } = k.heapTables;
  allocators.blocks[owner] = insertRow(treesOf(k.heapTables).blocks, allocators.blocks[owner]!, row);
}

function unhang(k: KernelState, pid: number, row: number): void {
  const owner = allocatorRow(k, pid);
  const { allocators } = k.heapTables;
  allocators.blocks[owner] = removeRow(treesOf(k.heapTables).blocks, allocators.blocks[owner]!, row);
}

function dropBlock(k: KernelState, pid: number, row: number): void {
  unhang(k, pid, row);
  freeRow(k.heapTables.blocks, row);
}

export function recordFree(k: KernelState, pid: number, address: number, event: number): void {
  const block = blockAt(k, pid, address);
  if (block === null || block.freed !== 0) return;
  k.heapTables.blocks.freed[block.row] = event;
  countAsked(k, pid, -block.asked);
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
  const before = blockAt(k, pid, old);
  const stretches = before === null ? [] : writtenOf(k, before.row);
  const born = before !== null && old === block.address ? before.born : event;
  if (before !== null && old === block.address) {
    forgetWritten(k, before.row);
    dropBlock(k, pid, before.row);
    if (before.freed === 0) countAsked(k, pid, -before.asked);
  } else {
    recordFree(k, pid, old, event);
  }
  const { row } = recordBlock(k, pid, { ...block, born });
  const end = block.address + block.usable;
  for (const { start, end: upTo } of stretches) {
    const shift = block.address - old;
    addWritten(k, row, start + shift, Math.min(upTo + shift, end));
  }
}

export function copyBlocks(k: KernelState, parent: number, child: number): void {
  const { blocks } = k.heapTables;
  for (const block of blocksOf(k, parent)) {
    const copy = allocRow(blocks);
    blocks.address[copy] = block.address;
    blocks.asked[copy] = block.asked;
    blocks.usable[copy] = block.usable;
    blocks.born[copy] = block.born;
    blocks.freed[copy] = block.freed;
    blocks.written[copy] = -1;
    hang(k, child, copy);
    for (const { start, end } of writtenOf(k, block.row)) addWritten(k, copy, start, end);
  }
}

export function dropBlocks(k: KernelState, pid: number): void {
  const rows = rowsOf(treesOf(k.heapTables).blocks, rootOf(k, pid));
  for (const row of rows) {
    forgetWritten(k, row);
    freeRow(k.heapTables.blocks, row);
  }
  if (rows.length > 0) k.heapTables.allocators.blocks[allocatorRow(k, pid)] = NO_ROW;
}
