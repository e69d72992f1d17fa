import { PAGE_SIZE } from '../base/units.ts';
import { edgeOf, moveChunk } from './chunk-state.ts';
import { FLAG, MIN_CHUNK, setHead, sizeOf } from './chunk.ts';
import { setArenaWord, systemMem, topOf, type Heap } from './heap.ts';
import { ARENA } from './layout.ts';
import { FAILED } from './memory.ts';
import { alignDown, unsigned } from './word.ts';

const SHRINK = edgeOf('top', 'break.shrink');

/**
 * Gives whole pages of the top back, if they are still at the break. glibc 2.36 malloc/malloc.c systrim.
 * @param pad bytes to keep, an unsigned word
 * @returns 1 when the break moved
 */
export function systrim(h: Heap, pad: number): 0 | 1 {
  const top = topOf(h);
  const topSize = sizeOf(h, top);
  const spare = topSize - MIN_CHUNK - 1;
  if (unsigned(spare) <= pad) return 0;
  const extra = alignDown(spare - pad, PAGE_SIZE);
  if (extra === 0) return 0;
  const brk = h.mem.sbrk(0);
  if (brk !== top + topSize) return 0;
  h.mem.sbrk(-extra);
  const now = h.mem.sbrk(0);
  const released = now === FAILED ? 0 : brk - now;
  h.watcher?.step('system.trim', extra, released);
  if (released === 0) return 0;
  setArenaWord(h, ARENA.systemMem, systemMem(h) - released);
  setHead(h, top, topSize - released + FLAG.PREV_INUSE);
  moveChunk(h, top + topSize - released, SHRINK);
  return 1;
}
