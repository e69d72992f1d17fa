import { binIndex, fastbinIndex, smallBinRange, tcacheIndex } from './bin-index.ts';
import { binAt, binmap } from './bins.ts';
import {
  bkNextsizeOf,
  bkOf,
  FLAG,
  fdNextsizeOf,
  fdOf,
  isInuse,
  isMisaligned,
  MIN_CHUNK,
  prevInuse,
  prevSizeOf,
  sizeOf,
} from './chunk.ts';
import { arenaInt, arenaWord, NULL, systemMem, topOf, type HeapView } from './heap.ts';
import { ARENA, MP, NONCONTIGUOUS, TCACHE } from './layout.ts';
import { freeLists, walkHeap, type ListView } from './walk.ts';

/**
 * Everything that holds of a heap that no program has damaged; by looking alone.
 * Source of the rules: glibc 2.36 malloc/malloc.c do_check_malloc_state and what it calls, and the tiling of the heap.
 * @returns one sentence for each rule that does not hold
 */
export function checkHeap(h: HeapView): string[] {
  const broken: string[] = [];
  const hold = (condition: boolean, rule: string): void => {
    if (!condition) broken.push(rule);
  };
  if (arenaInt(h, MP.initialized) === 0 || arenaWord(h, MP.sbrkBase) === 0) return broken;
  const lists = freeLists(h);
  const seen = new Set<number>();
  for (const list of lists) {
    hold(!list.broken, `${list.kind} ${list.index} ends`);
    for (const chunk of list.chunks) {
      hold(!seen.has(chunk), `${hex(chunk)} is in one list`);
      seen.add(chunk);
      hold(!isMisaligned(chunk), `${hex(chunk)} is aligned`);
    }
    if (list.kind === 'bin') checkBin(h, list, hold);
    else checkQuickList(h, list, hold);
  }
  if ((arenaInt(h, ARENA.flags) & NONCONTIGUOUS) === 0) checkTiling(h, new Set(lists.flatMap(inBins)), hold);
  return broken;
}

type Hold = (condition: boolean, rule: string) => void;
const hex = (address: number): string => `0x${address.toString(16)}`;
const inBins = (list: ListView): readonly number[] => (list.kind === 'bin' ? list.chunks : []);

/** tcache and fastbins: one size, and neighbours take the chunks for used. */
function checkQuickList(h: HeapView, list: ListView, hold: Hold): void {
  for (const chunk of list.chunks) {
    const size = sizeOf(h, chunk);
    const index = list.kind === 'tcache' ? tcacheIndex(size) : fastbinIndex(size);
    hold(index === list.index, `${hex(chunk)} has the size of ${list.kind} ${list.index}`);
    hold(isInuse(h, chunk), `${hex(chunk)} in ${list.kind} ${list.index} looks used`);
  }
  if (list.kind !== 'tcache') return;
  const count = h.mem.load16(arenaWord(h, MP.tcache) + TCACHE.counts + list.index * 2);
  hold(count === list.chunks.length, `tcache ${list.index} counts ${count} and holds ${list.chunks.length}`);
}

/** A ring of free chunks, joined with their neighbours, in the bin of their size and in order. */
function checkBin(h: HeapView, { index, chunks }: ListView, hold: Hold): void {
  const head = binAt(h, index);
  hold(index === 1 || (binmap(h, index >> 5) & (1 << (index & 31))) !== 0, `bin ${index} is on the map`);
  for (const chunk of chunks) {
    const size = sizeOf(h, chunk);
    const name = `${hex(chunk)} in bin ${index}`;
    hold(bkOf(h, fdOf(h, chunk)) === chunk && fdOf(h, bkOf(h, chunk)) === chunk, `${name} is linked both ways`);
    hold(prevSizeOf(h, chunk + size) === size, `${name} has its size behind it`);
    hold(prevInuse(h, chunk), `${name} has no free neighbour below`);
    hold(!isInuse(h, chunk), `${name} is marked free`);
    const next = chunk + size;
    hold(next === topOf(h) ? false : isInuse(h, next), `${name} has no free neighbour above`);
    if (index === 1) continue;
    hold(binIndex(size) === index, `${name} belongs there with ${size} bytes`);
    const larger = bkOf(h, chunk);
    hold(larger === head || sizeOf(h, larger) >= size, `${name} is in order of size`);
    if (!smallBinRange(size)) checkSizeRing(h, chunk, size, larger === head ? -1 : sizeOf(h, larger), hold);
  }
}

/** The first of each size is in the ring of sizes, no other is. */
function checkSizeRing(h: HeapView, chunk: number, size: number, sizeBefore: number, hold: Hold): void {
  const next = fdNextsizeOf(h, chunk);
  const isFirst = size !== sizeBefore;
  hold((next !== NULL) === isFirst, `${hex(chunk)} is ${isFirst ? '' : 'not '}in the ring of sizes`);
  if (!isFirst || next === NULL) return;
  const linked = bkNextsizeOf(h, next) === chunk && fdNextsizeOf(h, bkNextsizeOf(h, chunk)) === chunk;
  hold(linked, `${hex(chunk)} is linked both ways in the ring of sizes`);
}

/** Chunks follow each other without a gap up to the top, and each says truly whether the one before is free. */
function checkTiling(h: HeapView, binned: ReadonlySet<number>, hold: Hold): void {
  const chunks = walkHeap(h);
  let free = 0;
  for (const [i, { address, size, flags, state }] of chunks.entries()) {
    if (size === MIN_CHUNK / 2 && state === 'inUse') return; // the fence before memory that someone else got
    hold(size >= MIN_CHUNK && size % 16 === 0, `${hex(address)} has a size: ${size}`);
    hold((flags & ~FLAG.PREV_INUSE) === 0, `${hex(address)} has no flag but P`);
    const below = chunks[i - 1];
    if (below === undefined) hold((flags & FLAG.PREV_INUSE) !== 0, 'nothing is free below the heap');
    else hold(((flags & FLAG.PREV_INUSE) === 0) === binned.has(below.address), `${hex(address)} knows its neighbour`);
    if (binned.has(address)) free++;
  }
  const last = chunks.at(-1);
  hold(last?.state === 'top', 'the chunks end with the top');
  const end = arenaWord(h, MP.sbrkBase) + systemMem(h);
  hold(last !== undefined && last.address + last.size === end, 'the top ends where the heap does');
  hold(free === binned.size, 'every chunk in a bin is in the heap');
}
