import { assert } from '../base/assert.ts';
import { EVENT } from '../base/event-kinds.ts';
import { emit, within } from '../base/event-log.ts';
import { FRAME, PG, type FrameKind } from '../base/flags.ts';
import { SECTOR_BYTES } from '../base/limits.ts';
import type { ObjectId, Pfn } from '../base/units.ts';
import { loadFromDisk, storeToDisk } from './disk.ts';
import { zeroTail } from './frame-bytes.ts';
import { cachedFrame, cacheFrame } from './object.ts';
import { cleanPage } from './page-state.ts';
import { entriesOf } from './rmap.ts';
import type { MemoryState } from './state.ts';
import { noteFileRefault } from './workingset.ts';
import { PAGE_SIZE } from '../base/units.ts';

/**
 * Files' pages in memory: how they come from the disk, become dirty, and go back. A cached page is clean, dirty, or
 * being written (PG.WRITEBACK; a store in the meantime makes it dirty again).
 */
export type TakeFrame = (k: MemoryState, kind: FrameKind) => Pfn | null;

/**
 * Reads one page into a fresh frame. On entry it is not cached.
 * Source: Linux 6.18 mm/filemap.c filemap_add_folio, fs/ext4/readpage.c; a hole reads as zeros.
 * @returns null when no frame could be had
 */
export function readPage(k: MemoryState, file: ObjectId, index: number, take: TakeFrame): Pfn | null {
  const frame = take(k, FRAME.FILE);
  if (frame === null) return null;
  // Taking the frame may have cost a task its life, and reclaim its pages; nobody can have read this one meanwhile.
  assert(cachedFrame(k, file, index) < 0, 'a page is read once', index);
  cacheFrame(k, file, index, frame);
  noteFileRefault(k, file, frame);
  if (loadFromDisk(k, file, index, frame)) k.machine.readSectors[0]! += PAGE_SIZE / SECTOR_BYTES;
  emit(k.events, EVENT.CACHE_READ, -1, frame, index);
  return frame;
}

export const isDirty = (k: MemoryState, frame: number): boolean => (k.frames.flags[frame]! & PG.DIRTY) !== 0;

/** The page differs from the disk from now on. Source: Linux 6.18 mm/page-writeback.c folio_mark_dirty. */
export function markDirty(k: MemoryState, frame: Pfn): void {
  const { frames, objects, machine } = k;
  assert(frames.kind[frame] === FRAME.FILE, "a frame of the page cache holds a file's page", frame);
  if (isDirty(k, frame)) return;
  frames.flags[frame]! |= PG.DIRTY;
  machine.dirtiedPages[0]!++;
  const file = frames.object[frame]!;
  if (objects.dirtied[file]! < 0) objects.dirtied[file] = machine.timeNs[0]!;
  emit(k.events, EVENT.PAGE_DIRTIED, -1, frame, frames.index[frame]!);
}

/**
 * Starts writing a dirty page to its file: it becomes clean and every entry on it loses its write permission, so that
 * the next store is noticed. What the disk gets is what the page holds now, zero behind the file's end.
 * Source: Linux 6.18 mm/page-writeback.c folio_clear_dirty_for_io, __folio_start_writeback; mm/rmap.c folio_mkclean.
 */
export function startWriteBack(k: MemoryState, frame: Pfn): void {
  const { frames, objects } = k;
  assert(isDirty(k, frame), 'a frame is dirty before it is written back', frame);
  const file = frames.object[frame]! as ObjectId;
  const index = frames.index[frame]!;
  const id = emit(k.events, EVENT.WRITE_BACK, -1, frame, index);
  within(k.events, id, () => {
    for (const entry of entriesOf(k, frame)) cleanPage(k, entry);
  });
  frames.flags[frame] = (frames.flags[frame]! & ~PG.DIRTY) | PG.WRITEBACK;
  const end = objects.sizeBytes[file]! - index * PAGE_SIZE;
  if (end < PAGE_SIZE) zeroTail(k, frame, Math.max(0, end));
  storeToDisk(k, file, index, frame);
  k.machine.writtenSectors[0]! += PAGE_SIZE / SECTOR_BYTES;
}

/** The disk has it. Source: Linux 6.18 mm/filemap.c folio_end_writeback. */
export function endWriteBack(k: MemoryState, frame: Pfn): void {
  assert((k.frames.flags[frame]! & PG.WRITEBACK) !== 0, 'a frame is being written back', frame);
  k.frames.flags[frame]! &= ~PG.WRITEBACK;
  k.machine.writtenPages[0]!++;
}

/** Writes a dirty page to its file and waits for it. */
export function writeBack(k: MemoryState, frame: Pfn): void {
  startWriteBack(k, frame);
  endWriteBack(k, frame);
}

/** The cached frames of a file's pages [from, to), ascending. */
export function cachedFrames(k: MemoryState, file: ObjectId, from: number, to: number): Pfn[] {
  const found: Pfn[] = [];
  for (let frame = k.objects.head[file]!; frame >= 0; frame = k.frames.next[frame]!) {
    if (k.frames.index[frame]! >= from && k.frames.index[frame]! < to) found.push(frame as Pfn);
  }
  return found.sort((a, b) => k.frames.index[a]! - k.frames.index[b]!);
}

/**
 * Writes the dirty pages [from, to) of a file and waits for them. Source: Linux 6.18 mm/filemap.c
 * file_write_and_wait_range, as fsync and msync(MS_SYNC) do. @returns pages written
 */
export function syncPages(k: MemoryState, file: ObjectId, from: number, to: number): number {
  let written = 0;
  for (const frame of cachedFrames(k, file, from, to)) {
    if ((k.frames.flags[frame]! & PG.WRITEBACK) !== 0) endWriteBack(k, frame);
    if (!isDirty(k, frame)) continue;
    writeBack(k, frame);
    written++;
  }
  noteClean(k, file);
  return written;
}

/** The file has no dirty page any more, or it has. */
export function noteClean(k: MemoryState, file: ObjectId): void {
  if (!cachedFrames(k, file, 0, Infinity).some((frame) => isDirty(k, frame))) k.objects.dirtied[file] = -1;
}
