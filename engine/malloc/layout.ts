/**
 * The allocator's own state as bytes of the process: glibc 2.36 malloc/malloc.c struct malloc_state (offsets as on
 * x86-64), followed by struct malloc_par and the loose variables, in an order of the lab's own. It forks, is copied on
 * write and travels through snapshots with the process, and the list heads that a learner meets in a freed chunk are
 * addresses in here.
 */

/** Offsets in main_arena. */
export const ARENA = {
  flags: 4, // int; NONCONTIGUOUS
  haveFastchunks: 8, // int
  fastbins: 16, // 10 heads
  top: 96,
  lastRemainder: 104,
  bins: 112, // fd and bk of 127 list heads
  binmap: 2144, // 4 × 32 bits
  systemMem: 2184,
  maxSystemMem: 2192,
} as const;

const PAR = 2208;

/** Offsets of malloc_par and the variables beside it, from main_arena too. */
export const MP = {
  trimThreshold: PAR,
  topPad: PAR + 8,
  mmapThreshold: PAR + 16,
  arenaTest: PAR + 24,
  arenaMax: PAR + 32,
  nMmaps: PAR + 60, // int
  nMmapsMax: PAR + 64, // int
  maxNMmaps: PAR + 68, // int
  noDynThreshold: PAR + 72, // int
  mmappedMem: PAR + 80,
  maxMmappedMem: PAR + 88,
  sbrkBase: PAR + 96,
  tcacheBins: PAR + 104,
  tcacheMaxBytes: PAR + 112,
  tcacheCount: PAR + 120,
  tcacheUnsortedLimit: PAR + 128,
  globalMaxFast: PAR + 136,
  perturbByte: PAR + 144, // int
  initialized: PAR + 148, // int
  tcacheKey: PAR + 152, // two halves
  tcache: PAR + 160, // thread-local in glibc; the lab's processes have one thread
} as const;

/** Bytes of it all. */
export const LIBC_BYTES = PAR + 168;

/** glibc: NONCONTIGUOUS_BIT of the arena's flags. */
export const NONCONTIGUOUS = 2;

/** Offsets in tcache_perthread_struct, which is a block of the heap. */
export const TCACHE = { counts: 0, entries: 128, bytes: 640, bins: 64 } as const;
/** Chunks a tcache bin takes unless tuned. glibc: TCACHE_FILL_COUNT. */
export const TCACHE_FILL_COUNT = 7;

/** Largest block of the tcache. glibc: MAX_TCACHE_SIZE. */
export const MAX_TCACHE_BYTES = (TCACHE.bins - 1) * 16 + 24;

export const NBINS = 128;
export const NFASTBINS = 10;
/** Largest chunk in the fastbins may be set to this. glibc: MAX_FAST_SIZE. */
export const MAX_FAST_SIZE = 160;
/** glibc: DEFAULT_MXFAST. */
export const DEFAULT_MXFAST = 128;
/** A freed chunk of that size joins the fastbins together. glibc: FASTBIN_CONSOLIDATION_THRESHOLD. */
export const CONSOLIDATION_THRESHOLD = 65536;
/** glibc: DEFAULT_TOP_PAD, DEFAULT_TRIM_THRESHOLD and DEFAULT_MMAP_THRESHOLD as built for Linux. */
export const DEFAULT_THRESHOLD = 128 * 1024;
/** The dynamic mmap threshold stops here. glibc: DEFAULT_MMAP_THRESHOLD_MAX. */
export const MMAP_THRESHOLD_MAX = 32 * 1024 * 1024;
/** glibc: DEFAULT_MMAP_MAX. */
export const DEFAULT_MMAP_MAX = 65536;
/** Least that is mapped when the break cannot grow. glibc: MMAP_AS_MORECORE_SIZE. */
export const MMAP_AS_MORECORE = 1024 * 1024;
