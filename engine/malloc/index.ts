/** The allocator's face towards whoever runs it. */
export { ALLOCATOR_STATE_BYTES, makeAllocator, type Allocator } from './allocator.ts';
export { FLAT_LAYOUT, FlatMemory, type FlatPlace } from './flat-memory.ts';
export { FAILED, type MallocMemory, type WordReader } from './memory.ts';
export { attempt, type StopReason } from './stop.ts';
export { MALLOPT } from './mallopt.ts';
export type { Mallinfo } from './stats.ts';
export type { HeapStep, HeapView, HeapWatcher } from './heap.ts';
export { CHUNK_STATES, type ChunkEvent, type ChunkState } from './chunk.machine.ts';
export { arenaInUse, heapBase, heapUnderway, perturbByteOf } from './look.ts';
export { loadLink as linkStored } from './safe-link.ts';
export { chunksBetween, waitsIn, type LooseChunk } from './window.ts';
export { MIN_LARGE } from './bin-index.ts';
export { checkHeap } from './check-heap.ts';
export { blockOf, chunkOf, FLAG, HEADER, SIZE_WORD } from './chunk.ts';
export { freeLists, walkHeap, type ChunkView, type ListView } from './walk.ts';
export { ABORT_TEXTS, abortTextIndex } from './abort-texts.ts';
