/** The allocator's face towards whoever runs it. */
export { ALLOCATOR_STATE_BYTES, makeAllocator, type Allocator } from './allocator.ts';
export { FLAT_LAYOUT, FlatMemory } from './flat-memory.ts';
export { FAILED, type MallocMemory, type WordReader } from './memory.ts';
export { attempt, type StopReason } from './stop.ts';
export { MALLOPT, type MalloptName } from './mallopt.ts';
export type { Mallinfo } from './stats.ts';
export type { HeapStep, HeapWatcher } from './heap.ts';
