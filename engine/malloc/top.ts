import { edgeOf, moveChunk } from './chunk-state.ts';
import { FLAG, MIN_CHUNK, setHead, sizeOf } from './chunk.ts';
import { abort, NULL, setTop, systemMem, topOf, type Heap } from './heap.ts';
import { unsigned } from './word.ts';

const CARVE = edgeOf('top', 'top.carve');

/** A fresh chunk from the lower end of the top, when it is large enough. @returns the chunk, or NULL */
export function carveTop(h: Heap, asked: number): number {
  const top = topOf(h);
  const size = sizeOf(h, top);
  if (unsigned(size) > unsigned(systemMem(h))) abort(h, 'malloc(): corrupted top size');
  if (size < asked + MIN_CHUNK) return NULL;
  cutTop(h, top, size, asked);
  return top;
}

/** The top loses its lower `asked` bytes. */
export function cutTop(h: Heap, top: number, size: number, asked: number): void {
  const rest = top + asked;
  setTop(h, rest);
  setHead(h, top, asked + FLAG.PREV_INUSE);
  setHead(h, rest, size - asked + FLAG.PREV_INUSE);
  moveChunk(h, top, CARVE);
  h.watcher?.step('top.carve', top, size - asked);
}
