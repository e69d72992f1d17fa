import type { Table } from '../base/table.ts';

/** Columns of the tables that memory management keeps: all of it is simulated state, and no other is. */

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
  hugeOwner: 'u8', // MAP_HUGETLB, private: 1 where its pages were promised to it; see hugetlb.ts
  hugeLost: 'u8', // 1 once a page was taken away from it, for its parent's sake
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
  hugetlb: 'f64', // page table entries on frames of the pool of huge pages; no part of RSS
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
