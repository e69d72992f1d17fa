import type { Allocator } from '../../../malloc/index.ts';
import type { Checker } from './checker.ts';
import { found } from './findings.ts';
import { SHADOW } from './tables.ts';

/** An allocator that says what it gives out and takes back. */
export function checkedAllocator(checker: Checker, inner: Allocator): Allocator {
  const calls = new HeapCalls(checker);
  return {
    ...inner,
    malloc: (bytes) => calls.gives(bytes, false, () => inner.malloc(bytes)),
    calloc: (n, size) => calls.gives(n * size, true, () => inner.calloc(n, size)),
    realloc: (block, bytes) => calls.resizes(block, bytes, () => inner.realloc(block, bytes)),
    reallocarray: (block, n, size) => calls.resizes(block, n * size, () => inner.reallocarray(block, n, size)),
    memalign: (alignment, bytes) => calls.gives(bytes, false, () => inner.memalign(alignment, bytes)),
    valloc: (bytes) => calls.gives(bytes, false, () => inner.valloc(bytes)),
    posixMemalign: (alignment, bytes) => {
      const result = inner.posixMemalign(alignment, bytes);
      calls.gives(bytes, false, () => (result.error === null ? result.block : 0));
      return result;
    },
    free: (block) => calls.takes(block, () => inner.free(block)),
    usableSize: (block) => calls.asks(block, inner.usableSize(block)),
  };
}

class HeapCalls {
  constructor(private readonly checker: Checker) {}

  /** Runs a call of the allocator: what it gets from the break is its own. */
  private run<T>(call: () => T): T {
    const { k, process } = this.checker;
    const mm = k.tasks.mm[process.task]!;
    const before = k.mms.brk[mm]!;
    const result = call();
    const after = k.mms.brk[mm]!;
    if (after > before) {
      process.blocks.grew(before, after);
      process.pages.forgetStrangers();
      process.pages.set(before, after - before, SHADOW.OUTSIDE);
    } else if (after < before) process.blocks.grew(before, after);
    return result;
  }

  gives(bytes: number, zeroed: boolean, call: () => number): number {
    const block = this.run(call);
    if (block > 0) this.give(block, bytes, zeroed ? 0 : SHADOW.UNDEFINED, zeroed);
    return block;
  }

  private give(block: number, bytes: number, state: number, zeroed: boolean): void {
    const { process } = this.checker;
    const usable = this.usable(block);
    process.blocks.allocated(block, bytes, usable, this.checker.line(), zeroed);
    process.pages.forgetStrangers();
    process.pages.begin(block, bytes, state);
    process.pages.begin(block + bytes, usable - bytes, SHADOW.OUTSIDE);
  }

  /** Bytes of a block, without touching it. Source: glibc 2.36 malloc.c memsize, IS_MMAPPED. */
  private usable(block: number): number {
    const word = this.checker.peek().load64(block - 8);
    return Math.floor(word / 8) * 8 - (word % 4 >= 2 ? 16 : 8);
  }

  takes(block: number, call: () => void): void {
    const row = block === 0 ? -1 : this.checkFreed(block);
    this.run(call);
    if (row >= 0) this.take(row);
  }

  /** @returns the row of the live block, −1 when there is none */
  private checkFreed(block: number): number {
    const { blocks } = this.checker.process;
    const { table } = blocks;
    const row = blocks.at(block);
    if (blocks.isLive(row)) return row;
    if (row >= 0) {
      const rest = { cause: 'freed' as const, causeLine: table.freed[row]!, more: table.size[row]! };
      this.checker.report(found('double-free', block, table.size[row]!, rest));
      return -1;
    }
    const inside = blocks.near(block, 0);
    const at = inside < 0 ? {} : { causeLine: table.allocated[inside]!, more: block - table.address[inside]! };
    this.checker.report(found('invalid-free', block, 0, { cause: inside < 0 ? 'no-block' : 'allocated', ...at }));
    return -1;
  }

  private take(row: number): void {
    const { blocks, pages } = this.checker.process;
    const { table } = blocks;
    blocks.freed(row, this.checker.line());
    pages.set(table.address[row]!, table.size[row]!, SHADOW.FREED);
  }

  resizes(block: number, bytes: number, call: () => number): number {
    const { blocks, pages } = this.checker.process;
    const { table } = blocks;
    if (block === 0) return this.gives(bytes, false, call);
    const row = this.checkFreed(block);
    const { taint } = this.checker;
    const marks = row >= 0 && taint.isOn ? taint.marksOf(block, Math.min(table.size[row]!, bytes)) : null;
    const result = this.run(call);
    if (row < 0 || (result === 0 && bytes !== 0)) return result;
    const size = table.size[row]!;
    const kept = Math.min(size, bytes);
    if (result === block) {
      const usable = this.usable(block);
      blocks.allocated(block, bytes, usable, this.checker.line(), false);
      pages.forgetStrangers();
      if (bytes > size) pages.begin(block + size, bytes - size, SHADOW.UNDEFINED);
      pages.begin(block + bytes, usable - bytes, SHADOW.OUTSIDE);
      return result;
    }
    if (result !== 0) {
      this.give(result, bytes, SHADOW.UNDEFINED, false);
      pages.copy(result, block, kept, true);
      if (marks !== null) taint.moved(result, marks);
    }
    this.take(row);
    return result;
  }

  /** Who asks how much room there is may use it. Source: malloc_usable_size(3). */
  asks(block: number, usable: number): number {
    const { blocks, pages } = this.checker.process;
    const row = blocks.at(block);
    const size = blocks.isLive(row) ? blocks.table.size[row]! : usable;
    if (usable > size) {
      blocks.table.size[row] = usable;
      pages.begin(block + size, usable - size, SHADOW.UNDEFINED);
    }
    return usable;
  }
}
