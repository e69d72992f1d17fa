import { smallBinRange } from './bin-index.ts';
import { pushUnsorted } from './bins.ts';
import { edgeOf, moveChunk } from './chunk-state.ts';
import { FLAG, MIN_CHUNK, setFoot, setHead, setPrevInuse } from './chunk.ts';
import { setArenaWord, type Heap } from './heap.ts';
import { ARENA } from './layout.ts';

const SMALL_REST = edgeOf('small', 'split.rest');
const LARGE_REST = edgeOf('large', 'split.rest');

/**
 * Cuts the asked size off the front of a free chunk that has left its bin; the rest goes to the unsorted bin. A rest
 * below the least chunk stays with the block. glibc 2.36 malloc/malloc.c _int_malloc.
 * @param remember the rest is the last remainder from now on
 * @param corrupted what to say when the unsorted bin is damaged
 */
export function splitFree(
  h: Heap,
  chunk: number,
  size: number,
  asked: number,
  remember: boolean,
  corrupted: string,
): void {
  const restSize = size - asked;
  if (restSize < MIN_CHUNK) {
    setPrevInuse(h, chunk + size);
    return;
  }
  const rest = chunk + asked;
  pushUnsorted(h, rest, restSize, corrupted);
  if (remember) setArenaWord(h, ARENA.lastRemainder, rest);
  setHead(h, chunk, asked + FLAG.PREV_INUSE);
  setHead(h, rest, restSize + FLAG.PREV_INUSE);
  setFoot(h, rest, restSize);
  moveChunk(h, rest, smallBinRange(size) ? SMALL_REST : LARGE_REST);
  h.watcher?.step('split', chunk, rest);
}
