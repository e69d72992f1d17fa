import { pushUnsorted, unlinkChunk } from './bins.ts';
import { edgeOf, moveChunk } from './chunk-state.ts';
import { clearPrevInuse, FLAG, flagsOf, prevInuse, prevSizeOf, setFoot, setHead, sizeOf } from './chunk.ts';
import { abort, setTop, topOf, type Heap } from './heap.ts';

/** Where the chunk comes from, and the words for damage found on the way. */
export interface JoinedFrom {
  /** inUse: the program has just given it back. fast: it waited in a fastbin. */
  readonly state: 'inUse' | 'fast';
  readonly sizeComplaint: string;
  /** For a damaged ring of unsorted chunks; null where nobody looks. */
  readonly ringComplaint: string | null;
}

const EDGES = {
  inUse: { top: edgeOf('inUse', 'free.top'), unsorted: edgeOf('inUse', 'free.unsorted') },
  fast: { top: edgeOf('fast', 'join.top'), unsorted: edgeOf('fast', 'join.unsorted') },
} as const;

/**
 * Joins a chunk with its free neighbours: into the top if that follows, else into the unsorted bin.
 * glibc 2.36 malloc/malloc.c _int_free and malloc_consolidate, which have the same lines.
 * @returns the size of what came of it
 */
export function joinNeighbours(h: Heap, freed: number, freedSize: number, from: JoinedFrom): number {
  const next = freed + freedSize;
  const isTop = next === topOf(h);
  const nextSize = sizeOf(h, next);
  let chunk = freed;
  let size = freedSize;
  moveChunk(h, freed, isTop ? EDGES[from.state].top : EDGES[from.state].unsorted);
  if (h.off.neverJoins && !isTop) return keepApart(h, chunk, size);
  if (!prevInuse(h, chunk)) {
    const beforeSize = prevSizeOf(h, chunk);
    size += beforeSize;
    chunk -= beforeSize;
    if (sizeOf(h, chunk) !== beforeSize) abort(h, from.sizeComplaint);
    unlinkChunk(h, chunk, isTop ? 'join.top' : 'join.unsorted');
  }
  if (isTop) {
    size += nextSize;
    setHead(h, chunk, size + FLAG.PREV_INUSE);
    setTop(h, chunk);
    return size;
  }
  if (prevInuse(h, next + nextSize)) {
    clearPrevInuse(h, next);
  } else {
    unlinkChunk(h, next, 'join.unsorted');
    size += nextSize;
  }
  pushUnsorted(h, chunk, size, from.ringComplaint);
  setHead(h, chunk, size + FLAG.PREV_INUSE);
  setFoot(h, chunk, size);
  return size;
}

/** What an allocator without coalescing would do: tests let lessons run on it and see them fail. */
function keepApart(h: Heap, chunk: number, size: number): number {
  clearPrevInuse(h, chunk + size);
  pushUnsorted(h, chunk, size, null);
  setHead(h, chunk, size + (flagsOf(h, chunk) & FLAG.PREV_INUSE));
  setFoot(h, chunk, size);
  return size;
}
