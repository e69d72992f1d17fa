import { PAGE_SIZE } from '../../base/units.ts';
import { FLAT_LAYOUT } from '../flat-memory.ts';
import { NULL, type HeapView } from '../heap.ts';
import { alignUp } from '../word.ts';
import type { BlockAllocator, DesignName, Stretch } from './design.ts';
import { DESIGNS } from './designs.ts';
import { share, StepCount, type DesignFigures } from './figures.ts';
import { MeteredMemory } from './metered-memory.ts';

/** A program's requests on one design, with its pointers by name. Calls may end in `AllocatorStop`; see `attempt`. */
export class DesignRun {
  readonly memory: MeteredMemory;
  readonly allocator: BlockAllocator;
  private readonly view: HeapView;
  private readonly steps = new StepCount();
  private readonly pointers = new Map<string, number>();
  /** Bytes asked for by block that the program has. */
  private readonly asked = new Map<number, number>();
  private refused = 0;

  /** @param capacity bytes that the system has for it */
  constructor(
    readonly design: DesignName,
    capacity?: number,
  ) {
    this.memory = new MeteredMemory(capacity);
    this.allocator = this.again();
    this.view = { mem: this.memory.peek, arena: FLAT_LAYOUT.arena };
  }

  /** The same allocator made anew on the memory as it is. */
  again(): BlockAllocator {
    return DESIGNS[this.design].make({ mem: this.memory, arena: FLAT_LAYOUT.arena, watcher: this.steps });
  }

  /** Address of a name's block, 0 when it never had one. */
  pointer(name: string): number {
    return this.pointers.get(name) ?? NULL;
  }

  malloc(name: string, bytes: number): number {
    return this.got(name, this.allocator.malloc(bytes), bytes);
  }

  calloc(name: string, n: number, size: number): number {
    return this.got(name, this.allocator.calloc(n, size), n * size);
  }

  /** @param to the name that gets the result */
  realloc(name: string, bytes: number, to = name): number {
    const old = this.pointer(name);
    const block = this.allocator.realloc(old, bytes);
    if (block !== NULL || bytes === 0) this.asked.delete(old);
    if (bytes === 0 && old !== NULL) {
      this.pointers.set(to, NULL);
      return NULL;
    }
    return this.got(to, block, bytes);
  }

  /** @param offset of the pointer from the block's start: a bug when it is not 0 */
  free(name: string, offset = 0): void {
    const block = this.pointer(name) + offset;
    this.allocator.free(block);
    this.asked.delete(block);
  }

  /** The heap in order of addresses. */
  stretches(): Stretch[] {
    return DESIGNS[this.design].walk(this.view);
  }

  /** Rules of the heap that do not hold. */
  check(): string[] {
    return DESIGNS[this.design].check(this.view);
  }

  figures(): DesignFigures {
    const sums = { used: 0, free: 0, own: 0, foreign: 0 };
    let largestFree = 0;
    const walked = new Set<number>();
    for (const { state, bytes, block } of this.stretches()) {
      sums[state] += bytes;
      if (state === 'free') largestFree = Math.max(largestFree, bytes);
      walked.add(block);
    }
    let asked = 0;
    let mapped = 0;
    for (const [block, bytes] of this.asked) {
      asked += bytes;
      if (!walked.has(block)) mapped += alignUp(this.allocator.usableSize(block), PAGE_SIZE);
    }
    const inUse = sums.used + mapped;
    const { held, peak, systemCalls } = this.memory;
    return {
      asked,
      inUse,
      free: sums.free,
      largestFree,
      own: held - inUse - sums.free,
      held,
      peak,
      internal: share(inUse - asked, inUse),
      external: share(sums.free - largestFree, sums.free),
      refused: this.refused,
      systemCalls,
      looks: this.steps.of('look'),
      splits: this.steps.of('split'),
      merges: this.steps.of('merge'),
    };
  }

  private got(name: string, block: number, bytes: number): number {
    this.pointers.set(name, block);
    if (block === NULL) this.refused++;
    else this.asked.set(block, bytes);
    return block;
  }
}
