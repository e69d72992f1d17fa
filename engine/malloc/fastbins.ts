import { fastbinIndex } from './bin-index.ts';
import { edgeOf, moveChunk } from './chunk-state.ts';
import { blockOf, isMisaligned, lowSizeOf } from './chunk.ts';
import { abort, NULL, type Heap, type HeapView } from './heap.ts';
import { ARENA } from './layout.ts';
import { moveLink } from './safe-link.ts';
import { tcacheBin, tcacheHasRoom, tcacheOf, tcachePut } from './tcache.ts';

const TAKE = edgeOf('fast', 'fast.take');
const FILL = edgeOf('fast', 'tcache.fill');

/** Address of a fastbin's head: the first chunk, plain; the links behind it are protected. */
export const fastbinAt = (h: HeapView, bin: number): number => h.arena + ARENA.fastbins + bin * 8;

/**
 * The first chunk of a fastbin, and the rest of its list into the tcache as far as there is room: the order turns round.
 * glibc 2.36 malloc/malloc.c _int_malloc.
 * @param size chunk size asked for, no larger than the limit of the fastbins
 * @returns the chunk, or NULL when the bin is empty
 */
export function takeFast(h: Heap, size: number): number {
  const bin = fastbinIndex(size);
  const head = fastbinAt(h, bin);
  const victim = h.mem.load64(head);
  if (victim === NULL) return NULL;
  if (isMisaligned(h.mem.load32(head))) abort(h, 'malloc(): unaligned fastbin chunk detected 2');
  moveLink(h, blockOf(victim), head);
  if (fastbinIndex(lowSizeOf(h, victim)) !== bin) abort(h, 'malloc(): memory corruption (fast)');
  moveChunk(h, victim, TAKE);
  h.watcher?.step('fastbin.hit', bin, victim);
  const tcache = tcacheOf(h);
  const cached = tcacheBin(h, tcache, size);
  if (cached < 0) return victim;
  while (tcacheHasRoom(h, tcache, cached)) {
    const chunk = h.mem.load64(head);
    if (chunk === NULL) break;
    if (isMisaligned(h.mem.load32(head))) abort(h, 'malloc(): unaligned fastbin chunk detected 3');
    moveLink(h, blockOf(chunk), head);
    tcachePut(h, tcache, cached, chunk, FILL);
  }
  return victim;
}
