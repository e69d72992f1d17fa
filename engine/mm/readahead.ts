import { EVENT } from '../base/event-kinds.ts';
import { emit, within } from '../base/event-log.ts';
import { PG, VM } from '../base/flags.ts';
import { DEVICE_PAGES, MMAP_LOTS_OF_MISSES, READAHEAD_PAGES } from '../base/limits.ts';
import { PAGE_SIZE, type ObjectId, type Pfn, type VmaId } from '../base/units.ts';
import { cachedFrame } from './object.ts';
import { allocFrameAhead } from './page-alloc.ts';
import { readPage } from './page-cache.ts';
import type { MemoryState } from './state.ts';
import { objectPage, vmaPages } from './vma.ts';

/**
 * Read-ahead: what is read along with a page that somebody waits for. One window [start, start + size) a file; its last
 * `async` pages are read when the first of them, which is marked, is asked for: the next window then.
 * Source: Linux 6.18 mm/readahead.c, mm/filemap.c do_sync_mmap_readahead, do_async_mmap_readahead; pages of 4 KiB only.
 */
interface Window {
  readonly start: number;
  readonly size: number;
  readonly async: number;
}

function setWindow(k: MemoryState, file: ObjectId, window: Window): void {
  k.objects.raStart[file] = window.start;
  k.objects.raSize[file] = window.size;
  k.objects.raAsync[file] = window.async;
}

/**
 * Reads what is not cached of `count` pages from `index` on, up to the file's end; marks the first of the last `async`
 * pages. Ends where no frame can be had without much ado: nobody is killed for it.
 * Source: Linux 6.18 mm/readahead.c do_page_cache_ra, page_cache_ra_unbounded.
 */
export function readAhead(k: MemoryState, file: ObjectId, index: number, count: number, async: number): void {
  const pages = Math.min(count, k.objects.pages[file]! - index);
  if (pages <= 0) return;
  const id = emit(k.events, EVENT.READ_AHEAD, -1, -1, index, pages);
  within(k.events, id, () => {
    for (let i = 0; i < pages; i++) {
      if (cachedFrame(k, file, index + i) >= 0) continue;
      const frame = readPage(k, file, index + i, allocFrameAhead);
      if (frame === null) return;
      if (async > 0 && i === pages - async) k.frames.flags[frame]! |= PG.READAHEAD;
    }
  });
}

/**
 * A fault finds nothing cached: the pages around it are read, half the window before it; as the area was advised, only
 * from it on (sequential) or not at all (random). Of a program's text, from it on and within the area.
 * Source: mm/filemap.c do_sync_mmap_readahead.
 */
export function readAround(k: MemoryState, vma: VmaId, page: number): void {
  const { objects, vmas } = k;
  const flags = vmas.flags[vma]!;
  const file = vmas.object[vma]! as ObjectId;
  const index = objectPage(k, vma, page);
  if ((flags & VM.RAND_READ) !== 0 && (flags & VM.EXEC) === 0) return;
  if ((flags & VM.SEQ_READ) !== 0) return readSequence(k, file, index, READAHEAD_PAGES);
  if (objects.raMisses[file]! < MMAP_LOTS_OF_MISSES * 10) objects.raMisses[file]!++;
  if (objects.raMisses[file]! > MMAP_LOTS_OF_MISSES) return;
  const window =
    (flags & VM.EXEC) !== 0
      ? { start: index, size: Math.min(READAHEAD_PAGES, vmas.offset[vma]! + vmaPages(k, vma) - index), async: 0 }
      : { start: Math.max(0, index - READAHEAD_PAGES / 2), size: READAHEAD_PAGES, async: READAHEAD_PAGES / 4 };
  setWindow(k, file, window);
  readAhead(k, file, window.start, window.size, window.async);
}

/** A request larger than the window may use what the device takes at once. Source: mm/readahead.c ractl_max_pages. */
const mostFor = (count: number): number => (count > READAHEAD_PAGES ? Math.min(count, DEVICE_PAGES) : READAHEAD_PAGES);

/** A power of two from `pages` up, larger for small reads. Source: mm/readahead.c get_init_ra_size. */
function firstSize(pages: number, most: number): number {
  const size = 2 ** Math.ceil(Math.log2(pages));
  if (size <= most / 32) return size * 4;
  return size <= most / 4 ? size * 2 : most;
}

/** Source: mm/readahead.c get_next_ra_size. */
function nextSize(size: number, most: number): number {
  if (size < most / 16) return size * 4;
  return size <= most / 2 ? size * 2 : most;
}

/**
 * `count` pages from `index` on are wanted and the first is not cached: is this a stream?
 * Source: mm/readahead.c page_cache_sync_ra.
 */
export function readSequence(k: MemoryState, file: ObjectId, index: number, count: number): void {
  const most = mostFor(count);
  const last = k.objects.raLast[file]!;
  const distance = last < 0 ? Infinity : index - Math.floor(last / PAGE_SIZE);
  let window: Window;
  if (index === 0 || count > most || (distance >= 0 && distance <= 1)) {
    const size = firstSize(count, most);
    window = { start: index, size, async: size > count ? size - count : size >> 1 };
  } else {
    const before = cachedBefore(k, file, index, most);
    if (before.pages <= count) return readAhead(k, file, index, count, 0);
    const pages = before.toTheStart ? before.pages * 2 : before.pages;
    window = { start: index, size: Math.min(pages + count, most), async: 1 };
  }
  setWindow(k, file, window);
  readAhead(k, file, window.start, window.size, window.async);
}

/** Cached pages in a row just below `index`. Source: mm/filemap.c page_cache_prev_miss. */
function cachedBefore(
  k: MemoryState,
  file: ObjectId,
  index: number,
  most: number,
): { pages: number; toTheStart: boolean } {
  let pages = 0;
  while (pages < most && index - 1 - pages >= 0 && cachedFrame(k, file, index - 1 - pages) >= 0) pages++;
  return { pages, toTheStart: index - 1 - pages < 0 };
}

/** Somebody says what will be needed: no window, no mark. Source: mm/readahead.c force_page_cache_ra. */
export function readForced(k: MemoryState, file: ObjectId, index: number, count: number): void {
  readAhead(k, file, index, Math.min(count, DEVICE_PAGES), 0);
}

/**
 * Somebody comes to a marked page: the next window is read. Source: mm/readahead.c page_cache_async_ra.
 * @param count pages wanted @returns false when the page was not marked
 */
export function readOnwards(k: MemoryState, file: ObjectId, frame: Pfn, count: number): boolean {
  const { frames, objects } = k;
  const flags = frames.flags[frame]!;
  if ((flags & PG.READAHEAD) === 0) return false;
  if ((flags & PG.WRITEBACK) !== 0) return true;
  frames.flags[frame] = flags & ~PG.READAHEAD;
  const index = frames.index[frame]!;
  const end = objects.raStart[file]! + objects.raSize[file]!;
  let start = end;
  const most = mostFor(count);
  let size = nextSize(objects.raSize[file]!, most);
  if (index !== end - objects.raAsync[file]!) {
    start = index + 1;
    while (start - index <= most && cachedFrame(k, file, start) >= 0) start++;
    if (start - index > most) return true;
    size = nextSize(start - index + count, most);
  } else {
    size = Math.max(objects.raSize[file]!, size);
  }
  setWindow(k, file, { start, size, async: size });
  readAhead(k, file, start, size, size);
  return true;
}
