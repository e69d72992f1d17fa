import { assert } from '../base/assert.ts';
import { makeAllocator, type Allocator } from './allocator.ts';
import { checkHeap } from './check-heap.ts';
import type { ChunkEvent, ChunkState } from './chunk.machine.ts';
import { FLAT_LAYOUT, FlatMemory } from './flat-memory.ts';
import type { HeapStep, HeapWatcher } from './heap.ts';
import { walkHeap, type ChunkView } from './walk.ts';

/** Every move of a chunk, and the bin each free chunk lies in. */
export class Recorder implements HeapWatcher {
  readonly edges = new Set<string>();
  steps: HeapStep[] = [];
  private readonly states = new Map<number, ChunkState>();

  chunkMoved(chunk: number, from: ChunkState, event: ChunkEvent, to: ChunkState): void {
    this.edges.add(`${from} ${event} ${to}`);
    this.states.set(chunk, to);
  }

  stateOfFree(chunk: number): 'unsorted' | 'small' | 'large' | null {
    const state = this.states.get(chunk);
    return state === 'unsorted' || state === 'small' || state === 'large' ? state : null;
  }

  step(step: HeapStep): void {
    this.steps.push(step);
  }
}

/** An allocator in flat memory whose heap is checked after every call. */
export interface TestHeap extends Allocator {
  readonly memory: FlatMemory;
  readonly recorder: Recorder;
  chunks(): ChunkView[];
  /** The chunk a block lies in. */
  chunk(block: number): ChunkView;
  /** Nothing is checked any more: the heap is about to be damaged. */
  trust(): void;
}

/** @param environment variables, e.g. `{ GLIBC_TUNABLES: 'glibc.malloc.tcache_count=0' }` */
export function testHeap(environment: Readonly<Record<string, string>> = {}, limit?: number): TestHeap {
  const memory = new FlatMemory(1, limit);
  const recorder = new Recorder();
  const allocator = makeAllocator(memory, FLAT_LAYOUT.arena, new Map(Object.entries(environment)), recorder);
  const view = { mem: memory.peek, arena: allocator.heap.arena };
  let checks = true;
  const checked = <T>(result: T): T => {
    const [broken] = checks ? checkHeap(view) : [];
    assert(broken === undefined, `the heap is in order: ${broken}`);
    return result;
  };
  return {
    ...allocator,
    malloc: (bytes) => checked(allocator.malloc(bytes)),
    free: (block) => checked(allocator.free(block)),
    calloc: (n, size) => checked(allocator.calloc(n, size)),
    realloc: (block, bytes) => checked(allocator.realloc(block, bytes)),
    memalign: (alignment, bytes) => checked(allocator.memalign(alignment, bytes)),
    trim: (pad) => checked(allocator.trim(pad)),
    mallopt: (parameter, value) => checked(allocator.mallopt(parameter, value)),
    memory,
    recorder,
    chunks: () => walkHeap(view),
    chunk(block) {
      const found = walkHeap(view).find((c) => c.address === block - 16);
      assert(found !== undefined, 'a chunk starts there');
      return found;
    },
    trust() {
      checks = false;
    },
  };
}
