import { PAGE_SIZE, type MmId, type Pfn } from '../base/units.ts';
import { accessPage } from './access.ts';
import { copyFrameBytes, peekByte, storeByte } from './frame-bytes.ts';
import type { MemoryState } from './state.ts';

/**
 * The kernel's own accesses to a program's memory: they fault like the program's, but what would be a signal ends the
 * copy. Source: Linux 6.18 lib/iov_iter.c copy_to_iter, fault_in_iov_iter_readable; mm/gup.c iov_iter_extract_pages.
 */

/** The frame behind a page, faulted in; null where the program may not touch it, or has to die. */
export function userFrame(k: MemoryState, mm: MmId, page: number, write: boolean): Pfn | null {
  const result = accessPage(k, mm, page, write);
  return typeof result === 'number' ? result : null;
}

/** Are all pages of a buffer there to be read or written? They are faulted in, from the first on. */
export function pinBuffer(k: MemoryState, mm: MmId, address: number, length: number, write: boolean): boolean {
  for (let page = Math.floor(address / PAGE_SIZE); page * PAGE_SIZE < address + length; page++) {
    if (userFrame(k, mm, page, write) === null) return false;
  }
  return true;
}

/** Bytes of one frame into another; a whole page at once where both are whole. */
export function copyBytes(
  k: MemoryState,
  from: Pfn,
  fromOffset: number,
  to: Pfn,
  toOffset: number,
  length: number,
): void {
  if (length === PAGE_SIZE) return copyFrameBytes(k, from, to);
  for (let i = 0; i < length; i++) storeByte(k, to, toOffset + i, peekByte(k, from, fromOffset + i));
}

/** Calls `part` for each stretch of a buffer that lies within one page of the buffer and one page of the file. */
export function forEachPart(
  address: number,
  offset: number,
  length: number,
  part: (address: number, offset: number, length: number) => boolean,
): number {
  let done = 0;
  while (done < length) {
    const inBuffer = PAGE_SIZE - ((address + done) % PAGE_SIZE);
    const inFile = PAGE_SIZE - ((offset + done) % PAGE_SIZE);
    const bytes = Math.min(inBuffer, inFile, length - done);
    if (!part(address + done, offset + done, bytes)) break;
    done += bytes;
  }
  return done;
}
