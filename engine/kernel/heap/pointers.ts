import { firstFrom, insertRow, NO_ROW, removeRow, rowsOf } from '../../base/row-tree.ts';
import { allocRow, freeRow } from '../../base/table.ts';
import type { KernelState } from '../state.ts';
import { allocatorRow, noteAllocator } from './allocators.ts';
import { loadText, POINTER_NAME_BYTES, storeText } from './tables.ts';
import { compareNames, treesOf } from './trees.ts';

/** A name and what it stands for. Bytes; the address 0 is NULL. */
export interface Pointer {
  readonly name: string;
  readonly address: number;
  readonly asked: number;
  /** The call that gave it; an event. */
  readonly event: number;
  /** The call that freed its block, 0 while it does not dangle. */
  readonly freed: number;
}

const wanted = new Uint8Array(POINTER_NAME_BYTES);

function rowOf(k: KernelState, pid: number, name: string): number {
  const owner = allocatorRow(k, pid);
  if (owner === NO_ROW) return NO_ROW;
  const { pointers, allocators } = k.heapTables;
  storeText(wanted, 0, POINTER_NAME_BYTES, name);
  const { names } = treesOf(k.heapTables);
  const row = firstFrom(names, allocators.names[owner]!, (at) => compareNames(pointers.name, at, wanted, 0) < 0);
  return row !== NO_ROW && compareNames(pointers.name, row, wanted, 0) === 0 ? row : NO_ROW;
}

function pointerAt(k: KernelState, row: number): Pointer {
  const { pointers } = k.heapTables;
  return {
    name: loadText(pointers.name, row, POINTER_NAME_BYTES),
    address: pointers.address[row]!,
    asked: pointers.asked[row]!,
    event: pointers.event[row]!,
    freed: pointers.freed[row]!,
  };
}

/** @returns null when the process has no such name */
export function pointerOf(k: KernelState, pid: number, name: string): Pointer | null {
  const row = rowOf(k, pid, name);
  return row === NO_ROW ? null : pointerAt(k, row);
}

/** Rows of all names of a process, oldest first as far as rows are not used again. */
function rowsOfTask(k: KernelState, pid: number): number[] {
  const owner = allocatorRow(k, pid);
  if (owner === NO_ROW) return [];
  return rowsOf(treesOf(k.heapTables).names, k.heapTables.allocators.names[owner]!).sort((a, b) => a - b);
}

/** All names of a process, by the rows they have. */
export const pointersOf = (k: KernelState, pid: number): Pointer[] =>
  rowsOfTask(k, pid).map((row) => pointerAt(k, row));

/** Makes a name stand for an address, whatever it stood for before. */
export function setPointer(k: KernelState, pid: number, name: string, at: Omit<Pointer, 'name' | 'freed'>): void {
  const owner = noteAllocator(k, pid);
  const { pointers, allocators } = k.heapTables;
  const { names, places } = treesOf(k.heapTables);
  let row = rowOf(k, pid, name);
  if (row === NO_ROW) {
    row = allocRow(pointers);
    storeText(pointers.name, row, POINTER_NAME_BYTES, name);
    allocators.names[owner] = insertRow(names, allocators.names[owner]!, row);
  } else {
    allocators.places[owner] = removeRow(places, allocators.places[owner]!, row);
  }
  pointers.address[row] = at.address;
  pointers.asked[row] = at.asked;
  pointers.event[row] = at.event;
  pointers.freed[row] = 0;
  allocators.places[owner] = insertRow(places, allocators.places[owner]!, row);
}

/** The block at that address was freed: every name for it dangles from now on. */
export function markDangling(k: KernelState, pid: number, address: number, event: number): void {
  const owner = allocatorRow(k, pid);
  if (owner === NO_ROW) return;
  const { pointers, allocators } = k.heapTables;
  const visit = (row: number): void => {
    if (row === NO_ROW) return;
    const place = pointers.address[row]!;
    if (place >= address) visit(pointers.placeLeft[row]!);
    if (place === address && pointers.freed[row] === 0) pointers.freed[row] = event;
    if (place <= address) visit(pointers.placeRight[row]!);
  };
  visit(allocators.places[owner]!);
}

/** A forked child has the names of its parent. */
export function copyPointers(k: KernelState, parent: number, child: number): void {
  for (const pointer of pointersOf(k, parent)) {
    setPointer(k, child, pointer.name, pointer);
    k.heapTables.pointers.freed[rowOf(k, child, pointer.name)] = pointer.freed;
  }
}

export function dropPointers(k: KernelState, pid: number): void {
  const owner = allocatorRow(k, pid);
  if (owner === NO_ROW) return;
  const { pointers, allocators } = k.heapTables;
  for (const row of rowsOfTask(k, pid)) freeRow(pointers, row);
  allocators.names[owner] = NO_ROW;
  allocators.places[owner] = NO_ROW;
}
