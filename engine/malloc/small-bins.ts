import { binIndex } from './bin-index.ts';
import { binAt } from './bins.ts';
import { edgeOf, moveChunk } from './chunk-state.ts';
import { bkOf, fdOf, setBk, setFd, setPrevInuse } from './chunk.ts';
import { abort, NULL, type Heap } from './heap.ts';
import { tcacheBin, tcacheHasRoom, tcacheOf, tcachePut } from './tcache.ts';

const TAKE = edgeOf('small', 'bin.take');
const FILL = edgeOf('small', 'tcache.fill');

/**
 * The oldest chunk of the small bin of exactly that size, and the ones after it into the tcache as far as there is room.
 * glibc 2.36 malloc/malloc.c _int_malloc.
 * @returns the chunk, or NULL when the bin is empty
 */
export function takeSmall(h: Heap, size: number): number {
  const bin = binIndex(size);
  const head = binAt(h, bin);
  const victim = bkOf(h, head);
  if (victim === head) return NULL;
  const before = bkOf(h, victim);
  if (fdOf(h, before) !== victim) abort(h, 'malloc(): smallbin double linked list corrupted');
  setPrevInuse(h, victim + size);
  setBk(h, head, before);
  setFd(h, before, head);
  moveChunk(h, victim, TAKE);
  h.watcher?.step('smallbin.hit', bin, victim);
  const tcache = tcacheOf(h);
  const cached = tcacheBin(h, tcache, size);
  if (cached < 0) return victim;
  while (tcacheHasRoom(h, tcache, cached)) {
    const chunk = bkOf(h, head);
    if (chunk === head) break;
    // A null link is passed over without end in glibc; nothing in here ever writes one.
    if (chunk === NULL) break;
    const next = bkOf(h, chunk);
    setPrevInuse(h, chunk + size);
    setBk(h, head, next);
    setFd(h, next, head);
    tcachePut(h, tcache, cached, chunk, FILL);
  }
  return victim;
}
