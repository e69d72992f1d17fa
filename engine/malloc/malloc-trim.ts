import { PAGE_SIZE } from '../base/units.ts';
import { binIndex } from './bin-index.ts';
import { binAt, UNSORTED } from './bins.ts';
import { bkOf, MIN_CHUNK, sizeOf } from './chunk.ts';
import { consolidate } from './consolidate.ts';
import { systemMem, type Heap } from './heap.ts';
import { ensureInitialized } from './init.ts';
import { NBINS } from './layout.ts';
import { loopIn } from './stop.ts';
import { systrim } from './trim.ts';
import { alignDown, alignUp, unsigned } from './word.ts';

/** A free chunk's header and all its links, which stay. */
const FREE_HEADER = 48;

/**
 * malloc_trim(3): the pages inside free chunks, then the top. It says 1 also for pages that were given back before.
 * glibc 2.36 malloc/malloc.c mtrim.
 * @param pad bytes of the top to keep, an unsigned word
 */
export function mallocTrim(h: Heap, pad: number): 0 | 1 {
  ensureInitialized(h);
  consolidate(h);
  let gave: 0 | 1 = 0;
  const firstBin = binIndex(PAGE_SIZE);
  const limit = systemMem(h) / MIN_CHUNK + 1;
  for (let bin = UNSORTED; bin < NBINS; bin = bin === UNSORTED ? firstBin : bin + 1) {
    const head = binAt(h, bin);
    let seen = 0;
    for (let chunk = bkOf(h, head); chunk !== head; chunk = bkOf(h, chunk)) {
      if (++seen > limit) loopIn('bin');
      const size = sizeOf(h, chunk);
      const start = alignUp(chunk + FREE_HEADER, PAGE_SIZE);
      const length = alignDown(chunk + size - start, PAGE_SIZE);
      if (unsigned(size) <= PAGE_SIZE - 1 + FREE_HEADER || length <= 0) continue;
      h.mem.dontneed(start, length);
      gave = 1;
    }
  }
  return systrim(h, pad) === 1 ? 1 : gave;
}
