import type { Errno } from '../base/errno.ts';
import { TASK_SIZE } from '../base/limits.ts';
import { PAGE_SIZE } from '../base/units.ts';
import { AddressMap } from './address-map.ts';
import { ALLOCATOR_STATE_BYTES } from './allocator.ts';
import { FAILED, type MallocMemory, type WordReader } from './memory.ts';
import { FIXED_BYTES, PageWindow } from './page-window.ts';
import { AllocatorStop } from './stop.ts';
import { alignDown, alignUp } from './word.ts';

/**
 * Where a small program's memory lies without ASLR: the heap behind its data, the C library below the stack, mappings
 * below the library, and a hole that the loader left above it. Taken from a real process.
 */
export const FLAT_LAYOUT = {
  heap: 0x555555573000,
  /** Where the program's own data begin; the heap follows them. */
  program: 0x55555555a000,
  arena: 0x7ffff7fa7c60,
  /** [start, end) of the library's pages; mappings go below. */
  library: [0x7ffff7dd1000, 0x7ffff7fb6000],
  loader: [0x7ffff7fc0000, 0x7ffffffff000],
} as const;

/** First addresses of heap and libraries; both differ a little from machine to machine. */
export interface FlatPlace {
  readonly heap: number;
  readonly library: number;
}

/** Largest request that is granted unless said otherwise: the heuristic refuses what RAM and swap could never hold. */
const DEFAULT_LIMIT = 16 * 2 ** 30;
/** Bits of an address that lie within a page; a remainder of numbers beyond 31 bits is many times slower. */
const IN_PAGE = PAGE_SIZE - 1;

/**
 * Memory of one process with nothing behind it: pages appear when they are first touched, and no system call costs
 * anything. The allocator's tests and scripts run on it; in the lab the kernel takes its place. main_arena and the lower
 * part of the heap lie in a window, which is fast; other pages are by themselves.
 */
export class FlatMemory implements MallocMemory {
  errno: Errno | null = null;
  private brk: number;
  private readonly map = new AddressMap(2 ** 16, FLAT_LAYOUT.loader[1]);
  private readonly window: PageWindow;
  private readonly pages = new Map<number, Uint8Array<ArrayBuffer>>();
  /** The page outside of the window that was looked up last. */
  private lastPage = NaN;
  private lastBytes = new Uint8Array(0);

  /**
   * @param seed of the random numbers
   * @param limit bytes that one request may ask for
   * @param place where heap and libraries begin, when that is not where FLAT_LAYOUT has them
   */
  constructor(
    private seed = 1,
    private readonly limit = DEFAULT_LIMIT,
    private readonly place: FlatPlace = { heap: FLAT_LAYOUT.heap, library: FLAT_LAYOUT.library[0] },
  ) {
    this.brk = place.heap;
    this.window = new PageWindow(alignDown(FLAT_LAYOUT.arena, PAGE_SIZE), alignDown(place.heap, PAGE_SIZE));
    this.map.add(FLAT_LAYOUT.program, place.heap);
    this.map.add(place.library, FLAT_LAYOUT.library[1]);
    this.map.add(...FLAT_LAYOUT.loader);
    if ((FLAT_LAYOUT.arena & IN_PAGE) + ALLOCATOR_STATE_BYTES > FIXED_BYTES) throw new RangeError('the arena fits');
  }

  /** Looks whether a range reads as zeros, of which there may be gigabytes that nobody touched. */
  isZero(address: number, length: number): boolean {
    for (let at = address; at < address + length;) {
      const count = Math.min(address + length - at, PAGE_SIZE - (at & IN_PAGE));
      const bytes = this.peekPage(at);
      const from = at & IN_PAGE;
      if (bytes?.subarray(from, from + count).some((byte) => byte !== 0) === true) return false;
      at += count;
    }
    return true;
  }

  /** Pages touched so far. */
  get touchedPages(): number {
    return this.pages.size + this.window.touched.reduce((sum, page) => sum + page, 0);
  }
  isTouched(address: number): boolean {
    return this.peekPage(address) !== null;
  }
  get breakAddress(): number {
    return this.brk;
  }

  /** Looks without touching; what is not there reads as zero. */
  readonly peek: WordReader = {
    load8: (address) => this.peekPage(address)?.[address & IN_PAGE] ?? 0,
    load16: (address) => this.peek.load8(address) + this.peek.load8(address + 1) * 2 ** 8,
    load32: (address) => {
      const at = this.indexOf(address, 3);
      if (at >= 0) return this.window.words[at >> 2]! >>> 0;
      return this.peek.load16(address) + this.peek.load16(address + 2) * 2 ** 16;
    },
    load64: (address) => this.peek.load32(address) + (this.peek.load32(address + 4) | 0) * 2 ** 32,
  };

  load8(address: number): number {
    const at = this.indexOf(address, 0);
    return at >= 0 ? this.window.bytes[at]! : this.bytesAt(address)[address & IN_PAGE]!;
  }
  load16(address: number): number {
    const at = this.indexOf(address, 1);
    if (at >= 0) return (this.window.words[at >> 2]! >>> ((at & 2) * 8)) & 0xffff;
    return this.load8(address) + this.load8(address + 1) * 2 ** 8;
  }
  load32(address: number): number {
    const at = this.indexOf(address, 3);
    return at >= 0 ? this.window.words[at >> 2]! >>> 0 : this.farWord(address);
  }
  load64(address: number): number {
    const at = this.indexOf(address, 7);
    if (at < 0) return (this.farWord(address + 4) | 0) * 2 ** 32 + this.farWord(address);
    const { words } = this.window;
    return words[(at >> 2) + 1]! * 2 ** 32 + (words[at >> 2]! >>> 0);
  }

  store8(address: number, value: number): void {
    const at = this.indexOf(address, 0);
    if (at >= 0) this.window.bytes[at] = value;
    else this.bytesAt(address)[address & IN_PAGE] = value;
  }
  store16(address: number, value: number): void {
    this.store8(address, value);
    this.store8(address + 1, value >>> 8);
  }
  store32(address: number, value: number): void {
    const at = this.indexOf(address, 3);
    if (at >= 0) this.window.words[at >> 2] = value;
    else for (let i = 0; i < 4; i++) this.store8(address + i, value >>> (i * 8));
  }
  store64(address: number, value: number): void {
    const high = Math.floor(value / 2 ** 32);
    const at = this.indexOf(address, 7);
    if (at >= 0) {
      this.window.words[at >> 2] = value;
      this.window.words[(at >> 2) + 1] = high;
    } else {
      this.store32(address, value);
      this.store32(address + 4, high);
    }
  }

  fill(address: number, length: number, byte: number): void {
    for (let at = address; at < address + length;) {
      const count = Math.min(address + length - at, PAGE_SIZE - (at & IN_PAGE));
      this.bytesAt(at).fill(byte, at & IN_PAGE, (at & IN_PAGE) + count);
      at += count;
    }
  }

  copy(to: number, from: number, length: number): void {
    for (let done = 0; done < length;) {
      const source = (from + done) & IN_PAGE;
      const target = (to + done) & IN_PAGE;
      const count = Math.min(length - done, PAGE_SIZE - source, PAGE_SIZE - target);
      // The source first, in a copy: to touch the target may give the window another buffer.
      const bytes = this.bytesAt(from + done).slice(source, source + count);
      this.bytesAt(to + done).set(bytes, target);
      done += count;
    }
  }

  sbrk(delta: number): number {
    const before = this.brk;
    const end = alignUp(before, PAGE_SIZE);
    const wanted = alignUp(before + delta, PAGE_SIZE);
    if (before + delta < this.place.heap) return delta < 0 ? before : FAILED;
    if (wanted > end) {
      if (!this.grants(wanted - end) || !this.map.isFree(end, wanted)) return FAILED;
      this.map.add(end, wanted);
    } else if (wanted < end) {
      this.forget(wanted, end - wanted);
    }
    this.brk = before + delta;
    return before;
  }

  mmap(length: number): number {
    const size = alignUp(length, PAGE_SIZE);
    const place = size > TASK_SIZE || !this.grants(size) ? null : this.map.findPlace(size);
    if (place === null) return FAILED;
    this.map.add(place, place + size);
    return place;
  }

  munmap(address: number, length: number): void {
    if (address < 0 || length <= 0 || address + length > TASK_SIZE) return;
    this.forget(address, alignUp(length, PAGE_SIZE));
  }

  mremap(address: number, oldLength: number, newLength: number): number {
    if (address < 0 || oldLength <= 0 || newLength <= 0 || address + oldLength > TASK_SIZE) return FAILED;
    const oldEnd = address + oldLength;
    if (newLength <= oldLength) {
      if (newLength < oldLength) this.forget(address + newLength, oldLength - newLength);
      return address;
    }
    const more = newLength - oldLength;
    if (!this.map.has(address) || !this.grants(more)) return FAILED;
    if (this.map.endsAt(oldEnd) && this.map.isFree(oldEnd, oldEnd + more)) {
      this.map.add(oldEnd, oldEnd + more);
      return address;
    }
    const place = this.map.findPlace(newLength);
    if (place === null) return FAILED;
    this.map.add(place, place + newLength);
    this.movePages(address, place, oldLength);
    this.forget(address, oldLength);
    return place;
  }

  dontneed(address: number, length: number): void {
    this.dropPages(address, length);
  }

  /** A step of xorshift; any sequence that follows from the seed would do. */
  random32(): number {
    let x = (this.seed ^ 0x9e3779b9) >>> 0 || 1;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.seed = x >>> 0;
    return this.seed;
  }

  setErrno(errno: Errno): void {
    this.errno = errno;
  }

  private grants(bytes: number): boolean {
    return bytes <= this.limit;
  }

  private forget(address: number, length: number): void {
    this.map.remove(address, address + length);
    this.dropPages(address, length);
  }

  private dropPages(address: number, length: number): void {
    const first = Math.floor(address / PAGE_SIZE);
    const end = first + length / PAGE_SIZE;
    for (const page of this.pages.size < end - first ? this.pages.keys() : pagesFrom(first, end)) {
      if (page >= first && page < end) this.pages.delete(page);
    }
    this.lastPage = NaN;
    const { window } = this;
    const from = Math.max(first * PAGE_SIZE - window.shift, FIXED_BYTES);
    const to = Math.min(end * PAGE_SIZE - window.shift, window.bytes.length);
    if (from < to) window.drop(from, to);
  }

  private movePages(from: number, to: number, length: number): void {
    for (let done = 0; done < length; done += PAGE_SIZE) {
      const bytes = this.peekPage(from + done);
      if (bytes !== null) this.bytesAt(to + done).set(bytes);
    }
  }

  /** A 32-bit word outside of the window, or across its words. */
  private farWord(address: number): number {
    let value = 0;
    for (let i = 3; i >= 0; i--) value = value * 256 + this.load8(address + i);
    return value;
  }

  /** Index in the window of a touched page's byte, when the address has none of the bits of `misaligned`; else −1. */
  private indexOf(address: number, misaligned: number): number {
    const { window } = this;
    let at = address - window.shift;
    if (!(at >= FIXED_BYTES && at < window.bytes.length)) {
      at = address - window.fixed;
      if (!(at >= 0 && at < FIXED_BYTES)) return -1;
    }
    const index = at | 0;
    return (index & misaligned) === 0 && window.touched[index >>> 12] === 1 ? index : -1;
  }

  /** The 4,096 bytes around an address, or null when they were never touched. */
  private peekPage(address: number): Uint8Array | null {
    const { window } = this;
    const index = window.indexOf(address - (address & IN_PAGE));
    if (index < 0) return this.pages.get(Math.floor(address / PAGE_SIZE)) ?? null;
    return window.isTouched(index) ? window.bytes.subarray(index, index + PAGE_SIZE) : null;
  }

  /** The same; touches them. */
  private bytesAt(address: number): Uint8Array {
    const page = Math.floor(address / PAGE_SIZE);
    if (page === this.lastPage) return this.lastBytes;
    const found = this.peekPage(address);
    if (found === null && !this.map.has(address)) throw new AllocatorStop({ kind: 'signal', signal: 'SIGSEGV' });
    const { window } = this;
    const index = window.indexOf(page * PAGE_SIZE);
    if (index >= 0) {
      window.touch(index);
      return window.bytes.subarray(index, index + PAGE_SIZE);
    }
    const bytes = (found as Uint8Array<ArrayBuffer> | null) ?? new Uint8Array(PAGE_SIZE);
    if (found === null) this.pages.set(page, bytes);
    this.lastPage = page;
    this.lastBytes = bytes;
    return bytes;
  }
}

function* pagesFrom(first: number, end: number): Generator<number> {
  for (let page = first; page < end; page++) yield page;
}
