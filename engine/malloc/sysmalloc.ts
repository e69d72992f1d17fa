import { PAGE_SIZE } from '../base/units.ts';
import { binAt, UNSORTED } from './bins.ts';
import { edgeOf, moveChunk } from './chunk-state.ts';
import { blockOf, FLAG, HEADER, MIN_CHUNK, prevInuse, setHead, sizeOf } from './chunk.ts';
import {
  abort,
  arenaInt,
  arenaWord,
  assertionFails,
  NULL,
  setArenaInt,
  setArenaWord,
  setTop,
  systemMem,
  topOf,
  type Heap,
} from './heap.ts';
import { intFree } from './int-free.ts';
import { ARENA, MMAP_AS_MORECORE, MP, NONCONTIGUOUS } from './layout.ts';
import { FAILED } from './memory.ts';
import { mmapChunk } from './mmap-chunk.ts';
import { cutTop } from './top.ts';
import { alignDown, alignUp, signed, unsigned } from './word.ts';

const GROW = edgeOf('trimmed', 'break.grow');
const ABANDON = edgeOf('top', 'top.abandon');

const isContiguous = (h: Heap): boolean => (arenaInt(h, ARENA.flags) & NONCONTIGUOUS) === 0;

const OLD_TOP_RULE =
  '(old_top == initial_top (av) && old_size == 0) || ((unsigned long) (old_size) >= MINSIZE && prev_inuse (old_top) ' +
  '&& ((unsigned long) old_end & (pagesize - 1)) == 0)';

/**
 * The heap has no chunk large enough: a mapping for a large request, else a higher break, else a mapping that becomes
 * the top. glibc 2.36 malloc/malloc.c sysmalloc, for the main arena.
 * @param asked chunk size @returns the block, or NULL with ENOMEM
 */
export function sysmalloc(h: Heap, asked: number): number {
  const large = asked >= unsigned(arenaWord(h, MP.mmapThreshold));
  if (large && arenaInt(h, MP.nMmaps) < arenaInt(h, MP.nMmapsMax)) {
    const block = mmapChunk(h, asked);
    if (block !== NULL) return block;
  }
  const oldTop = topOf(h);
  const oldSize = sizeOf(h, oldTop);
  checkOldTop(h, oldTop, oldSize, asked);
  growTop(h, oldTop, oldSize, asked);
  if (unsigned(systemMem(h)) > unsigned(arenaWord(h, ARENA.maxSystemMem))) {
    setArenaWord(h, ARENA.maxSystemMem, systemMem(h));
  }
  const top = topOf(h);
  const size = sizeOf(h, top);
  if (unsigned(size) >= asked + MIN_CHUNK) {
    cutTop(h, top, size, asked);
    return blockOf(top);
  }
  h.mem.setErrno('ENOMEM');
  return NULL;
}

function checkOldTop(h: Heap, oldTop: number, oldSize: number, asked: number): void {
  const isInitial = oldTop === binAt(h, UNSORTED) && oldSize === 0;
  const pageEnd = (oldTop + oldSize) % PAGE_SIZE === 0;
  const isTop = unsigned(oldSize) >= MIN_CHUNK && prevInuse(h, oldTop) && pageEnd;
  if (!isInitial && !isTop) assertionFails(h, 'sysmalloc', OLD_TOP_RULE);
  if (unsigned(oldSize) >= asked + MIN_CHUNK) {
    assertionFails(h, 'sysmalloc', '(unsigned long) (old_size) < (unsigned long) (nb + MINSIZE)');
  }
}

/** Asks for more memory and makes it the top, or part of it. */
function growTop(h: Heap, oldTop: number, oldSize: number, asked: number): void {
  let size = asked + arenaWord(h, MP.topPad) + MIN_CHUNK;
  if (isContiguous(h)) size -= oldSize;
  size = alignUp(signed(size), PAGE_SIZE);
  let brk = size > 0 ? h.mem.sbrk(size) : FAILED;
  h.watcher?.step('system.brk', size, brk);
  let end = FAILED;
  if (brk === FAILED) {
    const mapped = mapInstead(h, size, asked, oldSize);
    if (mapped === null) return;
    ({ brk, size } = mapped);
    end = brk + size;
  }
  if (arenaWord(h, MP.sbrkBase) === 0) setArenaWord(h, MP.sbrkBase, brk);
  setArenaWord(h, ARENA.systemMem, systemMem(h) + size);
  const oldEnd = oldTop + oldSize;
  if (brk === oldEnd && end === FAILED) {
    setHead(h, oldTop, size + oldSize + FLAG.PREV_INUSE);
    moveChunk(h, oldTop, GROW);
  } else if (isContiguous(h) && oldSize !== 0 && brk < oldEnd) {
    abort(h, 'break adjusted to free malloc space');
  } else {
    newTop(h, oldTop, oldSize, brk, size, end);
  }
}

/** The break cannot grow: a mapping instead, and from then on the heap is in pieces. glibc: sysmalloc_mmap_fallback. */
function mapInstead(
  h: Heap,
  wanted: number,
  asked: number,
  oldSize: number,
): { readonly brk: number; readonly size: number } | null {
  let size = isContiguous(h) ? alignUp(wanted + oldSize, PAGE_SIZE) : wanted;
  if (unsigned(size) < MMAP_AS_MORECORE) size = MMAP_AS_MORECORE;
  if (unsigned(size) <= asked) return null;
  const brk = h.mem.mmap(unsigned(size));
  h.watcher?.step('system.mmap', size, brk);
  if (brk === FAILED) return null;
  setArenaInt(h, ARENA.flags, arenaInt(h, ARENA.flags) | NONCONTIGUOUS);
  return { brk, size };
}

/**
 * The new memory does not follow the old top: it is the first, or someone else moved the break in between. The new top
 * is aligned; the old one is fenced off and freed.
 */
function newTop(h: Heap, oldTop: number, oldSize: number, brk: number, size: number, mappedEnd: number): void {
  let start = brk;
  let end = mappedEnd;
  let correction = 0;
  if (isContiguous(h)) {
    // Foreign bytes in between count as the arena's.
    if (oldSize !== 0) setArenaWord(h, ARENA.systemMem, systemMem(h) + (brk - (oldTop + oldSize)));
    const misaligned = blockOf(brk) % HEADER;
    if (misaligned > 0) {
      correction = HEADER - misaligned;
      start += correction;
    }
    // The space of the old top is asked for again, in the hope that one day all is contiguous.
    correction += oldSize;
    const ends = brk + size + correction;
    correction += alignUp(ends, PAGE_SIZE) - ends;
    end = h.mem.sbrk(correction);
    if (end === FAILED) {
      correction = 0;
      end = h.mem.sbrk(0);
    }
  } else if (end === FAILED) {
    end = h.mem.sbrk(0);
  }
  if (end === FAILED) return;
  setTop(h, start);
  setHead(h, start, end - start + correction + FLAG.PREV_INUSE);
  setArenaWord(h, ARENA.systemMem, systemMem(h) + correction);
  moveChunk(h, start, GROW);
  if (oldSize !== 0) fenceOldTop(h, oldTop, oldSize);
}

/** Two headers of 16 bytes keep the rest of the old top from ever joining what lies behind. */
function fenceOldTop(h: Heap, oldTop: number, oldSize: number): void {
  const size = alignDown(oldSize - 2 * HEADER, HEADER);
  setHead(h, oldTop, size + FLAG.PREV_INUSE);
  setHead(h, oldTop + size, HEADER + FLAG.PREV_INUSE);
  setHead(h, oldTop + size + HEADER, HEADER + FLAG.PREV_INUSE);
  moveChunk(h, oldTop, ABANDON);
  if (size >= MIN_CHUNK) intFree(h, oldTop, true);
}
