import { PAGE_SIZE, type Pid } from '../../base/units.ts';
import { SP } from '../../c/index.ts';
import { mmOf } from '../../proc/task.ts';
import { PeekMemory } from '../heap/peek-memory.ts';
import type { KernelState } from '../state.ts';
import { Process } from './process.ts';

/** Bytes of each part that are compared: what does not fit is not told. */
const MOST = 256 * 1024;
/** Of the stack: above and below where it stands. */
const ABOVE = 64 * 1024;
const BELOW = 16 * 1024;
/** Ranges that are told of one step. */
const MOST_RANGES = 2_000;

/** A program's stack, variables and heap as they were. */
export interface MemoryCopy {
  readonly pid: Pid;
  readonly parts: readonly { readonly start: number; readonly bytes: Uint8Array }[];
}

/** Bytes [from, to) by address. */
export type ByteRange = readonly [from: number, to: number];

export function copyMemory(k: KernelState, pid: Pid): MemoryCopy {
  const { image } = new Process(k, pid);
  const mm = mmOf(k, pid);
  const sp = registerOf(k, pid, SP);
  const top = Math.ceil((k.mms.startStack[mm]! + 1) / PAGE_SIZE) * PAGE_SIZE;
  const heap = k.mms.startBrk[mm]!;
  const ranges: ByteRange[] = [
    [image.dataStart, Math.min(image.end, image.dataStart + MOST)],
    [heap, Math.min(k.mms.brk[mm]!, heap + MOST)],
    [sp - BELOW, Math.min(Math.max(top, sp), sp + ABOVE)],
  ];
  const memory = new PeekMemory(k, pid);
  return {
    pid,
    parts: ranges.map(([from, to]) => ({ start: from, bytes: memory.read(from, Math.max(0, to - from)) })),
  };
}

/** A register as a number. */
export function registerOf(k: KernelState, pid: Pid, register: number): number {
  const { registers, capacity } = k.programs.processes;
  const at = pid * (registers.length / capacity) + register * 2;
  return registers[at + 1]! * 2 ** 32 + (registers[at]! >>> 0);
}

/** Bytes that are others now, by address. */
export function changedRanges(k: KernelState, before: MemoryCopy): ByteRange[] {
  const memory = new PeekMemory(k, before.pid);
  const found: ByteRange[] = [];
  for (const { start, bytes } of before.parts) {
    const now = memory.read(start, bytes.length);
    for (let i = 0; i < bytes.length && found.length < MOST_RANGES; i++) {
      if (bytes[i] === now[i]) continue;
      const from = i;
      while (i < bytes.length && bytes[i] !== now[i]) i++;
      found.push([start + from, start + i]);
    }
  }
  return found;
}
