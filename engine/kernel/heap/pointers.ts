import { allocRow, freeRow, isLive } from '../../base/table.ts';
import type { KernelState } from '../state.ts';
import { loadText, POINTER_NAME_BYTES, storeText } from './tables.ts';

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

function rowOf(k: KernelState, pid: number, name: string): number {
  const { pointers } = k.heapTables;
  for (let row = 0; row < pointers.rows; row++) {
    if (isLive(pointers, row) && pointers.pid[row] === pid && nameAt(k, row) === name) return row;
  }
  return -1;
}

const nameAt = (k: KernelState, row: number): string => loadText(k.heapTables.pointers.name, row, POINTER_NAME_BYTES);

function pointerAt(k: KernelState, row: number): Pointer {
  const { address, asked, event, freed } = k.heapTables.pointers;
  return { name: nameAt(k, row), address: address[row]!, asked: asked[row]!, event: event[row]!, freed: freed[row]! };
}

/** @returns null when the process has no such name */
export function pointerOf(k: KernelState, pid: number, name: string): Pointer | null {
  const row = rowOf(k, pid, name);
  return row < 0 ? null : pointerAt(k, row);
}

/** All names of a process, by the rows they have. */
export function pointersOf(k: KernelState, pid: number): Pointer[] {
  const { pointers } = k.heapTables;
  const found: Pointer[] = [];
  for (let row = 0; row < pointers.rows; row++) {
    if (isLive(pointers, row) && pointers.pid[row] === pid) found.push(pointerAt(k, row));
  }
  return found;
}

/** Makes a name stand for an address, whatever it stood for before. */
export function setPointer(k: KernelState, pid: number, name: string, at: Omit<Pointer, 'name' | 'freed'>): void {
  const { pointers } = k.heapTables;
  let row = rowOf(k, pid, name);
  if (row < 0) {
    row = allocRow(pointers);
    pointers.pid[row] = pid;
    storeText(pointers.name, row, POINTER_NAME_BYTES, name);
  }
  pointers.address[row] = at.address;
  pointers.asked[row] = at.asked;
  pointers.event[row] = at.event;
  pointers.freed[row] = 0;
}

/** The block at that address was freed: every name for it dangles from now on. */
export function markDangling(k: KernelState, pid: number, address: number, event: number): void {
  const { pointers } = k.heapTables;
  for (let row = 0; row < pointers.rows; row++) {
    const names = isLive(pointers, row) && pointers.pid[row] === pid && pointers.address[row] === address;
    if (names && pointers.freed[row] === 0) pointers.freed[row] = event;
  }
}

/** A forked child has the names of its parent. */
export function copyPointers(k: KernelState, parent: number, child: number): void {
  for (const pointer of pointersOf(k, parent)) {
    setPointer(k, child, pointer.name, pointer);
    k.heapTables.pointers.freed[rowOf(k, child, pointer.name)] = pointer.freed;
  }
}

export function dropPointers(k: KernelState, pid: number): void {
  const { pointers } = k.heapTables;
  for (let row = 0; row < pointers.rows; row++) {
    if (isLive(pointers, row) && pointers.pid[row] === pid) freeRow(pointers, row);
  }
}
