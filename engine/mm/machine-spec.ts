import type { Table } from '../base/table.ts';

/** Numbers that belong to the machine as a whole. */
export const MACHINE_SPEC = {
  totalFrames: 'f64',
  freeFrames: 'f64',
  reserved: 'f64',
  zeroFrame: 'f64',
  swapPages: 'f64',
  committed: 'f64', // vm_committed_as
  strayCharge: 'f64', // of it, pages that nothing accounts for; see mremap.ts
  overcommit: 'f64', // 0, 1, 2
  overcommitRatio: 'f64', // percent
  nextAnonVma: 'f64',
  nextSerial: 'f64',
  nextVmaList: 'f64',
  nextEvent: 'f64',
  timeNs: 'f64',
  copies: 'f64',
  seed: 'f64',
  steps: 'f64', // commands carried out
  currentTask: 'f64',
  tasksMade: 'f64', // since boot
  overcommitKbytes: 'f64', // instead of the ratio where it is not 0
  adminReserveKbytes: 'f64',
  userReserveKbytes: 'f64',
  swappiness: 'f64', // 0 … 200
  minFreeKbytes: 'f64',
  mmapMinAddr: 'f64', // bytes
  randomizeVaSpace: 'f64', // 0, 1, 2
  execs: 'f64', // programs started since boot, so that each gets its own chance
  pageCluster: 'f64', // log2 of the pages that one swap read brings
  thp: 'f64', // index in THP_MODES
  hugeMappings: 'f64', // entries of level 2 that map 512 pages, of all tasks
  hugeZeroFrame: 'f64', // first of its 512 frames, −1 before it is needed
  tlbWays: 'f64',
  tlbSets: 'f64', // a power of two
  tlbPolicy: 'f64', // index in TLB_POLICIES
  tlbHuge: 'f64', // 1 once it held a huge page: until then nobody looks for one
  tlbClock: 'f64', // last stamp given to a translation
  tlbRandom: 'f64', // state of the random policy, never 0
  tlbHits: 'f64',
  tlbMisses: 'f64',
  tlbFlushes: 'f64',
  tlbShootdowns: 'f64',
  swapUsed: 'f64', // slots that are not free
  swapCached: 'f64', // frames in the swap cache
  writesFirst: 'f64', // queue of slots whose write goes on, oldest first; −1 none
  writesLast: 'f64',
  pswpin: 'f64', // pages read from swap since boot, as in /proc/vmstat
  pswpout: 'f64',
  pgmajfault: 'f64',
  swapRa: 'f64', // swap_ra: pages read ahead from swap; swap_ra_hit: of these, that somebody needed
  swapRaHit: 'f64',
  swapRaHits: 'f64', // those hits since the last window; see swap-readahead.ts
  swapRaOffset: 'f64', // slot of the last window without any
  swapRaWindow: 'f64', // pages of the last window
  pglazyfree: 'f64', // pages that MADV_FREE marked
  pglazyfreed: 'f64', // of these, pages that reclaim threw away
  oomState: 'f64', // index in OOM_STATES
  oomKills: 'f64', // since boot
  pgalloc: 'f64', // frames handed out, since boot
  pgfree: 'f64',
  pgfault: 'f64', // faults that an area took up: served, and those that failed
  pgreuse: 'f64', // frames that a write kept without a copy
  pressure: 'f64', // index in PRESSURE_STATES
  kswapdDue: 'f64', // the event that woke kswapd, 0 while it sleeps
  kswapdFailures: 'f64', // vain runs in a row
  nonresidentAge: 'f64', // pages that left or became active since boot: the clock of workingset.ts
  anonCost: 'f64', // what reclaiming of each kind cost of late
  fileCost: 'f64',
  pageoutrun: 'f64', // runs of kswapd; from here on as in /proc/vmstat
  allocstallNormal: 'f64', // for the kernel's own frames
  allocstallMovable: 'f64', // for pages of programs and files
  pgscanKswapd: 'f64',
  pgscanDirect: 'f64',
  pgscanAnon: 'f64',
  pgscanFile: 'f64',
  pgstealKswapd: 'f64',
  pgstealDirect: 'f64',
  pgstealAnon: 'f64',
  pgstealFile: 'f64',
  pgactivate: 'f64',
  pgdeactivate: 'f64',
  pgrefill: 'f64',
  refaultAnon: 'f64', // workingset_refault_anon, _activate_anon, _restore_anon
  refaultActivateAnon: 'f64',
  refaultRestoreAnon: 'f64',
  refaultFile: 'f64', // the same of files
  refaultActivateFile: 'f64',
  refaultRestoreFile: 'f64',
  dirtiedPages: 'f64', // nr_dirtied: pages of files that became dirty
  writtenPages: 'f64', // nr_written: writes of pages that ended, to files and to swap
  vmscanWrite: 'f64', // nr_vmscan_write: pages that reclaim sent to swap
  readSectors: 'f64', // pgpgin and pgpgout, in 512 bytes
  writtenSectors: 'f64',
  swapInZero: 'f64', // swpin_zero, swpout_zero: pages of zeros, of which the device never hears
  swapOutZero: 'f64',
  pgrotated: 'f64',
  allocations: 'f64', // numa_hit: blocks handed out, of whatever size
  pgmlocked: 'f64', // unevictable_pgs_mlocked, _munlocked
  pgmunlocked: 'f64',
  thpFaultAlloc: 'f64',
  thpFaultFallback: 'f64',
  thpCollapseAlloc: 'f64',
  thpCollapseFailed: 'f64',
  thpSplitPmd: 'f64',
  thpZeroAlloc: 'f64',
  thpZeroFailed: 'f64',
  pageUnit: 'f64', // pages of 4 KiB that are mapped and faulted in together: 1, 2 or 512; see page-unit.ts
  nrHugepages: 'f64', // vm.nr_hugepages: size of the pool without its surplus
  nrOvercommitHugepages: 'f64', // vm.nr_overcommit_hugepages: most surplus pages
  hugeSurplus: 'f64', // pages of the pool beyond its size; see huge-pool.ts
  realMode: 'f64', // 1 while nothing is translated or checked; see real-mode.ts
} as const;

export type MachineRow = Table<typeof MACHINE_SPEC>;
