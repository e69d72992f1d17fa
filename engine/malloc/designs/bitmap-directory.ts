import type { HeapView } from '../heap.ts';
import { ALIGNMENT, type DesignHeap } from './design.ts';

/**
 * A directory apart from the blocks: two bits for every unit of 16 bytes, in two bitmaps one behind the other. Blocks
 * have no header, so a write past one's end damages its neighbour's data and never the bookkeeping.
 */

/** Words of the allocator's own state, from its arena. */
export const DIRECTORY = {
  start: 0, // the heap's first unit; 0 before there is one
  units: 8, // units the heap has
  bits: 16, // address of the bitmaps
  capacity: 24, // units they have room for: 16,384 times a power of two
  firstFree: 32, // no unit below is free
} as const;

export const UNIT_BYTES = ALIGNMENT;
/** Bits of one word of a bitmap. */
export const WORD_UNITS = 32;

/** What the two bits of a unit say: `taken` is in the first bitmap, `begins` in the second. */
const UNIT_STATES = ['free', 'more', 'foreign', 'first'] as const;
export type UnitState = (typeof UNIT_STATES)[number];

export const unitsOf = (h: HeapView): number => h.mem.load64(h.arena + DIRECTORY.units);
export const startOf = (h: HeapView): number => h.mem.load64(h.arena + DIRECTORY.start);
export const addressOf = (h: HeapView, unit: number): number => startOf(h) + unit * UNIT_BYTES;
const bitsOf = (h: HeapView): number => h.mem.load64(h.arena + DIRECTORY.bits);
const capacityOf = (h: HeapView): number => h.mem.load64(h.arena + DIRECTORY.capacity);

/** Bytes that both bitmaps take for so many units. */
export const directoryBytes = (units: number): number => (2 * units) / 8;

const takenAt = (h: HeapView, unit: number): number => bitsOf(h) + Math.floor(unit / WORD_UNITS) * 4;
const beginsAt = (h: HeapView, unit: number): number => takenAt(h, unit) + capacityOf(h) / 8;

/** 32 units at once, the lowest in bit 0: which of them are not free. */
export function takenWord(h: HeapView, unit: number): number {
  return (h.mem.load32(takenAt(h, unit)) | (h.mem.load32(beginsAt(h, unit)) & ~h.mem.load32(takenAt(h, unit)))) >>> 0;
}

export function stateOf(h: HeapView, unit: number): UnitState {
  const bit = unit % WORD_UNITS;
  const taken = (h.mem.load32(takenAt(h, unit)) >>> bit) & 1;
  const begins = (h.mem.load32(beginsAt(h, unit)) >>> bit) & 1;
  return UNIT_STATES[taken + 2 * begins]!;
}

/** The states of [0, to), word by word. */
export function allStates(h: HeapView, to: number): UnitState[] {
  const states: UnitState[] = [];
  for (let word = 0; word < to; word += WORD_UNITS) {
    const taken = h.mem.load32(takenAt(h, word));
    const begins = h.mem.load32(beginsAt(h, word));
    for (let bit = 0; bit < Math.min(WORD_UNITS, to - word); bit++) {
      states.push(UNIT_STATES[((taken >>> bit) & 1) + 2 * ((begins >>> bit) & 1)]!);
    }
  }
  return states;
}

/** Marks [from, to) as one block, as free, or as someone else's. */
export function mark(h: DesignHeap, from: number, to: number, as: 'block' | 'free' | 'foreign'): void {
  for (let unit = from; unit < to;) {
    const end = Math.min(to, (Math.floor(unit / WORD_UNITS) + 1) * WORD_UNITS);
    const mask = (2 ** (end - unit) - 1) * 2 ** (unit % WORD_UNITS);
    setBits(h, takenAt(h, unit), mask, as === 'block');
    setBits(h, beginsAt(h, unit), mask, as === 'foreign');
    unit = end;
  }
  if (as === 'block') setBits(h, beginsAt(h, from), 2 ** (from % WORD_UNITS), true);
}

function setBits(h: DesignHeap, address: number, mask: number, on: boolean): void {
  const word = h.mem.load32(address);
  h.mem.store32(address, on ? (word | mask) >>> 0 : (word & ~mask) >>> 0);
}

/** Units of the block that begins there. */
export function blockUnits(h: HeapView, unit: number): number {
  const end = unitsOf(h);
  let to = unit + 1;
  while (to < end) {
    // Of the units from `to` to the end of their word, how many go on with the block?
    const taken = h.mem.load32(takenAt(h, to));
    const goesOn = ((taken & ~h.mem.load32(beginsAt(h, to))) >>> (to % WORD_UNITS)) >>> 0;
    const left = WORD_UNITS - (to % WORD_UNITS);
    const run = Math.min(left, trailingOnes(goesOn));
    to += run;
    if (run < left) break;
  }
  return Math.min(to, end) - unit;
}

/** Bits set from bit 0 up. */
export function trailingOnes(word: number): number {
  const zeros = ~word;
  return zeros === 0 ? WORD_UNITS : 31 - Math.clz32(zeros & -zeros);
}

/** Bits clear from bit 0 up. */
export const trailingZeros = (word: number): number => trailingOnes(~word >>> 0);
