import { NULL } from '../heap.ts';
import { arrayBytes } from '../malloc.ts';
import { AllocatorStop } from '../stop.ts';
import { unsigned } from '../word.ts';
import { MAX_REQUEST, type BlockAllocator, type DesignHeap } from './design.ts';

/** What a design does itself; the other calls are made of it. Blocks are not NULL, sizes are in [0, MAX_REQUEST). */
export interface DesignCalls {
  /** @returns NULL when the system gives nothing */
  allocate(bytes: number): number;
  release(block: number): void;
  /** Makes a block larger or smaller where it lies. @returns whether it could */
  resize(block: number, bytes: number): boolean;
  usableSize(block: number): number;
}

/** malloc, calloc and realloc as the C standard has them, over what a design does. */
export function blockAllocator(h: DesignHeap, design: DesignCalls): BlockAllocator {
  const noMemory = (): number => {
    h.mem.setErrno('ENOMEM');
    return NULL;
  };
  const malloc = (bytes: number): number => {
    const size = unsigned(bytes);
    const block = size < MAX_REQUEST ? design.allocate(size) : NULL;
    return block === NULL ? noMemory() : block;
  };
  const free = (block: number): void => {
    if (block !== NULL) design.release(block);
  };
  return {
    malloc,
    free,
    calloc(n, size) {
      const bytes = arrayBytes(n, size);
      if (bytes === null) return noMemory();
      const block = malloc(bytes);
      if (block !== NULL) h.mem.fill(block, bytes, 0);
      return block;
    },
    realloc(block, bytes) {
      const size = unsigned(bytes);
      if (block === NULL) return malloc(bytes);
      if (size === 0) {
        free(block);
        return NULL;
      }
      if (size < MAX_REQUEST && design.resize(block, size)) return block;
      const moved = malloc(bytes);
      if (moved === NULL) return NULL;
      h.mem.copy(moved, block, Math.min(size, design.usableSize(block)));
      free(block);
      return moved;
    },
    usableSize: (block) => (block === NULL ? 0 : design.usableSize(block)),
  };
}

/** The program gave an address that is no block in use: each design tells, where its bookkeeping allows it. */
export function badPointer(what: string): never {
  throw new AllocatorStop({ kind: 'abort', message: `${what}: no block in use starts there\n` });
}
