import { FRAME, PG, VM } from '../base/flags.ts';
import { FAULT_AROUND_PAGES, READAHEAD_PAGES } from '../base/limits.ts';
import type { MmId, ObjectId, Pfn, VmaId } from '../base/units.ts';
import { accountPages } from './commit.ts';
import { cachedFrame, cacheFrame, CHARGED } from './object.ts';
import { slotOfObjectPage } from './object-slots.ts';
import { putFrame } from './page-alloc.ts';
import { readPage, type TakeFrame } from './page-cache.ts';
import { entryId, findEntry, lowWord, tableOfEntry } from './page-table.ts';
import { mapFrame } from './page-state.ts';
import { PAGE_EVENT } from './page.machine.ts';
import { swapInObjectPage } from './shmem-swap.ts';
import { readAround, readOnwards } from './readahead.ts';
import type { MemoryState } from './state.ts';
import { objectPage } from './vma.ts';
import { PRICE } from './costs.ts';

/** A page of an object, found or made. `again`: reading took time, so that the fault starts over, as in Linux. */
export interface FoundPage {
  readonly frame: Pfn;
  readonly major: boolean;
  readonly again: boolean;
}

/**
 * The frame of a page that a fault of an area needs.
 * @param take how to get a frame: the fault's own allocator, which may kill to make room
 * @returns 'bus' behind the object's end or where a page's own charge is refused, null without memory
 */
export function objectFrame(k: MemoryState, vma: VmaId, page: number, take: TakeFrame): FoundPage | 'bus' | null {
  const object = k.vmas.object[vma]! as ObjectId;
  const index = objectPage(k, vma, page);
  if (index >= k.objects.pages[object]!) return 'bus';
  return k.objects.kind[object] === FRAME.FILE
    ? fileFrame(k, vma, page, take)
    : sharedFrame(k, k.vmas.mm[vma]! as MmId, object, index, take);
}

/** Shared memory starts as zeros. Source: Linux 6.18 mm/shmem.c shmem_fault, shmem_get_folio_gfp. */
function sharedFrame(
  k: MemoryState,
  mm: MmId,
  object: ObjectId,
  index: number,
  take: TakeFrame,
): FoundPage | 'bus' | null {
  const cached = cachedFrame(k, object, index);
  if (cached >= 0) return { frame: cached as Pfn, major: false, again: false };
  const slot = slotOfObjectPage(k, object, index);
  if (slot >= 0) {
    const back = swapInObjectPage(k, object, slot, take);
    if (back === null) return null;
    if (back.major) k.machine.pgmajfault[0]!++;
    return { ...back, again: false };
  }
  const frame = take(k, FRAME.SHMEM);
  if (frame === null) return null;
  if (k.objects.charged[object] === CHARGED.BY_PAGE && !accountPages(k, mm, 1).ok) {
    putFrame(k, frame);
    return 'bus';
  }
  cacheFrame(k, object, index, frame);
  k.pay(PRICE.zero_frame, 1);
  return { frame, major: false, again: false };
}

/**
 * A file's page is read, with others ahead of it: a major fault. Coming to a marked page starts the next read-ahead.
 * Source: Linux 6.18 mm/filemap.c filemap_fault.
 */
function fileFrame(k: MemoryState, vma: VmaId, page: number, take: TakeFrame): FoundPage | null {
  const { objects } = k;
  const file = k.vmas.object[vma]! as ObjectId;
  const index = objectPage(k, vma, page);
  const cached = cachedFrame(k, file, index);
  if (cached >= 0) {
    const frame = cached as Pfn;
    if ((k.vmas.flags[vma]! & VM.RAND_READ) !== 0) return { frame, major: false, again: false };
    objects.raMisses[file] = Math.max(0, objects.raMisses[file]! - 1);
    return { frame, major: false, again: readOnwards(k, file, frame, READAHEAD_PAGES) };
  }
  k.machine.pgmajfault[0]!++;
  readAround(k, vma, page);
  const found = cachedFrame(k, file, index);
  const frame = found >= 0 ? (found as Pfn) : readPage(k, file, index, take);
  return frame === null ? null : { frame, major: true, again: true };
}

/**
 * Maps what is already cached of the 16 pages around a read fault, as far as the VMA, its page table and the object
 * reach; a page marked for read-ahead is left to fault. Shared memory is mapped writable at once, a file's page not:
 * its first store is to be noticed.
 * Source: Linux 6.18 mm/memory.c do_fault_around, vma_wants_writenotify; mm/filemap.c filemap_map_pages.
 */
export function faultAround(k: MemoryState, vma: VmaId, page: number): void {
  const { vmas, objects, frames } = k;
  const object = vmas.object[vma]! as ObjectId;
  const entry = findEntry(k, vmas.mm[vma]! as MmId, page);
  const index = entry % 512;
  const fromStart = page - vmas.start[vma]!;
  const window = Math.floor(index / FAULT_AROUND_PAGES) * FAULT_AROUND_PAGES;
  const first = Math.max(window, index - Math.min(index, fromStart));
  const behind = Math.min(first + FAULT_AROUND_PAGES, 512, index + (vmas.end[vma]! - page));
  const writable = mapsWritable(k, vma);
  for (let i = first; i < behind; i++) {
    const around = entryId(tableOfEntry(entry), i);
    if (lowWord(k, around) !== 0) continue;
    const wanted = objectPage(k, vma, page + (i - index));
    if (wanted >= objects.pages[object]!) break;
    const frame = cachedFrame(k, object, wanted);
    if (frame < 0 || (frames.flags[frame]! & PG.READAHEAD) !== 0) continue;
    frames.refcount[frame]!++;
    mapFrame(
      k,
      vma,
      around,
      writable ? PAGE_EVENT['fault.mapWritable'] : PAGE_EVENT['fault.mapReadOnly'],
      frame as Pfn,
      0,
    );
  }
}

/** Is a page that is only read mapped with all the permissions of its area? */
export const mapsWritable = (k: MemoryState, vma: VmaId): boolean =>
  (k.vmas.flags[vma]! & (VM.SHARED | VM.WRITE)) === (VM.SHARED | VM.WRITE) &&
  k.objects.kind[k.vmas.object[vma]!] !== FRAME.FILE;
