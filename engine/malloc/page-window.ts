import { PAGE_SIZE } from '../base/units.ts';

/** Pages that every call of the allocator reads and that stand first in the window: those of its own state. */
const FIXED_PAGES = 2;
export const FIXED_BYTES = FIXED_PAGES * PAGE_SIZE;
/** Bytes the window has at first, and may grow to; behind that each page is by itself. */
const FIRST_BYTES = 64 * PAGE_SIZE;
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Two stretches of an address space in one buffer: a few fixed pages, and behind them whatever follows a start address.
 * An address becomes an index by one subtraction, which is what makes a simulated load cheap.
 */
export class PageWindow {
  bytes = new Uint8Array(FIRST_BYTES);
  words = new Int32Array(this.bytes.buffer);
  /** A page each: 1 once it was touched. */
  touched = new Uint8Array(FIRST_BYTES / PAGE_SIZE);
  /** Address minus this is the index of what follows the start. */
  readonly shift: number;

  /** @param fixed address of the fixed pages @param start what follows them in the buffer; both at page borders */
  constructor(
    readonly fixed: number,
    start: number,
  ) {
    this.shift = start - FIXED_BYTES;
    this.touched.fill(1, 0, FIXED_PAGES);
  }

  /** The index that an address has or would have in a window as large as it may be; −1 outside. */
  indexOf(address: number): number {
    const index = address - this.shift;
    if (index >= FIXED_BYTES && index < MOST_BYTES) return index;
    const fixed = address - this.fixed;
    return fixed >= 0 && fixed < FIXED_BYTES ? fixed : -1;
  }

  /** The page an index lies in is touched from now on. */
  touch(index: number): void {
    if (index >= this.bytes.length) this.grow(index);
    this.touched[index >>> 12] = 1;
  }

  isTouched(index: number): boolean {
    return this.touched[index >>> 12] === 1;
  }

  /** Pages [from, to) by their indices read as zero and are untouched. */
  drop(from: number, to: number): void {
    this.bytes.fill(0, from, to);
    this.touched.fill(0, from >>> 12, to >>> 12);
  }

  private grow(index: number): void {
    let size = this.bytes.length;
    while (size <= index) size *= 2;
    const bytes = new Uint8Array(size);
    bytes.set(this.bytes);
    const touched = new Uint8Array(size / PAGE_SIZE);
    touched.set(this.touched);
    this.bytes = bytes;
    this.words = new Int32Array(bytes.buffer);
    this.touched = touched;
  }
}
