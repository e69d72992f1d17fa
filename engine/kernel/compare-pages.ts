import { PAGE_SIZE } from '../base/units.ts';
import type { MemoryState } from '../mm/state.ts';

/** A page of zeros and one other byte in front, for contents that have no row; only ever read after it was set. */
const plain = [new Uint8Array(PAGE_SIZE), new Uint8Array(PAGE_SIZE)] as const;

/**
 * All bytes of a page by its content number (frame-bytes.ts), to be read before the next call with the same `side`.
 * Checks compare many pages after every command: nothing is copied or made for them.
 */
export function bytesOfContent(k: MemoryState, content: number, side: 0 | 1): Uint8Array {
  if (content >= 0) return k.contents.bytes.subarray(content * PAGE_SIZE, (content + 1) * PAGE_SIZE);
  plain[side][0] = -1 - content;
  return plain[side];
}

/** Where bytes [0, end) of two pages first differ, or null. Both start at a multiple of four bytes. */
export function firstDifference(is: Uint8Array, wanted: Uint8Array, end: number): number | null {
  const [a, b] = [wordsOf(is), wordsOf(wanted)];
  let offset = 0;
  while (offset + 4 <= end && a[offset >> 2] === b[offset >> 2]) offset += 4;
  while (offset < end && is[offset] === wanted[offset]) offset++;
  return offset < end ? offset : null;
}

const wordsOf = (bytes: Uint8Array): Int32Array => new Int32Array(bytes.buffer, bytes.byteOffset, PAGE_SIZE >> 2);
