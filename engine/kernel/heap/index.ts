/** What others may know of heaps: names, words of events, and looks that touch nothing. */
export { MALLOC_STEPS, packStates, unpackStates } from './heap-events.ts';
export { DAMAGE, type DamageKind } from './stores.ts';
export { pointerOf, pointersOf, type Pointer } from './pointers.ts';
export { byteStates, BYTE_STATES, type ByteState } from './byte-state.ts';
export { linkOf } from './link.ts';
export { Footprints } from './footprint.ts';
export { reachOfBlocks, type BlockReach, type Reach } from './leaks.ts';
export { heapReport, isOwn, type HeapChunk, type HeapReport } from './report.ts';
export {
  breakBytes,
  chunksInPage,
  heapListsOf,
  mappedBlocksInPage,
  pointerChain,
  type HeapList,
  type PointerChain,
} from './ways.ts';
export { hasHeap } from './heap-state.ts';
export { blocksOf, type BlockRecord } from './blocks.ts';
export { isAllocatorRegion } from '../malloc-memory.ts';
