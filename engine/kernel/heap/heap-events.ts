import { EVENT } from '../../base/event-kinds.ts';
import { emit } from '../../base/event-log.ts';
import {
  CHUNK_STATES,
  HEADER,
  MIN_LARGE,
  SIZE_WORD,
  type ChunkEvent,
  type ChunkState,
  type HeapStep,
  type HeapWatcher,
} from '../../malloc/index.ts';
import { glibcDesignStep, type DesignStep } from '../../malloc/designs/index.ts';
import type { KernelState } from '../state.ts';
import { noteLooks } from './allocators.ts';
import { pageOfAddress } from './heap-state.ts';
import { PeekMemory } from './peek-memory.ts';
import { addUnsorted, dropUnsorted, isUnsorted } from './unsorted.ts';

/** Steps of the allocator by their number in MALLOC_STEP events; only ever added to. */
export const MALLOC_STEPS = [
  'request', 'tcache.hit', 'fastbin.hit', 'smallbin.hit', 'unsorted.visit', 'bin.search', 'split', 'top.carve',
  'consolidate', 'system.brk', 'system.mmap', 'system.munmap', 'system.trim',
  'design.look', 'design.take', 'design.split', 'design.give', 'design.merge', 'design.grow',
] as const satisfies readonly (HeapStep | `design.${DesignStep}`)[]; // prettier-ignore

/** Steps whose operand is a chunk: which of the two, and the number that goes with it. */
const CHUNK_OPERAND: Partial<Record<HeapStep, 'a' | 'b'>> = {
  'tcache.hit': 'b',
  'fastbin.hit': 'b',
  'smallbin.hit': 'b',
  'unsorted.visit': 'a',
  'bin.search': 'b',
  split: 'a',
  'top.carve': 'a',
  'system.munmap': 'a',
};

/** Two states of chunk.machine in one operand. */
export const packStates = (from: ChunkState, to: ChunkState): number =>
  CHUNK_STATES.indexOf(from) * 16 + CHUNK_STATES.indexOf(to);
export const unpackStates = (packed: number): readonly [ChunkState, ChunkState] => [
  CHUNK_STATES[Math.floor(packed / 16)]!,
  CHUNK_STATES[packed % 16]!,
];

/** Tells the event log what the allocator of one process does on its way. */
export class HeapEvents implements HeapWatcher {
  constructor(
    private readonly k: KernelState,
    private readonly pid: number,
  ) {}

  chunkMoved(chunk: number, from: ChunkState, _event: ChunkEvent, to: ChunkState): void {
    const { k, pid } = this;
    emit(k.events, EVENT.CHUNK_MOVED, pageOfAddress(chunk), -1, packStates(from, to), chunk);
    if (to === 'unsorted') addUnsorted(k, pid, chunk);
    else if (from === 'unsorted') dropUnsorted(k, pid, chunk, chunk + Math.max(1, this.peekSize(chunk)));
  }

  stateOfFree(chunk: number): 'unsorted' | 'small' | 'large' | null {
    if (isUnsorted(this.k, this.pid, chunk)) return 'unsorted';
    return this.peekSize(chunk) < MIN_LARGE ? 'small' : 'large';
  }

  /** What the chunk's header says of its size, unsigned. */
  private peekSize(chunk: number): number {
    const head = new PeekMemory(this.k, this.pid).load64(chunk + SIZE_WORD);
    return head < 0 ? Infinity : head - (head % HEADER);
  }

  step(step: HeapStep, a: number, b: number): void {
    if (glibcDesignStep(step) === 'look') noteLooks(this.k, this.pid, 1);
    const operand = CHUNK_OPERAND[step];
    const page = operand === undefined ? -1 : pageOfAddress(operand === 'a' ? a : b);
    const rest = operand === 'b' || step === 'system.brk' || step === 'system.mmap' ? a : b;
    emit(this.k.events, EVENT.MALLOC_STEP, page, -1, MALLOC_STEPS.indexOf(step), rest);
  }
}
