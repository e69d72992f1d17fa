/** What others may know of heaps: names, words of events, and looks that touch nothing. */
export { MALLOC_STEPS, packStates, unpackStates } from './heap-events.ts';
export { DAMAGE, type DamageKind } from './stores.ts';
export { pointerOf, pointersOf, type Pointer } from './pointers.ts';
export { isAllocatorRegion } from '../malloc-memory.ts';
