import { fastbinIndex } from './bin-index.ts';
import { blockOf, isMisaligned, lowSizeOf, MIN_CHUNK, sizeOf } from './chunk.ts';
import { abort, NULL, setArenaInt, systemMem, type Heap } from './heap.ts';
import { ARENA, NFASTBINS } from './layout.ts';
import { fastbinAt } from './fastbins.ts';
import { joinNeighbours, type JoinedFrom } from './join-neighbours.ts';
import { linkLow, loadLink } from './safe-link.ts';
import { loopIn } from './stop.ts';

/** What malloc_consolidate says of damage that it meets on the way; of the unsorted ring nothing. */
const FROM_FASTBIN: JoinedFrom = {
  state: 'fast',
  sizeComplaint: 'corrupted size vs. prev_size in fastbins',
  ringComplaint: null,
};

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
      joinNeighbours(h, chunk, sizeOf(h, chunk), FROM_FASTBIN);
      chunk = next;
    }
  }
}
