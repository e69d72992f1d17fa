import { allocRow, freeRow } from '../../base/table.ts';
import type { KernelState } from '../state.ts';

/** Which bytes of a live block the program has written: disjoint stretches in order, as a list behind the block. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

export function writtenOf(k: KernelState, block: number): Stretch[] {
  const { blocks, written } = k.heapTables;
  const found: Stretch[] = [];
  for (let row = blocks.written[block]!; row >= 0; row = written.next[row]!) {
    found.push({ start: written.start[row]!, end: written.end[row]! });
  }
  return found;
}

/** Adds [start, end), joined with what it touches. */
export function addWritten(k: KernelState, block: number, start: number, end: number): void {
  if (end <= start) return;
  const { blocks, written } = k.heapTables;
  let from = start;
  let to = end;
  let before = -1;
  let row = blocks.written[block]!;
  const link = (next: number): void => {
    if (before < 0) blocks.written[block] = next;
    else written.next[before] = next;
  };
  while (row >= 0 && written.start[row]! <= to) {
    const next = written.next[row]!;
    if (written.end[row]! < from) {
      before = row;
    } else {
      from = Math.min(from, written.start[row]!);
      to = Math.max(to, written.end[row]!);
      freeRow(written, row);
      link(next);
    }
    row = next;
  }
  const made = allocRow(written);
  written.start[made] = from;
  written.end[made] = to;
  written.next[made] = row;
  link(made);
}

export function forgetWritten(k: KernelState, block: number): void {
  const { blocks, written } = k.heapTables;
  for (let row = blocks.written[block]!; row >= 0;) {
    const next = written.next[row]!;
    freeRow(written, row);
    row = next;
  }
  blocks.written[block] = -1;
}
