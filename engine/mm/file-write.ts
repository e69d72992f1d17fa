import { fail, ok, type SysResult } from '../base/errno.ts';
import { EVENT } from '../base/event-kinds.ts';
import { emit, within } from '../base/event-log.ts';
import { FRAME } from '../base/flags.ts';
import { SECTOR_BYTES } from '../base/limits.ts';
import { PAGE_SIZE, type MmId, type ObjectId, type Pfn } from '../base/units.ts';
import { writableDiskPage } from './disk.ts';
import { setFileSize } from './file.ts';
import { dropShadows, takeShadow } from './file-shadow.ts';
import { directAllowed, type FileTransfer } from './file-read.ts';
import { peekByte, zeroTail } from './frame-bytes.ts';
import { cachedFrame, cacheFrame } from './object.ts';
import { allocFrameOrKill, getFrame, putFrame } from './page-alloc.ts';
import { cachedFrames, markDirty, readPage, syncPages } from './page-cache.ts';
import type { MemoryState } from './state.ts';
import { forgetPage, unmapObject } from './truncate.ts';
import { copyBytes, forEachPart, pinBuffer, userFrame } from './user-copy.ts';

/** A write has a buffer of the program's. */
export type FileWrite = FileTransfer & { readonly buffer: number };

/**
 * pwrite(2). Source: Linux 6.18 mm/filemap.c generic_perform_write, fs/ext4/inode.c ext4_da_write_begin.
 * @returns bytes written, which end where the buffer does; EINVAL, EFAULT, ENOMEM
 */
export function sysPwrite(k: MemoryState, mm: MmId, transfer: FileWrite): SysResult<number> {
  const { offset, length } = transfer;
  if (offset < 0 || length < 0) return fail(offset < 0 ? 'EINVAL' : 'EFAULT');
  if (length === 0) return ok(0);
  const id = emit(k.events, EVENT.FILE_WRITTEN, -1, -1, length, offset);
  return within(k.events, id, () => (transfer.direct ? writeDirect(k, mm, transfer) : writeCached(k, mm, transfer)));
}

/** Into the page cache: each page is dirty then; only a page that is written in part is read first. */
function writeCached(k: MemoryState, mm: MmId, { file, offset, length, buffer }: FileWrite): SysResult<number> {
  let errno: 'EFAULT' | 'ENOMEM' = 'EFAULT';
  const source = (address: number): Pfn | null => userFrame(k, mm, Math.floor(address / PAGE_SIZE), false);
  const done = forEachPart(buffer, offset, length, (address, at, bytes) => {
    if (source(address) === null) return false;
    const frame = pageToWrite(k, file, Math.floor(at / PAGE_SIZE), bytes);
    if (frame === null) errno = 'ENOMEM';
    if (frame === null) return false;
    // Making room for the page may have taken the source away: it is faulted in once more, as the kernel does. The page
    // is held meanwhile, so that making room for the source does not take it away.
    getFrame(k, frame);
    const from = source(address);
    if (from !== null) {
      if (at > k.objects.sizeBytes[file]!) zeroBehindEnd(k, file);
      copyBytes(k, from, address % PAGE_SIZE, frame, at % PAGE_SIZE, bytes);
      markDirty(k, frame);
      extendFile(k, file, at + bytes);
    }
    putFrame(k, frame);
    return from !== null;
  });
  return done === 0 ? fail(errno) : ok(done);
}

/** A cached page to write `bytes` into. Behind the file's end there is nothing to read. */
function pageToWrite(k: MemoryState, file: ObjectId, index: number, bytes: number): Pfn | null {
  const cached = cachedFrame(k, file, index);
  if (cached >= 0) return cached as Pfn;
  if (bytes < PAGE_SIZE && index < k.objects.pages[file]!) return readPage(k, file, index, allocFrameOrKill);
  const frame = allocFrameOrKill(k, FRAME.FILE);
  if (frame === null) return null;
  cacheFrame(k, file, index, frame);
  // A page that is written as a whole was not missed. Source: mm/filemap.c filemap_add_folio, __GFP_WRITE.
  takeShadow(k, file, index);
  return frame;
}

/** What a program stored behind the end of the file is not to become part of it. Source: pagecache_isize_extended. */
function zeroBehindEnd(k: MemoryState, file: ObjectId): void {
  const end = k.objects.sizeBytes[file]!;
  const last = cachedFrame(k, file, Math.floor(end / PAGE_SIZE));
  if (last >= 0) zeroTail(k, last, end % PAGE_SIZE);
}

/** The file reaches at least to `end`, bytes. */
function extendFile(k: MemoryState, file: ObjectId, end: number): void {
  const before = k.objects.sizeBytes[file]!;
  if (end <= before) return;
  emit(k.events, EVENT.FILE_SIZED, -1, -1, end, before);
  setFileSize(k, file, end);
}

/**
 * Past the page cache: what is cached of the range is written back and dropped, in all tasks; and dropped once more at
 * the end, because the buffer may be a mapping of the same pages. Source: Linux 6.18 fs/iomap/direct-io.c __iomap_dio_rw,
 * iomap_dio_complete; mm/filemap.c kiocb_invalidate_pages, kiocb_invalidate_post_direct_write.
 */
function writeDirect(k: MemoryState, mm: MmId, transfer: FileWrite): SysResult<number> {
  const { file, offset, length, buffer } = transfer;
  const first = Math.floor(offset / PAGE_SIZE);
  const behind = Math.ceil((offset + length) / PAGE_SIZE);
  if (!directAllowed(transfer)) return fail('EINVAL');
  syncPages(k, file, first, behind);
  dropCached(k, file, first, behind);
  dropShadows(k, file, first, behind);
  if (!pinBuffer(k, mm, buffer, length, false)) return fail('EFAULT');
  forEachPart(buffer, offset, length, (address, at, bytes) => {
    const from = userFrame(k, mm, Math.floor(address / PAGE_SIZE), false);
    if (from === null) return false;
    const start = writableDiskPage(k, file, Math.floor(at / PAGE_SIZE)) + (at % PAGE_SIZE);
    for (let i = 0; i < bytes; i++) k.contents.bytes[start + i] = peekByte(k, from, (address % PAGE_SIZE) + i);
    return true;
  });
  k.machine.writtenSectors[0]! += length / SECTOR_BYTES;
  dropCached(k, file, first, behind);
  extendFile(k, file, offset + length);
  return ok(length);
}

/** Source: Linux 6.18 mm/truncate.c invalidate_inode_pages2_range. */
function dropCached(k: MemoryState, file: ObjectId, first: number, behind: number): void {
  const cached = cachedFrames(k, file, first, behind);
  if (cached.length === 0) return;
  unmapObject(k, file, first, behind, false);
  for (const frame of cached) forgetPage(k, file, frame);
}
