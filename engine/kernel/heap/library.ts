import type { Pid } from '../../base/units.ts';
import { DESIGNS, type BlockAllocator, type DesignName } from '../../malloc/designs/index.ts';
import { makeAllocator, type Allocator } from '../../malloc/index.ts';
import type { TaskMallocMemory } from '../malloc-memory.ts';
import type { KernelState } from '../state.ts';
import { designOf } from './chosen-design.ts';
import { DesignEvents } from './design-events.ts';
import { environmentOf } from './environment.ts';
import { HeapEvents } from './heap-events.ts';

/** What a program calls for its blocks: the C library, or an allocator of another design, which does less. */
export interface Library {
  readonly blocks: BlockAllocator;
  /** All of malloc.h; null for another design. */
  readonly glibc: Allocator | null;
  /** The call is over: what is still to be said of it is said. */
  readonly done: () => void;
}

/** @param arena address of the allocator's own state in the process */
export function libraryOf(k: KernelState, pid: Pid, memory: TaskMallocMemory, arena: number): Library {
  const design = designOf(k, pid);
  const neverJoins = k.rules.blocksNeverJoin;
  if (design !== 'glibc') {
    const watcher = new DesignEvents(k, pid);
    const blocks = DESIGNS[placedAs(k, design)].make({ mem: memory, arena, watcher, neverJoins });
    return { blocks, glibc: null, done: () => watcher.searched() };
  }
  const off = { neverJoins, neverChecks: k.rules.heapIsNeverChecked };
  const glibc = makeAllocator(memory, arena, environmentOf(k), new HeapEvents(k, pid), off);
  return { blocks: glibc, glibc, done: () => undefined };
}

const placedAs = (k: KernelState, design: DesignName): DesignName =>
  k.rules.everyFitIsFirst && ['best', 'worst', 'next'].includes(design) ? 'first' : design;
