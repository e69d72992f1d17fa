import { assert } from '../base/assert.ts';
import { NOT_ALLOWED } from '../base/compile-machine.ts';
import { CHUNK_STATES, chunkTable, type ChunkEvent, type ChunkState } from './chunk.machine.ts';
import type { Heap } from './heap.ts';

/** A way from one state of a chunk to the next, as the table compiled from chunk.machine has it. */
export interface ChunkEdge {
  readonly from: ChunkState;
  readonly event: ChunkEvent;
  readonly to: ChunkState;
  /** Of the table. */
  readonly cell: number;
}

/** The table's edges by state and event, made when they are first asked for. */
const EDGES: (ChunkEdge | undefined)[] = [];

/** The edge for an event in a state. What the statechart does not allow stops the lab. */
export function edgeOf(from: ChunkState, event: ChunkEvent): ChunkEdge {
  const cell = chunkTable.stateIndex[from] * chunkTable.events.length + chunkTable.eventIndex[event];
  const known = EDGES[cell];
  if (known !== undefined) return known;
  const next = chunkTable.next[cell]!;
  assert(next !== NOT_ALLOWED, `chunk.machine allows ${event} in ${from}`);
  const made = { from, event, to: CHUNK_STATES[next]!, cell };
  EDGES[cell] = made;
  return made;
}

/**
 * A stretch of the heap changes its state, along an edge of the table. Callers that always take the same one look it up
 * once: the state is the allocator's knowledge, and only a watcher hears of it.
 */
export function moveChunk(h: Heap, chunk: number, edge: ChunkEdge): void {
  if (h.watcher === null) return;
  chunkTable.taken[edge.cell]!++;
  h.watcher.chunkMoved(chunk, edge.from, edge.event, edge.to);
}

/** In which kind of bin a chunk of that size lies when `bin` is its list; 1 is the unsorted one. */
export function stateInBin(bin: number): ChunkState {
  return bin === 1 ? 'unsorted' : bin < 64 ? 'small' : 'large';
}
