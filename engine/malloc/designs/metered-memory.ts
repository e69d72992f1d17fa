import { PAGE_SIZE } from '../../base/units.ts';
import { FlatMemory } from '../flat-memory.ts';
import { FAILED } from '../memory.ts';
import { alignUp } from '../word.ts';

/** Flat memory of which so much is to be had, and that counts what was asked of it. */
export class MeteredMemory extends FlatMemory {
  /** sbrk, mmap, munmap, mremap and madvise that were carried out or refused. */
  systemCalls = 0;
  /** Bytes from the break and in mappings. */
  held = 0;
  peak = 0;

  /** @param capacity bytes that the process may hold at a time */
  constructor(
    private readonly capacity = Infinity,
    seed = 1,
  ) {
    super(seed);
  }

  override sbrk(delta: number): number {
    if (delta === 0) return super.sbrk(0);
    return this.take(delta, () => super.sbrk(delta));
  }

  override mmap(length: number): number {
    return this.take(alignUp(length, PAGE_SIZE), () => super.mmap(length));
  }

  override munmap(address: number, length: number): void {
    this.take(-alignUp(length, PAGE_SIZE), () => super.munmap(address, length));
  }

  override mremap(address: number, oldLength: number, newLength: number): number {
    return this.take(newLength - oldLength, () => super.mremap(address, oldLength, newLength));
  }

  override dontneed(address: number, length: number): void {
    this.take(0, () => super.dontneed(address, length));
  }

  private take<T>(bytes: number, call: () => T): T | typeof FAILED {
    this.systemCalls++;
    if (this.held + bytes > this.capacity) return FAILED;
    const result = call();
    if (result !== FAILED) this.held += bytes;
    this.peak = Math.max(this.peak, this.held);
    return result;
  }
}
