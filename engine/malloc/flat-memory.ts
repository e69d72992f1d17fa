import type { Errno } from '../base/errno.ts';
import { TASK_SIZE } from '../base/limits.ts';
import { PAGE_SIZE } from '../base/units.ts';
import { AddressMap } from './address-map.ts';
import { ALLOCATOR_STATE_BYTES } from './allocator.ts';
import { FAILED, type MallocMemory, type WordReader } from './memory.ts';
import { AllocatorStop } from './stop.ts';
import { alignUp } from './word.ts';

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
const SLOTS = 256;
/** Bits of an address that lie within a page; a remainder of numbers beyond 31 bits is many times slower. */
const IN_PAGE = PAGE_SIZE - 1;

/**
 * Memory of one process with nothing behind it: pages appear when they are first touched, and no system call costs
 * anything. The allocator's tests and scripts run on it; in the lab the kernel takes its place.
 */
export class FlatMemory implements MallocMemory {
  errno: Errno | null = null;
  private brk: number;
  private readonly map = new AddressMap(2 ** 16, FLAT_LAYOUT.loader[1]);
  private readonly pages = new Map<number, DataView<ArrayBuffer>>();
  /** Pages looked up last, by the low bits of their number. */
  private readonly slotPage = new Float64Array(SLOTS).fill(NaN);
  private readonly slotView: DataView<ArrayBuffer>[] = [];

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
    this.map.add(FLAT_LAYOUT.program, place.heap);
    this.map.add(place.library, FLAT_LAYOUT.library[1]);
    this.map.add(...FLAT_LAYOUT.loader);
    if (FLAT_LAYOUT.arena + ALLOCATOR_STATE_BYTES > FLAT_LAYOUT.library[1])
      throw new RangeError('arena in the library');
  }

  /** Looks whether a range reads as zeros, of which there may be gigabytes that nobody touched. */
  isZero(address: number, length: number): boolean {
    for (let at = address; at < address + length;) {
      const page = Math.floor(at / PAGE_SIZE);
      const end = Math.min(address + length, (page + 1) * PAGE_SIZE);
      const view = this.pages.get(page);
      const from = at & IN_PAGE;
      if (view !== undefined && new Uint8Array(view.buffer, from, end - at).some((byte) => byte !== 0)) return false;
      at = end;
    }
    return true;
  }

  /** Pages touched so far. */
  get touchedPages(): number {
    return this.pages.size;
  }
  isTouched(address: number): boolean {
    return this.pages.has(Math.floor(address / PAGE_SIZE));
  }
  get breakAddress(): number {
    return this.brk;
  }

  /** Looks without touching; what is not there reads as zero. */
  readonly peek: WordReader = {
    load8: (address) => this.pages.get(Math.floor(address / PAGE_SIZE))?.getUint8(address & IN_PAGE) ?? 0,
    load16: (address) => this.peek.load8(address) + this.peek.load8(address + 1) * 2 ** 8,
    load32: (address) => {
      if (crosses(address, 4)) return this.peek.load16(address) + this.peek.load16(address + 2) * 2 ** 16;
      return this.pages.get(Math.floor(address / PAGE_SIZE))?.getUint32(address & IN_PAGE, true) ?? 0;
    },
    load64: (address) => this.peek.load32(address) + (this.peek.load32(address + 4) | 0) * 2 ** 32,
  };

  load8(address: number): number {
    return this.view(address).getUint8(address & IN_PAGE);
  }
  load16(address: number): number {
    if (crosses(address, 2)) return this.bytes(address, 2);
    return this.view(address).getUint16(address & IN_PAGE, true);
  }
  load32(address: number): number {
    if (crosses(address, 4)) return this.bytes(address, 4);
    return this.view(address).getUint32(address & IN_PAGE, true);
  }
  load64(address: number): number {
    if (crosses(address, 8)) return (this.bytes(address + 4, 4) | 0) * 2 ** 32 + this.bytes(address, 4);
    const view = this.view(address);
    const offset = address & IN_PAGE;
    return view.getInt32(offset + 4, true) * 2 ** 32 + view.getUint32(offset, true);
  }

  store8(address: number, value: number): void {
    this.view(address).setUint8(address & IN_PAGE, value);
  }
  store16(address: number, value: number): void {
    if (crosses(address, 2)) this.setBytes(address, 2, value);
    else this.view(address).setUint16(address & IN_PAGE, value, true);
  }
  store32(address: number, value: number): void {
    if (crosses(address, 4)) this.setBytes(address, 4, value);
    else this.view(address).setUint32(address & IN_PAGE, value, true);
  }
  store64(address: number, value: number): void {
    this.store32(address, value);
    this.store32(address + 4, Math.floor(value / 2 ** 32));
  }

  fill(address: number, length: number, byte: number): void {
    for (let at = address; at < address + length;) {
      const end = Math.min(address + length, (Math.floor(at / PAGE_SIZE) + 1) * PAGE_SIZE);
      new Uint8Array(this.view(at).buffer).fill(byte, at & IN_PAGE, (at & IN_PAGE) + end - at);
      at = end;
    }
  }

  copy(to: number, from: number, length: number): void {
    for (let done = 0; done < length;) {
      const room = Math.min(PAGE_SIZE - ((to + done) & IN_PAGE), PAGE_SIZE - ((from + done) & IN_PAGE));
      const count = Math.min(length - done, room);
      const source = new Uint8Array(this.view(from + done).buffer, (from + done) & IN_PAGE, count);
      new Uint8Array(this.view(to + done).buffer).set(source, (to + done) & IN_PAGE);
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
    if (end - first > this.pages.size) {
      for (const page of this.pages.keys()) if (page >= first && page < end) this.pages.delete(page);
    } else {
      for (let page = first; page < end; page++) this.pages.delete(page);
    }
    this.slotPage.fill(NaN);
  }

  private movePages(from: number, to: number, length: number): void {
    for (let done = 0; done < length; done += PAGE_SIZE) {
      const view = this.pages.get((from + done) / PAGE_SIZE);
      if (view !== undefined) this.pages.set((to + done) / PAGE_SIZE, view);
    }
  }

  private bytes(address: number, count: number): number {
    let value = 0;
    for (let i = count - 1; i >= 0; i--) value = value * 256 + this.load8(address + i);
    return value;
  }

  private setBytes(address: number, count: number, value: number): void {
    for (let i = 0; i < count; i++) this.store8(address + i, (value >>> (i * 8)) & 0xff);
  }

  /** The page an address lies in; touches it. */
  private view(address: number): DataView<ArrayBuffer> {
    const page = Math.floor(address / PAGE_SIZE);
    const slot = page & (SLOTS - 1);
    if (this.slotPage[slot] === page) return this.slotView[slot]!;
    let view = this.pages.get(page);
    if (view === undefined) {
      if (!this.map.has(address)) throw new AllocatorStop({ kind: 'signal', signal: 'SIGSEGV' });
      view = new DataView(new ArrayBuffer(PAGE_SIZE));
      this.pages.set(page, view);
    }
    this.slotPage[slot] = page;
    this.slotView[slot] = view;
    return view;
  }
}

/** Part of it lies in the next page. */
const crosses = (address: number, size: number): boolean => (address & IN_PAGE) + size > PAGE_SIZE;
