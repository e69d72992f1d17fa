import { assert } from '../base/assert.ts';
import { FRAME } from '../base/flags.ts';
import { allocRow, freeRow } from '../base/table.ts';
import { PAGE_SIZE } from '../base/units.ts';
import { copyMarks } from './content-marks.ts';
import type { MemoryState } from './state.ts';

/**
 * What is in a frame, stored only as far as it is not zero. `frames.content` holds
 *   −1          all zero
 *   −1 − value  only the first byte is not zero, and it is `value` (1 … 255): what one touch of a page leaves behind
 *   ≥ 0         row in `contents` with all 4,096 bytes
 * so that a million touched frames need no memory of their own.
 */
const ALL_ZERO = -1;

/** One byte of a frame, without any effect. */
export function peekByte(k: MemoryState, frame: number, offset: number): number {
  const content = k.frames.content[frame]!;
  return k.frames.kind[frame] === FRAME.TABLE ? tableByte(k, content, offset) : contentByte(k, content, offset);
}

/** One byte of what a frame or a swap slot keeps in its `content`. */
export function contentByte(k: MemoryState, content: number, offset: number): number {
  if (content >= 0) return k.contents.bytes[content * PAGE_SIZE + offset]!;
  return offset === 0 ? ALL_ZERO - content : 0;
}

/** A page table's bytes are its entries, little-endian. */
function tableByte(k: MemoryState, table: number, offset: number): number {
  const word = k.tables.words[table * 1024 + (offset >> 2)]!;
  return (word >>> ((offset & 3) * 8)) & 0xff;
}

export function storeByte(k: MemoryState, frame: number, offset: number, value: number): void {
  const { frames, contents } = k;
  const kept = frames.kind[frame] === FRAME.ZERO && k.machine.realMode[0] === 0;
  assert(frames.kind[frame] !== FRAME.TABLE && !kept, 'a frame takes stores', frame);
  const content = frames.content[frame]!;
  if (content >= 0) {
    contents.bytes[content * PAGE_SIZE + offset] = value;
  } else if (offset === 0) {
    frames.content[frame] = ALL_ZERO - value;
  } else if (value !== 0) {
    const row = allocRow(contents);
    contents.bytes[row * PAGE_SIZE] = ALL_ZERO - content;
    contents.bytes[row * PAGE_SIZE + offset] = value;
    frames.content[frame] = row;
  }
}

/** The same byte many times, within one frame. */
export function fillBytes(k: MemoryState, frame: number, offset: number, count: number, value: number): void {
  if (count <= 0) return;
  // The last byte first: unless it is a zero, it makes a row for all of them.
  storeByte(k, frame, offset + count - 1, value);
  const content = k.frames.content[frame]!;
  if (content >= 0) {
    k.contents.bytes.fill(value & 0xff, content * PAGE_SIZE + offset, content * PAGE_SIZE + offset + count);
  } else if (offset === 0) {
    storeByte(k, frame, 0, value);
  }
}

/** All 4,096 bytes of `from` into `to`. */
export function copyFrameBytes(k: MemoryState, from: number, to: number): void {
  const { frames } = k;
  forgetContent(k, to);
  if (frames.kind[from] !== FRAME.ZERO) frames.content[to] = copyContent(k, frames.content[from]!);
}

/** A content of its own with the same bytes: what a second frame, or a swap slot, keeps in its `content`. */
export function copyContent(k: MemoryState, content: number): number {
  const { contents } = k;
  if (content < 0) return content;
  const row = allocRow(contents);
  contents.bytes.copyWithin(row * PAGE_SIZE, content * PAGE_SIZE, (content + 1) * PAGE_SIZE);
  copyMarks(k, content, row);
  return row;
}

/** Is it nothing but zeros? Source: Linux 6.18 mm/page_io.c is_folio_zero_filled. */
export function isZeroFilled(k: MemoryState, content: number): boolean {
  if (content < 0) return content === ALL_ZERO;
  return k.contents.bytes.subarray(content * PAGE_SIZE, (content + 1) * PAGE_SIZE).every((byte) => byte === 0);
}

/** Nobody holds the content any more. */
export function freeContent(k: MemoryState, content: number): void {
  if (content >= 0) freeRow(k.contents, content);
}

/** Bytes [from, 4,096) of a frame become zero. */
export function zeroTail(k: MemoryState, frame: number, from: number): void {
  const content = k.frames.content[frame]!;
  if (content >= 0) k.contents.bytes.fill(0, content * PAGE_SIZE + from, (content + 1) * PAGE_SIZE);
  else if (from === 0) k.frames.content[frame] = ALL_ZERO;
}

/** The frame reads as zero again. */
export function forgetContent(k: MemoryState, frame: number): void {
  const content = k.frames.content[frame]!;
  if (content >= 0 && k.frames.kind[frame] !== FRAME.TABLE) freeRow(k.contents, content);
  k.frames.content[frame] = ALL_ZERO;
}
