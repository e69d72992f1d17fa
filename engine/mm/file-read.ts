import { fail, ok, type SysResult } from '../base/errno.ts';
import { EVENT } from '../base/event-kinds.ts';
import { emit, within } from '../base/event-log.ts';
import { PG } from '../base/flags.ts';
import { DEVICE_PAGES, DIRECT_ALIGNMENT, SECTOR_BYTES } from '../base/limits.ts';
import { PAGE_SIZE, type MmId, type ObjectId, type Pfn } from '../base/units.ts';
import { PRICE } from './costs.ts';
import { peekDisk } from './disk.ts';
import { storeByte } from './frame-bytes.ts';
import { markAccessed } from './mark-accessed.ts';
import { cachedFrame } from './object.ts';
import { allocFrameOrKill } from './page-alloc.ts';
import { readPage, syncPages } from './page-cache.ts';
import { readOnwards, readSequence } from './readahead.ts';
import type { MemoryState } from './state.ts';
import { copyBytes, forEachPart, pinBuffer, userFrame } from './user-copy.ts';

/** What pread(2) and pwrite(2) are called with. Bytes. */
export interface FileTransfer {
  readonly file: ObjectId;
  readonly offset: number;
  readonly length: number;
  /** Address of the program's buffer; null: an aligned one that is not simulated. */
  readonly buffer: number | null;
  /** O_DIRECT */
  readonly direct: boolean;
}

/** Pages that a read looks up at once. Source: Linux include/linux/pagevec.h PAGEVEC_SIZE. */
const BATCH_PAGES = 31;

/**
 * pread(2). Source: Linux 6.18 mm/filemap.c filemap_read, fs/read_write.c ksys_pread64.
 * @returns bytes read, which end at the file's end or where the buffer does; EINVAL, EFAULT, ENOMEM
 */
export function sysPread(k: MemoryState, mm: MmId, transfer: FileTransfer): SysResult<number> {
  const { file, offset, length } = transfer;
  if (offset < 0 || length < 0) return fail(offset < 0 ? 'EINVAL' : 'EFAULT');
  const bytes = Math.min(length, k.objects.sizeBytes[file]! - offset);
  if (bytes <= 0) return ok(0);
  const id = emit(k.events, EVENT.FILE_READ, -1, -1, bytes, offset);
  return within(k.events, id, () => {
    const read = transfer.direct ? readDirect(k, mm, transfer, bytes) : readCached(k, mm, transfer, bytes);
    return read;
  });
}

function readCached(
  k: MemoryState,
  mm: MmId,
  { file, offset, buffer }: FileTransfer,
  bytes: number,
): SysResult<number> {
  const last = Math.ceil((offset + bytes) / PAGE_SIZE);
  let done = 0;
  while (done < bytes) {
    const index = Math.floor((offset + done) / PAGE_SIZE);
    const pages = batchAt(k, file, index, last);
    markRead(k, file, index, pages);
    if (pages === 0) return done > 0 ? ok(done) : fail('ENOMEM');
    const end = Math.min(bytes, (index + pages) * PAGE_SIZE - offset);
    const copied = buffer === null ? end - done : copyOut(k, mm, file, buffer + done, offset + done, end - done);
    done += copied;
    k.objects.raLast[file] = offset + done;
    if (offset + done < Math.min(offset + end, offset + bytes)) return done > 0 ? ok(done) : fail('EFAULT');
  }
  return ok(done);
}

/**
 * The pages of a batch were used; the first of them not again where the read before ended in it.
 * Source: Linux 6.18 mm/filemap.c filemap_read, pos_same_folio.
 */
function markRead(k: MemoryState, file: ObjectId, index: number, pages: number): void {
  const last = k.objects.raLast[file]!;
  for (let i = 0; i < pages; i++) {
    const same = i === 0 && last > 0 && Math.floor((last - 1) / PAGE_SIZE) === index;
    if (!same) markAccessed(k, cachedFrame(k, file, index + i) as Pfn);
  }
}

/**
 * Cached pages in a row from `index` on, read first where there are none; a marked page ends the row and starts the next
 * read-ahead. Source: Linux 6.18 mm/filemap.c filemap_get_pages. @returns 0 when no frame could be had
 */
function batchAt(k: MemoryState, file: ObjectId, index: number, last: number): number {
  if (cachedFrame(k, file, index) < 0) {
    k.pay(PRICE.disk_read, 1);
    readSequence(k, file, index, last - index);
  }
  if (cachedFrame(k, file, index) < 0 && readPage(k, file, index, allocFrameOrKill) === null) return 0;
  let pages = 0;
  let marked: Pfn | null = null;
  while (pages < BATCH_PAGES && index + pages < last && marked === null) {
    const frame = cachedFrame(k, file, index + pages);
    if (frame < 0) break;
    pages++;
    if ((k.frames.flags[frame]! & PG.READAHEAD) !== 0) marked = frame as Pfn;
  }
  if (marked !== null) readOnwards(k, file, marked, last - (index + pages - 1));
  return pages;
}

function copyOut(k: MemoryState, mm: MmId, file: ObjectId, buffer: number, offset: number, length: number): number {
  return forEachPart(buffer, offset, length, (address, at, bytes) => {
    const to = userFrame(k, mm, Math.floor(address / PAGE_SIZE), true);
    const from = cachedFrame(k, file, Math.floor(at / PAGE_SIZE));
    if (to === null || from < 0) return false;
    copyBytes(k, from as Pfn, at % PAGE_SIZE, to, address % PAGE_SIZE, bytes);
    return true;
  });
}

/**
 * Are place and length multiples of the disk's block, and the buffer too? The kernel checks the buffer only where the
 * request has to be split, so a request within one page passes. Source: Linux 6.18 fs/iomap/direct-io.c
 * iomap_dio_bio_iter, block/blk.h bio_may_need_split, block/blk-merge.c bio_split_io_at.
 */
export function directAllowed({ offset, length, buffer }: FileTransfer): boolean {
  if (offset % DIRECT_ALIGNMENT !== 0 || length % DIRECT_ALIGNMENT !== 0) return false;
  const start = (buffer ?? 0) % PAGE_SIZE;
  return start % DIRECT_ALIGNMENT === 0 || start + length <= PAGE_SIZE;
}

/**
 * Reads past the page cache: what is dirty there is written back first, and the buffer's pages are held while the disk
 * writes into them. Source: Linux 6.18 fs/iomap/direct-io.c __iomap_dio_rw, kiocb_write_and_wait.
 */
function readDirect(k: MemoryState, mm: MmId, transfer: FileTransfer, bytes: number): SysResult<number> {
  const { file, offset, length, buffer } = transfer;
  syncPages(k, file, Math.floor(offset / PAGE_SIZE), Math.ceil((offset + length) / PAGE_SIZE));
  if (!directAllowed(transfer)) return fail('EINVAL');
  k.pay(PRICE.disk_read, Math.ceil(bytes / (DEVICE_PAGES * PAGE_SIZE)));
  k.machine.readSectors[0]! += Math.ceil(bytes / SECTOR_BYTES);
  if (buffer === null) return ok(bytes);
  if (!pinBuffer(k, mm, buffer, length, true)) return fail('EFAULT');
  forEachPart(buffer, offset, bytes, (address, at, part) => {
    const to = userFrame(k, mm, Math.floor(address / PAGE_SIZE), true);
    if (to === null) return false;
    const index = Math.floor(at / PAGE_SIZE);
    for (let i = 0; i < part; i++) {
      storeByte(k, to, (address % PAGE_SIZE) + i, peekDisk(k, file, index, (at % PAGE_SIZE) + i));
    }
    return true;
  });
  return ok(bytes);
}
