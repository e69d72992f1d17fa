import { FLAG, flagsOf, HEADER, MIN_CHUNK, sizeOf } from './chunk.ts';
import { arenaWord, maxFast, topOf, type HeapView } from './heap.ts';
import { MP } from './layout.ts';

/**
 * A chunk by itself: no list is walked for it, so that a page of a heap of any size can be looked at.
 *   taken   its neighbour says that it is in use: a block, or one that waits in the tcache or in a fastbin
 *   binned  in a bin, or not sorted yet
 */
export interface LooseChunk {
  readonly address: number;
  readonly size: number;
  readonly flags: number;
  readonly state: 'taken' | 'binned' | 'top';
}

/**
 * Chunks with bytes in [from, to), in order of addresses.
 * @param anchor header of any chunk that begins at or below `from`
 */
export function chunksBetween(h: HeapView, anchor: number, from: number, to: number): LooseChunk[] {
  const found: LooseChunk[] = [];
  const top = topOf(h);
  for (let at = anchor; at < to && at <= top;) {
    const size = sizeOf(h, at);
    if (at + size > from) {
      const taken = at !== top && (flagsOf(h, at + size) & FLAG.PREV_INUSE) !== 0;
      found.push({ address: at, size, flags: flagsOf(h, at), state: at === top ? 'top' : taken ? 'taken' : 'binned' });
    }
    if (size < MIN_CHUNK) break;
    at += size;
  }
  return found;
}

/** Where a chunk that is no block of the program waits: the tcache marks what it has with its key. */
export function waitsIn(h: HeapView, { address, size }: LooseChunk): 'tcache' | 'fast' | 'own' {
  const block = address + HEADER;
  if (size < MIN_CHUNK || arenaWord(h, MP.tcache) === block) return 'own';
  const marked = [0, 4].every((at) => h.mem.load32(block + 8 + at) === h.mem.load32(h.arena + MP.tcacheKey + at));
  if (marked && arenaWord(h, MP.tcache) !== 0) return 'tcache';
  return size <= maxFast(h) ? 'fast' : 'own';
}
