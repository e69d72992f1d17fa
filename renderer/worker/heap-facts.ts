import { chunksInPage, mappedBlocksInPage, type HeapChunk } from '../../engine/kernel/heap/index.ts';
import type { KernelState } from '../../engine/kernel/index.ts';

/** Chunks of one page that the inspector names; a page of small blocks has more than a hundred. */
const SHOWN_CHUNKS = 6;

const WORDS: Readonly<Record<HeapChunk['state'], string>> = {
  trimmed: 'given back',
  top: 'the top, not given out yet',
  inUse: 'in use',
  tcache: 'free, in the thread’s cache',
  fast: 'free, in a fastbin',
  unsorted: 'free, not sorted yet',
  small: 'free, in a small bin',
  large: 'free, in a large bin',
  mapped: 'a mapping of its own',
  free: 'free',
};

/** What of a process's heap lies in a page: its chunks with their state, their size and the names that point there. */
export function heapFacts(k: KernelState, pid: number, page: number): { name: string; value: string }[] {
  const chunks = chunksInPage(k, pid, page);
  const rest = chunks.length - SHOWN_CHUNKS;
  return [
    ...chunks.slice(0, SHOWN_CHUNKS).map((chunk) => ({ name: 'chunk', value: chunkWords(chunk) })),
    ...(rest > 0 ? [{ name: 'chunks', value: `${rest} more` }] : []),
    ...mappedBlocksInPage(k, pid, page).map((block) => ({
      name: 'block',
      value: `${block.asked} bytes asked for, in a mapping of its own`,
    })),
  ];
}

/** A chunk in a few words. */
export function chunkWords({ size, state, block, names }: HeapChunk): string {
  const pointed = names.length === 0 ? '' : `${names.join(', ')}: `;
  const owner = block !== null ? `, ${block.asked} asked for` : state === 'inUse' ? ' by the allocator itself' : '';
  return `${pointed}${size} bytes, ${WORDS[state]}${owner}`;
}
