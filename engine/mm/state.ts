import type { EventLog } from '../base/event-log.ts';
import { makeEventLog } from '../base/event-log.ts';
import type { FrameKind } from '../base/flags.ts';
import { reservedFrames } from '../base/limits.ts';
import { extendRows, makeTable, type Table } from '../base/table.ts';
import type { EventId, MmId, Pfn } from '../base/units.ts';
import { blocksOf, FRAME_BLOCK_SPEC, makeFramesBlank } from './frame-blocks.ts';
import { COST_NAMES, COST_SPEC, COSTS, type PriceRow } from './costs.ts';
import { SHADOW_BUCKETS, SHADOW_SPEC } from './file-shadow.ts';
import { TLB_SPEC, type TlbTable } from './tlb.ts';
import type { PendingFlush } from './tlb-flush.ts';

/** One row per physical frame. Source of the idea: Linux struct page (include/linux/mm_types.h). */
export const FRAME_SPEC = {
  kind: 'u8', // FRAME.*
  flags: 'u8', // PG.*
  order: 'u8', // buddy order, only at the head of a free block
  head: 'u8', // 1 at the head of a free block
  refcount: 'u32', // page table entries + 1 while in a cache or in use by the kernel
  mapcount: 'u32', // page table entries
  rmap: 'i32', // first EntryId of the chain of entries that map it, −1 none
  content: 'i32', // see frame-bytes.ts; for FRAME.TABLE the TableId
  object: 'i32', // ObjectId for SHMEM and FILE, else −1
  index: 'f64', // page of the object
  prev: 'i32', // free list, or list of the object's pages
  next: 'i32',
  hashNext: 'i32', // next frame in the same bucket of the page cache
  lru: 'u8', // 0 on no list, else its number in LRU + 1
  lruPrev: 'i32', // neighbour that was used later, −1 none
  lruNext: 'i32',
  slot: 'i32', // SlotId while the frame is in the swap cache, else −1
  serial: 'u32', // changes with every allocation, so that a frame number used again is told apart
  event: 'u32', // the event that last changed what it is used for
} as const;

/** One row per page table of any level; 512 entries of 64 bits as two words. */
export const TABLE_SPEC = {
  frame: 'i32',
  level: 'u8', // 1 holds pages, 4 is the top
  mm: 'i32',
  base: 'f64', // first page it covers
  used: 'u16', // entries that are not zero
  huge: 'u8', // level 1: HUGE.*, whether the entry above maps all 512 pages at once; see huge-entry.ts
  parent: 'i32', // EntryId in the level above, −1 for the top
  words: ['u32', 1024],
  rmapNext: ['i32', 512], // level 1: next EntryId on the same frame; level 2: TableId put aside for a huge entry
  rmapPrev: ['i32', 512],
} as const;

export const VMA_SPEC = {
  mm: 'i32',
  start: 'f64', // pages, inclusive
  end: 'f64', // pages, exclusive
  flags: 'u32', // VM.*
  object: 'i32', // ObjectId or −1
  offset: 'f64', // page of the object that start maps
  anonVma: 'u32', // id of its anon_vma, 0 while no private page was ever made in it
  inherited: 'u8', // 1 when its anon_vma chain came over fork: never merges with one that did not
  swapRaPage: 'f64', // last page that came from swap, plus 1; 0 none yet: see swap-readahead.ts
  swapRaWindow: 'u8', // pages read with it
  swapRaHits: 'u8', // of those, how many were of use since
} as const;

/** One row per address space. Source: Linux struct mm_struct. */
export const MM_SPEC = {
  pid: 'i32',
  pgd: 'i32', // TableId of the top level, −1 before the first
  vmaBase: 'i32', // its sorted list of VMAs: a vector in vmaLists
  vmaCount: 'i32',
  vmaOrder: 'i32', // capacity of the vector is 2^vmaOrder
  totalVm: 'f64', // pages of all VMAs, the hidden ones included
  dataVm: 'f64', // private writable pages
  lockedVm: 'f64', // pages counted against RLIMIT_MEMLOCK
  lockedStale: 'f64', // of these, pages that no locked area holds any more; see mremap.ts
  defFlags: 'u32', // VM flags every new area gets: MCL_FUTURE
  hiddenPages: 'f64', // pages of the bare process's own image, never listed
  hiddenData: 'f64', // of these, private and writable
  hiddenLockable: 'f64', // of these, what mlockall locks
  hiddenLocked: 'f64',
  rssAnon: 'f64',
  rssFile: 'f64',
  rssShmem: 'f64',
  swapEntries: 'f64', // page table entries that name a swap slot
  tables: 'f64', // page table frames
  tlbHits: 'f64', // accesses that found their translation
  tlbMisses: 'f64', // walks of the page tables
  tlbFlushes: 'f64',
  tlbShootdowns: 'f64', // flushes while another task ran
  startBrk: 'f64', // bytes
  brk: 'f64', // bytes
  startStack: 'f64', // first stack pointer of the program, bytes; 0 while it has none
  rlimitAs: 'f64', // bytes, Infinity when unlimited
  rlimitData: 'f64',
  rlimitStack: 'f64',
  rlimitMemlock: 'f64',
  hardAs: 'f64',
  hardData: 'f64',
  hardStack: 'f64',
  hardMemlock: 'f64',
  capsDropped: 'u32', // one bit a capability, by number
  capsDroppedHigh: 'u32', // those from 32 on
  hardLimitsFixed: 'u8', // 1 when no hard limit may be raised, whatever the capabilities
  peakRss: 'f64', // pages, before something was taken away: hiwater_rss
  peakVm: 'f64', // pages: hiwater_vm
  oomSkip: 'u8', // 1 once the OOM reaper took its memory: MMF_OOM_SKIP
} as const;

/** What pages of shared memory and files hang on. Source: Linux struct address_space. */
export const OBJECT_SPEC = {
  kind: 'u8', // FRAME.SHMEM or FRAME.FILE
  pages: 'f64', // size
  users: 'u32', // VMAs that map it
  head: 'i32', // first cached frame, −1 none
  cached: 'f64', // frames
  swapHead: 'i32', // first slot that holds a page of it, −1 none
  swapped: 'f64', // slots
  charged: 'u8', // CHARGED.*: what of it is in Committed_AS
  pinned: 'u8', // files stay when nobody maps them
  firstFrame: 'f64', // of a device: where its memory begins
  name: ['u8', 16], // of a file, ASCII, padded with zeros
  sizeBytes: 'f64', // of a file: i_size; `pages` is it rounded up
  textPages: 'f64', // pages of a file from 0 on that hold what it was made with, unless the disk says otherwise
  dirtied: 'f64', // virtual ns when the file first got dirty pages since it was written back, −1 while it has none
  writesEnd: 'f64', // virtual ns when its writes that go on will be through, 0 when there is none
  text: 'f64', // of a program, pages of each part; 0 where the file is none
  rodata: 'f64',
  data: 'f64',
  bss: 'f64',
  raStart: 'f64', // read-ahead window of the open file, see readahead.ts; pages
  raSize: 'f64',
  raAsync: 'f64', // the last pages of the window: reading the first of them starts the next window
  raMisses: 'f64', // faults that found nothing cached, less those that did
  raLast: 'f64', // byte behind the last read, −1 before the first
} as const;

/** Pages of files that were written to the disk. Looked up by file and page through diskHash; see disk.ts. */
export const DISK_SPEC = {
  object: 'i32',
  index: 'f64',
  content: 'i32', // as frames.content
  hole: 'u8', // 1 where nothing is stored: reads as zeros
  next: 'i32', // in the same bucket
} as const;
const DISK_BUCKETS = 256;

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
  realMode: 'f64', // 1 while nothing is translated or checked; see real-mode.ts
} as const;

/** One row per swap device, in the order in which they were added. Source: Linux struct swap_info_struct. */
export const SWAP_DEVICE_SPEC = {
  kind: 'u8', // index in SWAP_KINDS
  firstSlot: 'i32', // SlotId of its slot 0, the header, which holds no page
  pages: 'f64', // slots that hold pages: 1 … pages
  used: 'f64',
  next: 'f64', // where the search for a free slot goes on
  priority: 'i32',
} as const;

/** One row per swap slot, device after device. */
export const SWAP_SLOT_SPEC = {
  device: 'u8',
  state: 'u8', // of slot.machine
  count: 'u16', // page table entries and objects that name it: the swap map
  frame: 'i32', // its frame in the swap cache, −1 none
  content: 'i32', // what the device holds; as in frames.content
  rmap: 'i32', // first EntryId of the chain of entries that name it, −1 none
  object: 'i32', // shared memory whose page it holds, −1 none
  index: 'f64', // page of the object
  prev: 'i32', // list of the object's slots
  next: 'i32',
  hashNext: 'i32', // next slot in the same bucket of swapHash
  writeNext: 'i32', // next in the queue of writes
  shadow: 'f64', // when its page left memory, 0 unknown; see workingset.ts
} as const;

export type FrameTable = Table<typeof FRAME_SPEC>;
export type PageTables = Table<typeof TABLE_SPEC>;
export type VmaTable = Table<typeof VMA_SPEC>;
export type MmTable = Table<typeof MM_SPEC>;
export type ObjectTable = Table<typeof OBJECT_SPEC>;
export type SwapDeviceTable = Table<typeof SWAP_DEVICE_SPEC>;
export type SwapSlotTable = Table<typeof SWAP_SLOT_SPEC>;
export type MachineRow = Table<typeof MACHINE_SPEC>;

/** Rules that tests switch off to see that somebody notices. All false in every real machine. */
export interface TestRules {
  /** A write to a shared page goes to the shared frame. */
  cowNeverCopies: boolean;
  /** The last sharer copies too. */
  reuseCopies: boolean;
  /** fork copies every private page at once. */
  forkCopiesEagerly: boolean;
  /** A read of an untouched page takes a frame of its own. */
  zeroPageTakesFrame: boolean;
  /** munmap keeps the frames. */
  freeGivesNothingBack: boolean;
  /** mmap is not counted in Committed_AS. */
  promiseCountsNothing: boolean;
  /** free gives the pages of the block back at once. */
  freedBlocksLeave: boolean;
  /** The allocator never moves the break down. */
  heapNeverShrinks: boolean;
  /** The allocator never maps a block of its own. */
  blocksAreNeverMapped: boolean;
  /** RLIMIT_AS and RLIMIT_DATA refuse nothing. */
  limitsAreIgnored: boolean;
  /** The TLB keeps translations of pages that were unmapped or moved. */
  unmapFlushesNothing: boolean;
  /** The TLB keeps permissions that mprotect took away. */
  protectFlushesNothing: boolean;
  /** The TLB keeps the shared frame after copy-on-write. */
  copyFlushesNothing: boolean;
  /** The TLB keeps the parent's write permissions after fork. */
  forkFlushesNothing: boolean;
  /** Free chunks never join their neighbours. */
  blocksNeverJoin: boolean;
  /** The allocator believes whatever it is given and finds. */
  heapIsNeverChecked: boolean;
  /** Every process has glibc's allocator, whatever it has chosen. */
  designsAreIgnored: boolean;
  /** Best, worst and next fit take the first free block that is large enough. */
  everyFitIsFirst: boolean;
  /** @real changes nothing. */
  protectionStays: boolean;
  /** Reclaim takes locked pages too. */
  lockedPagesLeave: boolean;
  /** A fault that waited for a device is counted as minor. */
  majorCountsAsMinor: boolean;
  /** oom_score_adj adds nothing. */
  adjustmentIsIgnored: boolean;
  /** RLIMIT_MEMLOCK refuses nothing. */
  lockLimitIsIgnored: boolean;
  /** First in, first out forgets who came first. */
  arrivalIsForgotten: boolean;
  /** A device's memory counts as resident. */
  devicesCount: boolean;
  /** No huge page is ever mapped. */
  pagesStaySmall: boolean;
  /** Programs start at the same places, whatever the setting says. */
  chanceIsForgotten: boolean;
  /** malloc clears what it gives to C programs. */
  blocksComeCleared: boolean;
  /** Arrays of variable length stay on the stack until the function returns. */
  arraysPileUp: boolean;
  /** The device forgets what is written to it. */
  swapKeepsNothing: boolean;
}
/** Rules that lessons alone notice, each in a test of its own. */
export const LESSON_RULES: readonly (keyof TestRules)[] = [
  'blocksComeCleared',
  'arraysPileUp',
  'swapKeepsNothing',
  'protectionStays',
  'lockedPagesLeave',
  'majorCountsAsMinor',
  'adjustmentIsIgnored',
  'lockLimitIsIgnored',
  'arrivalIsForgotten',
  'devicesCount',
  'pagesStaySmall',
  'chanceIsForgotten',
];
/** Rules that only programs with an allocator notice. */
export const HEAP_RULES: readonly (keyof TestRules)[] = [
  'freedBlocksLeave',
  'heapNeverShrinks',
  'blocksAreNeverMapped',
  'limitsAreIgnored',
  'blocksNeverJoin',
  'heapIsNeverChecked',
  'designsAreIgnored',
  'everyFitIsFirst',
];
export const NO_RULES_OFF: TestRules = {
  cowNeverCopies: false,
  reuseCopies: false,
  forkCopiesEagerly: false,
  zeroPageTakesFrame: false,
  freeGivesNothingBack: false,
  promiseCountsNothing: false,
  freedBlocksLeave: false,
  heapNeverShrinks: false,
  blocksAreNeverMapped: false,
  limitsAreIgnored: false,
  unmapFlushesNothing: false,
  protectFlushesNothing: false,
  copyFlushesNothing: false,
  forkFlushesNothing: false,
  blocksNeverJoin: false,
  heapIsNeverChecked: false,
  designsAreIgnored: false,
  everyFitIsFirst: false,
  protectionStays: false,
  lockedPagesLeave: false,
  majorCountsAsMinor: false,
  adjustmentIsIgnored: false,
  lockLimitIsIgnored: false,
  arrivalIsForgotten: false,
  devicesCount: false,
  pagesStaySmall: false,
  chanceIsForgotten: false,
  blocksComeCleared: false,
  arraysPileUp: false,
  swapKeepsNothing: false,
};

/** What a frame is wanted for: its use, and whether zeros or a copy go in. */
export interface AllocationFor {
  readonly kind: FrameKind;
  readonly zeroed: boolean;
}

/** The part of the kernel's state that memory management owns. */
export interface MemoryState {
  readonly frames: FrameTable;
  /** Which frames were never touched; see frame-blocks.ts. */
  readonly frameBlocks: Table<typeof FRAME_BLOCK_SPEC>;
  readonly tables: PageTables;
  readonly vmas: VmaTable;
  /** Sorted lists of VmaIds, one vector per address space; see vma-list.ts. */
  readonly vmaLists: Table<{ readonly id: 'i32' }>;
  /** First free vector of each capacity 2^n, −1 none. */
  readonly vmaListFree: Table<{ readonly first: 'i32' }>;
  readonly mms: MmTable;
  readonly objects: ObjectTable;
  /** Buddy free lists by order: first frame or −1, and the number of blocks. */
  readonly freeArea: Table<{ readonly first: 'i32'; readonly count: 'u32' }>;
  /** Buckets of the page cache: first frame or −1. */
  readonly cacheHash: Table<{ readonly first: 'i32' }>;
  /** Lists of frames by use, in the order of LRU. */
  readonly lruLists: Table<{ readonly first: 'i32'; readonly last: 'i32'; readonly count: 'u32' }>;
  readonly swapDevices: SwapDeviceTable;
  readonly swapSlots: SwapSlotTable;
  /** Buckets of (object, page) → slot: first slot or −1. */
  readonly swapHash: Table<{ readonly first: 'i32' }>;
  readonly disk: Table<typeof DISK_SPEC>;
  /** Buckets of the disk: first row or −1. */
  readonly diskHash: Table<{ readonly first: 'i32' }>;
  /** Pages of files that reclaim took; see file-shadow.ts. */
  readonly shadows: Table<typeof SHADOW_SPEC>;
  /** Buckets of the shadows: first row or −1. */
  readonly shadowHash: Table<{ readonly first: 'i32' }>;
  /** Page contents, 4,096 bytes a row; see frame-bytes.ts. */
  readonly contents: Table<{ readonly bytes: readonly ['u8', 4096] }>;
  readonly machine: MachineRow;
  /** The processor's translations; see tlb.ts. */
  readonly tlb: TlbTable;
  /** What is not forgotten yet; empty between commands. */
  readonly pendingFlushes: PendingFlush[];
  /** Frames that became free in this command, the last one taken first; empty between commands. See page-alloc.ts. */
  readonly freedLately: Pfn[];
  /** Frames that wait in the batch of mlock-batch.ts; empty between commands. */
  readonly mlockBatch: Pfn[];
  /** Prices in virtual ns; see costs.ts. */
  readonly costs: Table<typeof COST_SPEC>;
  readonly events: EventLog;
  readonly rules: TestRules;
  /** Tests let the n-th allocation from now on find nothing; 0 in every real machine. */
  failAllocation: number;
  /**
   * No frame is free. The owner of the tasks makes room by killing one.
   * @returns false when the task that asks has to give up: it is the one to die, when its operation has ended, or
   * nothing can be killed
   */
  outOfMemory: (wanted: AllocationFor) => boolean;
  /** Too few frames are free for the allocation of this kind that goes on. @returns whether some became free; see vmscan.ts */
  reclaimDirectly: (kind: FrameKind) => boolean;
  /** A fault of this address space was served. */
  countFault: (mm: MmId, major: boolean, fault: EventId) => void;
  /** Virtual time passes for the task that runs: `times` of one price. */
  pay: (price: PriceRow, times: number) => void;
}

/** A table whose rows all exist from the start. */
function fixed<const S extends Parameters<typeof makeTable>[1]>(name: string, spec: S, rows: number): Table<S> {
  const table = makeTable(name, spec, rows);
  extendRows(table, rows);
  return table;
}

/** A bucket a frame; at most so many that saving them costs nothing. */
const cacheBuckets = (frames: number): number => 2 ** Math.min(16, Math.max(4, Math.ceil(Math.log2(frames))));

/** Shared memory that is swapped out is found through this many buckets. */
const SWAP_BUCKETS = 1024;

/** An empty machine: every frame is the kernel's until page-alloc hands the rest over. */
export function makeMemoryState(totalFrames: number, rules: Partial<TestRules> = {}): MemoryState {
  const state: MemoryState = {
    frames: fixed('frames', FRAME_SPEC, totalFrames),
    frameBlocks: fixed('frameBlocks', FRAME_BLOCK_SPEC, blocksOf(totalFrames)),
    tables: makeTable('tables', TABLE_SPEC, 16),
    vmas: makeTable('vmas', VMA_SPEC, 32),
    vmaLists: makeTable('vmaLists', { id: 'i32' }, 64),
    vmaListFree: fixed('vmaListFree', { first: 'i32' }, 20),
    mms: makeTable('mms', MM_SPEC, 8),
    objects: makeTable('objects', OBJECT_SPEC, 8),
    freeArea: fixed('freeArea', { first: 'i32', count: 'u32' }, 11),
    cacheHash: fixed('cacheHash', { first: 'i32' }, cacheBuckets(totalFrames)),
    lruLists: fixed('lruLists', { first: 'i32', last: 'i32', count: 'u32' }, 5),
    swapDevices: makeTable('swapDevices', SWAP_DEVICE_SPEC, 1),
    swapSlots: makeTable('swapSlots', SWAP_SLOT_SPEC, 1),
    swapHash: fixed('swapHash', { first: 'i32' }, SWAP_BUCKETS),
    disk: makeTable('disk', DISK_SPEC, 8),
    diskHash: fixed('diskHash', { first: 'i32' }, DISK_BUCKETS),
    shadows: makeTable('shadows', SHADOW_SPEC, 8),
    shadowHash: fixed('shadowHash', { first: 'i32' }, SHADOW_BUCKETS),
    contents: makeTable('contents', { bytes: ['u8', 4096] }, 16),
    machine: fixed('machine', MACHINE_SPEC, 1),
    tlb: makeTable('tlb', TLB_SPEC, 64),
    pendingFlushes: [],
    freedLately: [],
    mlockBatch: [],
    costs: fixed('costs', COST_SPEC, COST_NAMES.length),
    events: makeEventLog(),
    rules: { ...NO_RULES_OFF, ...rules },
    failAllocation: 0,
    outOfMemory: () => false,
    reclaimDirectly: () => false,
    countFault: () => {},
    pay: () => {},
  };
  const { frames, machine } = state;
  makeFramesBlank(frames);
  state.vmaListFree.first.fill(-1);
  state.freeArea.first.fill(-1);
  state.cacheHash.first.fill(-1);
  state.swapHash.first.fill(-1);
  state.lruLists.first.fill(-1);
  state.lruLists.last.fill(-1);
  machine.writesFirst[0] = -1;
  machine.writesLast[0] = -1;
  state.diskHash.first.fill(-1);
  state.shadowHash.first.fill(-1);
  machine.totalFrames[0] = totalFrames;
  machine.reserved[0] = reservedFrames(totalFrames);
  machine.nextAnonVma[0] = 1;
  machine.nextSerial[0] = 1;
  machine.nextEvent[0] = 1;
  machine.hugeZeroFrame[0] = -1;
  machine.pageUnit[0] = 1;
  COST_NAMES.forEach((name, row) => (state.costs.ns[row] = COSTS[name].ns));
  return state;
}
