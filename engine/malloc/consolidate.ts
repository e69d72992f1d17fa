import { fastbinIndex } from './bin-index.ts';
import { pushUnsorted, unlinkChunk } from './bins.ts';
import { moveChunk } from './chunk-state.ts';
import {
  blockOf,
  clearPrevInuse,
  FLAG,
  isInuse,
  isMisaligned,
  lowSizeOf,
  MIN_CHUNK,
  prevInuse,
  prevSizeOf,
  setFoot,
  setHead,
  sizeOf,
} from './chunk.ts';
import { abort, NULL, setArenaInt, setTop, systemMem, topOf, type Heap } from './heap.ts';
import { ARENA, NFASTBINS } from './layout.ts';
import { fastbinAt } from './fastbins.ts';
import { linkLow, loadLink } from './safe-link.ts';
import { loopIn } from './stop.ts';

/**
 * Empties all fastbins: their chunks join free neighbours and go to the unsorted bin, or into the top.
 * glibc 2.36 malloc/malloc.c malloc_consolidate.
 */
export function consolidate(h: Heap): void {
  setArenaInt(h, ARENA.haveFastchunks, 0);
  h.watcher?.step('consolidate', 0, 0);
  const limit = systemMem(h) / MIN_CHUNK + 1;
  for (let bin = 0; bin < NFASTBINS; bin++) {
    const head = fastbinAt(h, bin);
    let low = h.mem.load32(head);
    let chunk = h.mem.load64(head);
    h.mem.store64(head, NULL);
    for (let seen = 0; chunk !== NULL; seen++) {
      if (seen > limit) loopIn('fastbin');
      if (isMisaligned(low)) abort(h, 'malloc_consolidate(): unaligned fastbin chunk detected');
      if (fastbinIndex(lowSizeOf(h, chunk)) !== bin) abort(h, 'malloc_consolidate(): invalid chunk size');
      low = linkLow(h, blockOf(chunk));
      const next = loadLink(h, blockOf(chunk));
      joinNeighbours(h, chunk);
      chunk = next;
    }
  }
}

function joinNeighbours(h: Heap, freed: number): void {
  let chunk = freed;
  let size = sizeOf(h, chunk);
  const after = chunk + size;
  const afterSize = sizeOf(h, after);
  const isTop = after === topOf(h);
  moveChunk(h, freed, 'fast', isTop ? 'join.top' : 'join.unsorted');
  if (!prevInuse(h, chunk)) {
    const beforeSize = prevSizeOf(h, chunk);
    size += beforeSize;
    chunk -= beforeSize;
    if (sizeOf(h, chunk) !== beforeSize) abort(h, 'corrupted size vs. prev_size in fastbins');
    unlinkChunk(h, chunk, isTop ? 'join.top' : 'join.unsorted');
  }
  if (isTop) {
    size += afterSize;
    setHead(h, chunk, size + FLAG.PREV_INUSE);
    setTop(h, chunk);
    return;
  }
  if (isInuse(h, after)) {
    clearPrevInuse(h, after);
  } else {
    size += afterSize;
    unlinkChunk(h, after, 'join.unsorted');
  }
  pushUnsorted(h, chunk, size, null);
  setHead(h, chunk, size + FLAG.PREV_INUSE);
  setFoot(h, chunk, size);
}
