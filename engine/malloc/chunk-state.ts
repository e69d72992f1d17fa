import { assert } from '../base/assert.ts';
import { NOT_ALLOWED } from '../base/compile-machine.ts';
import { CHUNK_STATES, chunkTable, type ChunkEvent, type ChunkState } from './chunk.machine.ts';
import { smallBinRange } from './bin-index.ts';
import type { Heap } from './heap.ts';

/**
 * A stretch of the heap changes its state. The allocator says in which state it found it; what the table compiled from
 * chunk.machine does not allow stops the lab, and a watcher hears of the rest.
 */
export function moveChunk(h: Heap, chunk: number, from: ChunkState, event: ChunkEvent): void {
  const next = chunkTable.next[chunkTable.stateIndex[from] * chunkTable.events.length + chunkTable.eventIndex[event]]!;
  if (next === NOT_ALLOWED) assert(false, `chunk.machine allows ${event} in ${from}`);
  h.watcher?.chunkMoved(chunk, from, event, CHUNK_STATES[next]!);
}

/** In which kind of bin a chunk of that size lies when `bin` is its list; 1 is the unsorted one. */
export function stateInBin(bin: number): ChunkState {
  return bin === 1 ? 'unsorted' : bin < 64 ? 'small' : 'large';
}

/** The state that sorting a chunk of that size leads to. */
export const sortedState = (size: number): 'sort.small' | 'sort.large' =>
  smallBinRange(size) ? 'sort.small' : 'sort.large';
