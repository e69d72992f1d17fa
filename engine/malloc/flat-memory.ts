import type { Errno } from '../base/errno.ts';
import { TASK_SIZE } from '../base/limits.ts';
import { PAGE_SIZE } from '../base/units.ts';
import { FLAT_LAYOUT, type FlatPlace } from './flat-layout.ts';
import { FlatPages } from './flat-pages.ts';
import { FAILED, type MallocMemory } from './memory.ts';
import { alignUp } from './word.ts';

export { FLAT_LAYOUT, type FlatPlace } from './flat-layout.ts';

/** Largest request that is granted unless said otherwise: the heuristic refuses what RAM and swap could never hold. */
const DEFAULT_LIMIT = 16 * 2 ** 30;

/**
 * Memory of one process with nothing behind it: no system call costs anything. The allocator's tests and scripts run on
 * it; in the lab the kernel takes its place.
 */
export class FlatMemory extends FlatPages implements MallocMemory {
  errno: Errno | null = null;
  private brk: number;

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
    super(place);
    this.brk = place.heap;
  }

  get breakAddress(): number {
    return this.brk;
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
}
