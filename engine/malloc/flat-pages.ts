import { PAGE_SIZE } from '../base/units.ts';
import { AddressMap } from './address-map.ts';
import { ALLOCATOR_STATE_BYTES } from './allocator.ts';
import { FLAT_LAYOUT, type FlatPlace } from './flat-layout.ts';
import type { WordReader } from './memory.ts';
import { FIXED_BYTES, PageWindow } from './page-window.ts';
import { AllocatorStop } from './stop.ts';
import { alignDown } from './word.ts';

/** Bits of an address that lie within a page; a remainder of numbers beyond 31 bits is many times slower. */
const IN_PAGE = PAGE_SIZE - 1;

/**
 * The bytes of one process: pages appear when they are first touched, where the map says that there is memory.
 * main_arena and the lower part of the heap lie in a window, which is fast; other pages are by themselves.
 */
export class FlatPages {
  protected readonly map = new AddressMap(2 ** 16, FLAT_LAYOUT.loader[1]);
  private readonly window: PageWindow;
  private readonly pages = new Map<number, Uint8Array<ArrayBuffer>>();
  /** The page outside of the window that was looked up last. */
  private lastPage = NaN;
  private lastBytes = new Uint8Array(0);

  /** @param place where heap and libraries begin */
  constructor(place: FlatPlace) {
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

  protected dropPages(address: number, length: number): void {
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

  protected movePages(from: number, to: number, length: number): void {
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
