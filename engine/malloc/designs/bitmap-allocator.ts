import { NULL } from '../heap.ts';
import { FAILED } from '../memory.ts';
import { alignUp } from '../word.ts';
import {
  addressOf,
  blockUnits,
  DIRECTORY,
  directoryBytes,
  mark,
  startOf,
  stateOf,
  takenWord,
  trailingOnes,
  trailingZeros,
  UNIT_BYTES,
  unitsOf,
  WORD_UNITS,
} from './bitmap-directory.ts';
import { badPointer, blockAllocator, type DesignCalls } from './calls.ts';
import { ALIGNMENT, GROWTH_BYTES, type BlockAllocator, type DesignHeap } from './design.ts';

/** First fit over a bitmap that lies apart from the blocks. The search is linear in the heap's size, 32 units a word. */
export function bitmapAllocator(h: DesignHeap): BlockAllocator {
  const calls: DesignCalls = {
    allocate(bytes) {
      const units = unitsFor(bytes);
      let unit = findFree(h, units);
      if (unit < 0) {
        if (!grow(h, units)) return NULL;
        unit = findFree(h, units);
      }
      mark(h, unit, unit + units, 'block');
      if (unit === firstFree(h)) setFirstFree(h, unit + units);
      h.watcher?.step('take', addressOf(h, unit), units * UNIT_BYTES);
      return addressOf(h, unit);
    },
    release(block) {
      const unit = firstUnit(h, block, 'free()');
      const units = blockUnits(h, unit);
      h.watcher?.step('give', block, units * UNIT_BYTES);
      mark(h, unit, unit + units, 'free');
      setFirstFree(h, Math.min(unit, firstFree(h)));
    },
    resize(block, bytes) {
      const unit = firstUnit(h, block, 'realloc()');
      return resize(h, unit, unitsFor(bytes));
    },
    usableSize: (block) => blockUnits(h, firstUnit(h, block, 'malloc_usable_size()')) * UNIT_BYTES,
  };
  return blockAllocator(h, calls);
}

const unitsFor = (bytes: number): number => Math.max(1, Math.ceil(bytes / UNIT_BYTES));
const firstFree = (h: DesignHeap): number => h.mem.load64(h.arena + DIRECTORY.firstFree);
const setFirstFree = (h: DesignHeap, unit: number): void => h.mem.store64(h.arena + DIRECTORY.firstFree, unit);

/** The unit a block begins with; the directory knows every address that it gave. */
function firstUnit(h: DesignHeap, block: number, call: string): number {
  const unit = (block - startOf(h)) / UNIT_BYTES;
  const known = startOf(h) !== NULL && Number.isInteger(unit) && unit >= 0 && unit < unitsOf(h);
  if (!known || stateOf(h, unit) !== 'first') badPointer(call);
  return unit;
}

/** The lowest run of so many free units. @returns −1 when there is none */
function findFree(h: DesignHeap, units: number): number {
  const end = unitsOf(h);
  let lowest = end;
  let run = 0;
  for (let unit = firstFree(h); unit < end;) {
    const bit = unit % WORD_UNITS;
    const left = Math.min(WORD_UNITS - bit, end - unit);
    const word = takenWord(h, unit) >>> bit;
    h.watcher?.step('look', addressOf(h, unit), left * UNIT_BYTES);
    for (let done = 0; done < left;) {
      const free = Math.min(left - done, word >>> done === 0 ? WORD_UNITS : trailingZeros(word >>> done));
      if (free > 0) lowest = Math.min(lowest, unit + done);
      run += free;
      done += free;
      if (run >= units) {
        setFirstFree(h, lowest);
        return unit + done - run;
      }
      if (done === left) break;
      run = 0;
      done += trailingOnes(word >>> done);
    }
    unit += left;
  }
  setFirstFree(h, lowest);
  return -1;
}

function resize(h: DesignHeap, unit: number, units: number): boolean {
  const has = blockUnits(h, unit);
  for (let more = unit + has; more < unit + units; more++) {
    if (more >= unitsOf(h) || stateOf(h, more) !== 'free') return false;
  }
  if (units < has) {
    h.watcher?.step('split', addressOf(h, unit + units), (has - units) * UNIT_BYTES);
    mark(h, unit + units, unit + has, 'free');
    setFirstFree(h, Math.min(unit + units, firstFree(h)));
  } else {
    mark(h, unit, unit + units, 'block');
    if (unit + has === firstFree(h)) setFirstFree(h, unit + units);
  }
  return true;
}

/** Asks the system for room for so many units more, and for a larger directory when that is full. */
function grow(h: DesignHeap, units: number): boolean {
  const margin = 2 * ALIGNMENT; // the break may be at any byte
  let wanted = alignUp(units * UNIT_BYTES + margin, GROWTH_BYTES);
  let got = h.mem.sbrk(wanted);
  if (got === FAILED) {
    wanted = units * UNIT_BYTES + margin;
    got = h.mem.sbrk(wanted);
  }
  const oldStart = startOf(h);
  if (got === FAILED || got < oldStart + unitsOf(h) * UNIT_BYTES) return false;
  const start = oldStart === NULL ? alignUp(got, ALIGNMENT) : oldStart;
  const from = Math.ceil((got - start) / UNIT_BYTES);
  const to = Math.floor((got + wanted - start) / UNIT_BYTES);
  if (!makeRoom(h, to)) {
    h.mem.sbrk(-wanted);
    return false;
  }
  h.watcher?.step('grow', got, wanted);
  h.mem.store64(h.arena + DIRECTORY.start, start);
  const had = unitsOf(h);
  h.mem.store64(h.arena + DIRECTORY.units, to);
  if (from > had) mark(h, had, from, 'foreign');
  return true;
}

/** A directory for so many units; a larger one is mapped elsewhere and the old one copied. */
function makeRoom(h: DesignHeap, units: number): boolean {
  const old = h.mem.load64(h.arena + DIRECTORY.capacity);
  if (units <= old) return true;
  const capacity = Math.max(UNITS_PER_PAGE, 2 ** Math.ceil(Math.log2(units)));
  const bits = h.mem.mmap(directoryBytes(capacity));
  if (bits === FAILED) return false;
  h.watcher?.step('grow', bits, directoryBytes(capacity));
  const before = h.mem.load64(h.arena + DIRECTORY.bits);
  if (old > 0) {
    h.mem.copy(bits, before, old / 8);
    h.mem.copy(bits + capacity / 8, before + old / 8, old / 8);
    h.mem.munmap(before, directoryBytes(old));
  }
  h.mem.store64(h.arena + DIRECTORY.bits, bits);
  h.mem.store64(h.arena + DIRECTORY.capacity, capacity);
  return true;
}

/** One page of directory, half of it for each bitmap: 256 KiB of heap. */
const UNITS_PER_PAGE = 16_384;
