import { binAt } from './bins.ts';
import type { ChunkState } from './chunk.machine.ts';
import { bkOf, blockOf, chunkOf, flagsOf, MIN_CHUNK, sizeOf } from './chunk.ts';
import { stateInBin } from './chunk-state.ts';
import { fastbinAt } from './fastbins.ts';
import { arenaInt, arenaWord, NULL, systemMem, topOf, type HeapView } from './heap.ts';
import { MP, NBINS, NFASTBINS, TCACHE } from './layout.ts';
import { loadLink } from './safe-link.ts';

/** One chunk as it lies in memory. */
export interface ChunkView {
  readonly address: number;
  readonly size: number;
  /** FLAG.* */
  readonly flags: number;
  readonly state: ChunkState;
  /** Number of the list of its kind that it is in, −1 for none. */
  readonly list: number;
}

/** A free list in its order, first the one that is taken first. */
export interface ListView {
  readonly kind: 'tcache' | 'fastbin' | 'bin';
  readonly index: number;
  readonly chunks: readonly number[];
  /** It goes round, or leaves the heap. */
  readonly broken: boolean;
}

/** All lists that are not empty, by looking alone. */
export function freeLists(h: HeapView): ListView[] {
  if (arenaInt(h, MP.initialized) === 0) return [];
  const lists: ListView[] = [];
  const limit = systemMem(h) / MIN_CHUNK + 1;
  const follow = (kind: ListView['kind'], index: number, first: number, end: number, next: (c: number) => number) => {
    const chunks: number[] = [];
    let at = first;
    for (; at !== end && at > 0 && chunks.length <= limit; at = next(at)) chunks.push(at);
    if (chunks.length > 0) lists.push({ kind, index, chunks, broken: at !== end });
  };
  const tcache = arenaWord(h, MP.tcache);
  const cached = tcache === NULL ? 0 : TCACHE.bins;
  for (let bin = 0; bin < cached; bin++) {
    const block = h.mem.load64(tcache + TCACHE.entries + bin * 8);
    const before = (c: number): number => {
      const next = loadLink(h, blockOf(c));
      return next === NULL ? NULL : chunkOf(next);
    };
    follow('tcache', bin, block === NULL ? NULL : chunkOf(block), NULL, before);
  }
  for (let bin = 0; bin < NFASTBINS; bin++) {
    follow('fastbin', bin, h.mem.load64(fastbinAt(h, bin)), NULL, (c) => loadLink(h, blockOf(c)));
  }
  for (let bin = 1; bin < NBINS; bin++) {
    const head = binAt(h, bin);
    follow('bin', bin, bkOf(h, head), head, (c) => bkOf(h, c));
  }
  return lists;
}

const stateInList = ({ kind, index }: ListView): ChunkState =>
  kind === 'tcache' ? 'tcache' : kind === 'fastbin' ? 'fast' : stateInBin(index);

/**
 * The heap's chunks from its start to the top, by their sizes; it ends early where a size makes no sense. Mapped chunks
 * are not among them: nothing in the arena leads to those.
 */
export function walkHeap(h: HeapView): ChunkView[] {
  const chunks: ChunkView[] = [];
  const top = topOf(h);
  const inList = new Map<number, ListView>();
  for (const list of freeLists(h)) for (const chunk of list.chunks) inList.set(chunk, list);
  const start = arenaWord(h, MP.sbrkBase);
  if (start === 0) return chunks;
  for (let at = start; at <= top;) {
    const size = sizeOf(h, at);
    const list = inList.get(at);
    const state: ChunkState = at === top ? 'top' : list === undefined ? 'inUse' : stateInList(list);
    chunks.push({ address: at, size, flags: flagsOf(h, at), state, list: list?.index ?? -1 });
    if (size < MIN_CHUNK) break;
    at += size;
  }
  return chunks;
}
