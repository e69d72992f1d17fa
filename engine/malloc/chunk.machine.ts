import { setup } from 'xstate';
import { compileMachine } from '../base/compile-machine.ts';

/**
 * The life of a stretch of the heap. Every stretch is in one chunk, and has its state:
 *
 *   trimmed   the system has it: not yet asked for, or given back
 *   top       in the chunk below the break, from which fresh chunks are cut
 *   inUse     the program's
 *   tcache    freed, in the thread's cache; neighbours take it for used
 *   fast      freed, in a fastbin; neighbours take it for used
 *   unsorted  freed and joined with free neighbours, not yet looked at again
 *   small     in the bin of exactly its size, below 1,024 bytes
 *   large     in a bin of a range of sizes, sorted
 *   mapped    the program's, in a mapping of its own
 *
 * A split gives the rest an event of its own, a join gives every part one. Source: glibc 2.36 malloc/malloc.c, by the
 * functions named.
 */
export const chunkMachine = setup({
  types: { events: {} as { type: ChunkEvent } },
}).createMachine({
  id: 'chunk',
  initial: 'trimmed',
  states: {
    trimmed: {
      on: {
        // sysmalloc: the break moved up
        'break.grow': 'top',
        // sysmalloc_mmap
        'map.create': 'mapped',
      },
    },
    top: {
      on: {
        // systrim
        'break.shrink': 'trimmed',
        // _int_malloc use_top, _int_realloc into top
        'top.carve': 'inUse',
        // sysmalloc: someone else moved the break; the old top is freed like a block, but for two fences
        'top.abandon': 'inUse',
      },
    },
    inUse: {
      on: {
        // tcache_put from _int_free
        'free.tcache': 'tcache',
        // _int_free, below the fastbins' limit
        'free.fast': 'fast',
        // _int_free, anything else
        'free.unsorted': 'unsorted',
        'free.top': 'top',
      },
    },
    tcache: {
      on: {
        // tcache_get
        'tcache.take': 'inUse',
      },
    },
    fast: {
      on: {
        // _int_malloc
        'fast.take': 'inUse',
        // _int_malloc moves the rest of the list over while it is there
        'tcache.fill': 'tcache',
        // malloc_consolidate
        'join.unsorted': 'unsorted',
        'join.top': 'top',
      },
    },
    unsorted: {
      on: {
        // _int_malloc: the exact size, or the last remainder cut
        'bin.take': 'inUse',
        'tcache.fill': 'tcache',
        // _int_malloc puts what does not fit where it belongs
        'sort.small': 'small',
        'sort.large': 'large',
        'split.rest': 'unsorted',
        // unlink_chunk for a neighbour that is freed, or grows in _int_realloc
        'join.unsorted': 'unsorted',
        'join.top': 'top',
        'join.inUse': 'inUse',
      },
    },
    small: {
      on: {
        'bin.take': 'inUse',
        'tcache.fill': 'tcache',
        'split.rest': 'unsorted',
        'join.unsorted': 'unsorted',
        'join.top': 'top',
        'join.inUse': 'inUse',
      },
    },
    large: {
      on: {
        'bin.take': 'inUse',
        'split.rest': 'unsorted',
        'join.unsorted': 'unsorted',
        'join.top': 'top',
        'join.inUse': 'inUse',
      },
    },
    mapped: {
      on: {
        // mremap_chunk
        'map.resize': 'mapped',
        // munmap_chunk
        'map.remove': 'trimmed',
      },
    },
  },
});

export const CHUNK_STATES = [
  'trimmed',
  'top',
  'inUse',
  'tcache',
  'fast',
  'unsorted',
  'small',
  'large',
  'mapped',
] as const;
export type ChunkState = (typeof CHUNK_STATES)[number];

export const CHUNK_EVENTS = [
  'break.grow',
  'break.shrink',
  'map.create',
  'map.resize',
  'map.remove',
  'top.carve',
  'top.abandon',
  'free.tcache',
  'free.fast',
  'free.unsorted',
  'free.top',
  'tcache.take',
  'tcache.fill',
  'fast.take',
  'bin.take',
  'sort.small',
  'sort.large',
  'split.rest',
  'join.unsorted',
  'join.top',
  'join.inUse',
] as const;
export type ChunkEvent = (typeof CHUNK_EVENTS)[number];

/** The table the allocator asks. */
export const chunkTable = compileMachine(chunkMachine, CHUNK_STATES, CHUNK_EVENTS);
