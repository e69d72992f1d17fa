import { binIndex, smallBinRange } from './bin-index.ts';
import { binAt, markBin, UNSORTED } from './bins.ts';
import { edgeOf, moveChunk } from './chunk-state.ts';
import {
  bkNextsizeOf,
  bkOf,
  clearNextsize,
  FLAG,
  fdNextsizeOf,
  fdOf,
  headOf,
  HEADER,
  MIN_CHUNK,
  prevInuse,
  prevSizeOf,
  setBk,
  setBkNextsize,
  setFd,
  setFdNextsize,
  setFoot,
  setHead,
  setPrevInuse,
  sizeOf,
} from './chunk.ts';
import { abort, arenaWord, NULL, setArenaWord, systemMem, type Heap } from './heap.ts';
import { ARENA, MP } from './layout.ts';
import { loopIn } from './stop.ts';
import { tcacheHasRoom, tcachePut } from './tcache.ts';
import { unsigned } from './word.ts';

const TAKE = edgeOf('unsorted', 'bin.take');
const FILL = edgeOf('unsorted', 'tcache.fill');
const REST = edgeOf('unsorted', 'split.rest');
const SORT_SMALL = edgeOf('unsorted', 'sort.small');
const SORT_LARGE = edgeOf('unsorted', 'sort.large');

/** Chunks sorted before the search goes on. glibc: MAX_ITERS. */
const MAX_ITERS = 10_000;

/** How a walk through the unsorted bin ended: with the chunk to hand out, or with one waiting in the tcache, or not. */
export type SortResult = { readonly chunk: number; readonly cached: boolean };
const CACHED: SortResult = { chunk: NULL, cached: true };
const NOTHING: SortResult = { chunk: NULL, cached: false };

/**
 * Goes through the unsorted bin from its oldest chunk: one of exactly the size asked for goes to the tcache as long as
 * that has room, else to the caller; the last remainder is cut for a small request; everything else moves to its bin.
 * glibc 2.36 malloc/malloc.c _int_malloc, the loop over the unsorted chunks.
 * @param asked chunk size @param cacheBin the tcache's bin of that size, −1 for none
 */
export function sortUnsorted(h: Heap, asked: number, tcache: number, cacheBin: number): SortResult {
  const head = binAt(h, UNSORTED);
  let cached = false;
  let sorted = 0;
  for (let visits = 0; visits < MAX_ITERS; visits++) {
    const victim = bkOf(h, head);
    if (victim === head) break;
    const before = bkOf(h, victim);
    const size = checkUnsorted(h, head, victim, before);
    h.watcher?.step('unsorted.visit', victim, size);
    if (smallBinRange(asked) && before === head && victim === arenaWord(h, ARENA.lastRemainder)) {
      if (size > asked + MIN_CHUNK) return { chunk: cutLastRemainder(h, head, victim, size, asked), cached: false };
    }
    if (fdOf(h, before) !== victim) abort(h, 'malloc(): corrupted unsorted chunks 3');
    setBk(h, head, before);
    setFd(h, before, head);
    if (size === asked) {
      setPrevInuse(h, victim + size);
      if (cacheBin >= 0 && tcacheHasRoom(h, tcache, cacheBin)) {
        tcachePut(h, tcache, cacheBin, victim, FILL);
        cached = true;
        // Not counted by glibc, which cannot come round: the list gets shorter.
        visits--;
        continue;
      }
      moveChunk(h, victim, TAKE);
      return { chunk: victim, cached: false };
    }
    insertSorted(h, victim, size);
    const limit = unsigned(arenaWord(h, MP.tcacheUnsortedLimit));
    sorted++;
    if (cached && limit > 0 && sorted > limit) return CACHED;
  }
  return cached ? CACHED : NOTHING;
}

/** What glibc holds against an unsorted chunk before it believes it. @returns its size */
function checkUnsorted(h: Heap, head: number, victim: number, before: number): number {
  const size = sizeOf(h, victim);
  const limit = unsigned(systemMem(h));
  if (unsigned(size) <= HEADER || unsigned(size) > limit) abort(h, 'malloc(): invalid size (unsorted)');
  const next = victim + size;
  const nextHead = unsigned(headOf(h, next));
  if (nextHead < HEADER || nextHead > limit) abort(h, 'malloc(): invalid next size (unsorted)');
  const footer = prevSizeOf(h, next);
  if (footer - (footer & 7) !== size) abort(h, 'malloc(): mismatching next->prev_size (unsorted)');
  if (fdOf(h, before) !== victim || fdOf(h, victim) !== head) {
    abort(h, 'malloc(): unsorted double linked list corrupted');
  }
  if (prevInuse(h, next)) abort(h, 'malloc(): invalid next->prev_inuse (unsorted)');
  return size;
}

/** Small requests in a row are served from one chunk, so that they lie side by side. */
function cutLastRemainder(h: Heap, head: number, victim: number, size: number, asked: number): number {
  const restSize = size - asked;
  const rest = victim + asked;
  setFd(h, head, rest);
  setBk(h, head, rest);
  setArenaWord(h, ARENA.lastRemainder, rest);
  setFd(h, rest, head);
  setBk(h, rest, head);
  if (!smallBinRange(restSize)) clearNextsize(h, rest);
  setHead(h, victim, asked + FLAG.PREV_INUSE);
  setHead(h, rest, restSize + FLAG.PREV_INUSE);
  setFoot(h, rest, restSize);
  moveChunk(h, victim, TAKE);
  moveChunk(h, rest, REST);
  h.watcher?.step('split', victim, rest);
  return victim;
}

/** Puts a chunk into the bin of its size: small ones in front, large ones behind the last that is not smaller. */
function insertSorted(h: Heap, victim: number, size: number): void {
  const bin = binIndex(size);
  const head = binAt(h, bin);
  let before = head;
  let after = fdOf(h, head);
  if (!smallBinRange(size)) {
    if (after === head) {
      setFdNextsize(h, victim, victim);
      setBkNextsize(h, victim, victim);
    } else {
      [before, after] = placeLarge(h, head, victim, size);
    }
  }
  markBin(h, bin);
  setBk(h, victim, before);
  setFd(h, victim, after);
  setBk(h, after, victim);
  setFd(h, before, victim);
  moveChunk(h, victim, smallBinRange(size) ? SORT_SMALL : SORT_LARGE);
}

/** The neighbours in a large bin that is not empty, and the place in its ring of sizes. */
function placeLarge(h: Heap, head: number, victim: number, size: number): [number, number] {
  const withFlag = size + FLAG.PREV_INUSE;
  const last = bkOf(h, head);
  if (withFlag < unsigned(headOf(h, last))) {
    const largest = fdOf(h, head);
    const smallest = bkNextsizeOf(h, largest);
    setFdNextsize(h, victim, largest);
    setBkNextsize(h, victim, smallest);
    setFdNextsize(h, smallest, victim);
    setBkNextsize(h, largest, victim);
    return [last, head];
  }
  let after = fdOf(h, head);
  const limit = systemMem(h) / MIN_CHUNK + 1;
  for (let steps = 0; withFlag < unsigned(headOf(h, after)); steps++) {
    after = fdNextsizeOf(h, after);
    if (steps > limit) loopIn('large bin');
  }
  if (withFlag === headOf(h, after)) {
    // The first of each size carries the links between sizes, so one more goes behind it.
    after = fdOf(h, after);
  } else {
    const larger = bkNextsizeOf(h, after);
    setFdNextsize(h, victim, after);
    setBkNextsize(h, victim, larger);
    if (fdNextsizeOf(h, larger) !== after) {
      abort(h, 'malloc(): largebin double linked list corrupted (nextsize)');
    }
    setBkNextsize(h, after, victim);
    setFdNextsize(h, larger, victim);
  }
  const before = bkOf(h, after);
  if (fdOf(h, before) !== after) abort(h, 'malloc(): largebin double linked list corrupted (bk)');
  return [before, after];
}
