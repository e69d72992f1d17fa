import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { FRAME, VM, type FrameKind } from '../base/flags.ts';
import { FAULT_AROUND_PAGES } from '../base/limits.ts';
import type { MmId, ObjectId, Pfn, VmaId } from '../base/units.ts';
import { accountPages } from './commit.ts';
import { storeByte } from './frame-bytes.ts';
import { cachedFrame, cacheFrame, CHARGED } from './object.ts';
import { slotOfObjectPage } from './object-slots.ts';
import { putFrame } from './page-alloc.ts';
import { entryId, findEntry, lowWord, tableOfEntry } from './page-table.ts';
import { mapFrame } from './page-state.ts';
import { swapInObjectPage } from './shmem-swap.ts';
import type { MemoryState } from './state.ts';
import { objectPage } from './vma.ts';

/**
 * The frame of an object's page: the cached one, else a fresh one. Shared memory starts as zeros; a file's page is
 * read, which makes the fault a major one. Source: Linux mm/shmem.c shmem_fault, mm/filemap.c filemap_fault.
 * @param alloc how to get a frame: the fault's own allocator, which may kill to make room
 * @param mm whose fault it is
 * @returns 'bus' behind the object's end or where a page's own charge is refused, null without memory
 */
export function objectFrame(
  k: MemoryState,
  mm: MmId,
  object: ObjectId,
  index: number,
  alloc: (k: MemoryState, kind: FrameKind) => Pfn | null,
): { frame: Pfn; major: boolean } | 'bus' | null {
  if (index >= k.objects.pages[object]!) return 'bus';
  const cached = cachedFrame(k, object, index);
  if (cached >= 0) return { frame: cached as Pfn, major: false };
  const slot = slotOfObjectPage(k, object, index);
  if (slot >= 0) return swapInObjectPage(k, object, slot, alloc);
  const kind = k.objects.kind[object]! as FrameKind;
  const frame = alloc(k, kind);
  if (frame === null) return null;
  if (k.objects.charged[object] === CHARGED.BY_PAGE && !accountPages(k, mm, 1).ok) {
    putFrame(k, frame);
    return 'bus';
  }
  cacheFrame(k, object, index, frame);
  if (kind === FRAME.SHMEM) {
    k.pay('zero_frame', 1);
    return { frame, major: false };
  }
  readFilePage(k, object, index, frame);
  return { frame, major: true };
}

/** A simulated file's first bytes say which page of which file it is; the rest is zero. */
function readFilePage(k: MemoryState, object: ObjectId, index: number, frame: Pfn): void {
  const text = `file ${object} page ${index}\n`;
  for (let i = 0; i < text.length; i++) storeByte(k, frame, i, text.charCodeAt(i));
  emit(k.events, EVENT.CACHE_READ, -1, frame, index);
}

/**
 * Maps what is already cached of the 16 pages around a read fault, as far as the VMA and its page table reach.
 * Source: Linux 6.18 mm/memory.c do_fault_around, mm/filemap.c filemap_map_pages.
 */
export function faultAround(k: MemoryState, vma: VmaId, page: number): void {
  const { vmas } = k;
  const object = vmas.object[vma]! as ObjectId;
  const entry = findEntry(k, vmas.mm[vma]! as MmId, page);
  const index = entry % 512;
  const fromStart = page - vmas.start[vma]!;
  const window = Math.floor(index / FAULT_AROUND_PAGES) * FAULT_AROUND_PAGES;
  const first = Math.max(window, index - Math.min(index, fromStart));
  const behind = Math.min(first + FAULT_AROUND_PAGES, 512, index + (vmas.end[vma]! - page));
  const writable = (vmas.flags[vma]! & (VM.SHARED | VM.WRITE)) === (VM.SHARED | VM.WRITE);
  for (let i = first; i < behind; i++) {
    const around = entryId(tableOfEntry(entry), i);
    if (lowWord(k, around) !== 0) continue;
    const wanted = objectPage(k, vma, page + (i - index));
    if (wanted >= k.objects.pages[object]!) break;
    const frame = cachedFrame(k, object, wanted);
    if (frame < 0) continue;
    k.frames.refcount[frame]!++;
    mapFrame(k, vma, around, writable ? 'fault.mapWritable' : 'fault.mapReadOnly', frame as Pfn, 0);
  }
}
