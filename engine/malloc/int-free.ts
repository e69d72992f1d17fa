import { fastbinIndex } from './bin-index.ts';
import { edgeOf, moveChunk } from './chunk-state.ts';
import {
  blockOf,
  headOf,
  HEADER,
  isMisaligned,
  isMmapped,
  lowSizeOf,
  MIN_CHUNK,
  prevInuse,
  sizeOf,
  wrapsRound,
} from './chunk.ts';
import { joinNeighbours, type JoinedFrom } from './join-neighbours.ts';
import { consolidate } from './consolidate.ts';
import { fastbinAt } from './fastbins.ts';
import { abort, arenaInt, arenaWord, maxFast, perturbFreed, setArenaInt, systemMem, topOf, type Heap } from './heap.ts';
import { ARENA, CONSOLIDATION_THRESHOLD, MP, NONCONTIGUOUS } from './layout.ts';
import { munmapChunk } from './mmap-chunk.ts';
import { storeLink } from './safe-link.ts';
import { refuseDoubleFree, tcacheBin, tcacheHasRoom, tcacheOf, tcachePut } from './tcache.ts';
import { systrim } from './trim.ts';
import { unsigned } from './word.ts';

const TO_CACHE = edgeOf('inUse', 'free.tcache');
const TO_FASTBIN = edgeOf('inUse', 'free.fast');

/**
 * Takes a chunk back: into the tcache, a fastbin, or joined with its free neighbours into the unsorted bin or the top.
 * The order of the checks is glibc's, because it decides which message a broken heap gives.
 * glibc 2.36 malloc/malloc.c _int_free.
 * @param inside called from another operation rather than by the program
 */
export function intFree(h: Heap, chunk: number, inside: boolean): void {
  const size = sizeOf(h, chunk);
  if (wrapsRound(chunk, size) || isMisaligned(chunk)) abort(h, 'free(): invalid pointer');
  if (unsigned(size) < MIN_CHUNK || isMisaligned(exactLow(h, chunk, size))) abort(h, 'free(): invalid size');
  const tcache = tcacheOf(h);
  const cacheBin = tcacheBin(h, tcache, unsigned(size));
  if (cacheBin >= 0) {
    refuseDoubleFree(h, tcache, cacheBin, blockOf(chunk));
    if (tcacheHasRoom(h, tcache, cacheBin)) {
      tcachePut(h, tcache, cacheBin, chunk, TO_CACHE);
      return;
    }
  }
  if (unsigned(size) <= maxFast(h)) freeFast(h, chunk, size, inside);
  else if (isMmapped(h, chunk)) munmapChunk(h, chunk);
  else freeNormal(h, chunk, size);
}

/** The low bits of a size: of the size itself, as long as a number holds all of it. */
const exactLow = (h: Heap, chunk: number, size: number): number =>
  Number.isSafeInteger(size) ? size : lowSizeOf(h, chunk);

function freeFast(h: Heap, chunk: number, size: number, inside: boolean): void {
  const next = chunk + size;
  const tooSmall = unsigned(headOf(h, next)) <= HEADER;
  if (tooSmall || unsigned(sizeOf(h, next)) >= unsigned(systemMem(h))) abort(h, 'free(): invalid next size (fast)');
  perturbFreed(h, blockOf(chunk), size - HEADER);
  setArenaInt(h, ARENA.haveFastchunks, 1);
  const bin = fastbinIndex(size);
  const head = fastbinAt(h, bin);
  const first = h.mem.load64(head);
  if (first === chunk) abort(h, 'double free or corruption (fasttop)');
  storeLink(h, blockOf(chunk), first);
  h.mem.store64(head, chunk);
  moveChunk(h, chunk, TO_FASTBIN);
  if (inside && first !== 0 && fastbinIndex(lowSizeOf(h, first)) !== bin) abort(h, 'invalid fastbin entry (free)');
}

/** What _int_free says of damage that it meets on the way. */
const FREED: JoinedFrom = {
  state: 'inUse',
  sizeComplaint: 'corrupted size vs. prev_size while consolidating',
  ringComplaint: 'free(): corrupted unsorted chunks',
};

function freeNormal(h: Heap, chunk: number, size: number): void {
  const next = chunk + size;
  checkNeighbour(h, chunk, next);
  perturbFreed(h, blockOf(chunk), size - HEADER);
  const joined = joinNeighbours(h, chunk, size, FREED);
  if (joined < CONSOLIDATION_THRESHOLD) return;
  if (arenaInt(h, ARENA.haveFastchunks) !== 0) consolidate(h);
  if (sizeOf(h, topOf(h)) >= unsigned(arenaWord(h, MP.trimThreshold))) {
    systrim(h, unsigned(arenaWord(h, MP.topPad)));
  }
}

/** What the header behind the block gives away about a pointer that must not be freed. */
function checkNeighbour(h: Heap, chunk: number, next: number): void {
  const top = topOf(h);
  if (chunk === top) abort(h, 'double free or corruption (top)');
  const contiguous = (arenaInt(h, ARENA.flags) & NONCONTIGUOUS) === 0;
  if (contiguous && unsigned(next) >= top + sizeOf(h, top)) abort(h, 'double free or corruption (out)');
  if (!prevInuse(h, next)) abort(h, 'double free or corruption (!prev)');
  const tooSmall = unsigned(headOf(h, next)) <= HEADER;
  if (tooSmall || unsigned(sizeOf(h, next)) >= unsigned(systemMem(h))) abort(h, 'free(): invalid next size (normal)');
}
