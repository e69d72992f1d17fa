import { DONE, type SysResult } from '../base/errno.ts';
import { PG } from '../base/flags.ts';
import { PAGE_SIZE, type ObjectId } from '../base/units.ts';
import { filesOf } from './file.ts';
import { cachedFrames, endWriteBack, isDirty, noteClean, startWriteBack, syncPages } from './page-cache.ts';
import { readForced } from './readahead.ts';
import type { MemoryState } from './state.ts';
import { invalidatePages } from './truncate.ts';

/** Virtual ns that one page's write takes. Source: NVMe random 4 KiB write, about 20 µs. */
const WRITE_NS = 20_000;
/** A file's dirty pages are written when they are that old, at the flusher's next look. Source: dirty_expire_centisecs. */
const EXPIRE_NS = 30e9;
/** Source: dirty_writeback_centisecs. */
const LOOK_NS = 5e9;

/**
 * Starts writing the dirty pages [from, to) of a file and waits for none: they stay under write-back until virtual time
 * has passed. Source: Linux 6.18 mm/filemap.c __filemap_fdatawrite_range with WB_SYNC_NONE.
 */
export function startWrites(k: MemoryState, file: ObjectId, from: number, to: number): void {
  let pages = 0;
  for (const frame of cachedFrames(k, file, from, to)) {
    if (!isDirty(k, frame) || (k.frames.flags[frame]! & PG.WRITEBACK) !== 0) continue;
    startWriteBack(k, frame);
    pages++;
  }
  if (pages === 0) return;
  k.objects.writesEnd[file] = Math.max(k.objects.writesEnd[file]!, k.machine.timeNs[0]!) + pages * WRITE_NS;
  noteClean(k, file);
}

/** Time has passed: writes that are through by now end, and what has been dirty for long is written. */
export function settleWrites(k: MemoryState): void {
  const now = k.machine.timeNs[0]!;
  for (const file of filesOf(k)) {
    const { writesEnd, dirtied } = k.objects;
    if (writesEnd[file]! > 0 && writesEnd[file]! <= now) {
      writesEnd[file] = 0;
      for (const frame of cachedFrames(k, file, 0, Infinity)) {
        if ((k.frames.flags[frame]! & PG.WRITEBACK) !== 0) endWriteBack(k, frame);
      }
    }
    const look = Math.ceil((dirtied[file]! + EXPIRE_NS) / LOOK_NS) * LOOK_NS;
    if (dirtied[file]! >= 0 && look <= now) syncPages(k, file, 0, Infinity);
  }
}

/** fsync(2). Source: Linux 6.18 fs/ext4/fsync.c ext4_sync_file. */
export function sysFsync(k: MemoryState, file: ObjectId): SysResult {
  syncPages(k, file, 0, Infinity);
  return DONE;
}

/**
 * posix_fadvise(2). willneed reads ahead; dontneed starts writing what is dirty and drops what is clean and unmapped.
 * Source: Linux 6.18 mm/fadvise.c generic_fadvise. @param offset @param length bytes; a length of 0 is up to the end
 */
export function sysFadvise(
  k: MemoryState,
  file: ObjectId,
  offset: number,
  length: number,
  advice: 'willneed' | 'dontneed',
): SysResult {
  const size = k.objects.sizeBytes[file]!;
  const end = length === 0 ? Infinity : offset + length;
  if (advice === 'willneed') {
    const first = Math.floor(offset / PAGE_SIZE);
    readForced(k, file, first, Math.ceil(Math.min(end, size) / PAGE_SIZE) - first);
    return DONE;
  }
  startWrites(k, file, Math.floor(offset / PAGE_SIZE), Math.ceil(end / PAGE_SIZE));
  // A page that the range covers in part stays, but for the file's last one.
  const behind = end >= size ? Infinity : Math.floor(end / PAGE_SIZE);
  invalidatePages(k, file, Math.ceil(offset / PAGE_SIZE), behind);
  return DONE;
}
