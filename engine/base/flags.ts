/** Every bit the state holds, with who sets it and when. A test checks that the bits of one word differ. */

/** A VMA's flags. Source: Linux include/linux/mm.h VM_*. */
export const VM = {
  READ: 0x1, // prot at mmap, mprotect
  WRITE: 0x2,
  EXEC: 0x4,
  SHARED: 0x8, // MAP_SHARED
  GROWSDOWN: 0x100, // the stack, at exec
  PFNMAP: 0x400, // a device's memory: frames that the kernel does not manage
  LOCKED: 0x2000, // mlock, MAP_LOCKED, or everything new under MCL_FUTURE
  IO: 0x4000, // a device's memory
  SEQ_READ: 0x8000, // madvise(MADV_SEQUENTIAL)
  RAND_READ: 0x10000, // madvise(MADV_RANDOM)
  DONTCOPY: 0x20000, // madvise(MADV_DONTFORK)
  DONTEXPAND: 0x40000, // a device's memory, huge pages of the pool: mremap may not let it grow
  LOCKONFAULT: 0x80000, // mlock2(MLOCK_ONFAULT), together with LOCKED
  ACCOUNT: 0x100000, // the pages are counted in Committed_AS
  NORESERVE: 0x200000, // MAP_NORESERVE, unless overcommit is 2
  HUGETLB: 0x400000, // MAP_HUGETLB: huge pages from the pool, and nothing smaller
  WIPEONFORK: 0x2000000, // madvise(MADV_WIPEONFORK)
  DONTDUMP: 0x4000000, // madvise(MADV_DONTDUMP)
  MERGEABLE: 0x10000000, // madvise(MADV_MERGEABLE); Linux's own bit 31 would make the number negative here
  HUGEPAGE: 0x20000000, // madvise(MADV_HUGEPAGE)
  NOHUGEPAGE: 0x40000000, // madvise(MADV_NOHUGEPAGE)
} as const;
/** What mprotect may change. Source: Linux VM_ACCESS_FLAGS. */
export const VM_ACCESS = VM.READ | VM.WRITE | VM.EXEC;

/** Source: Linux include/linux/mm.h VM_SPECIAL. */
export const VM_SPECIAL = VM.IO | VM.PFNMAP | VM.DONTEXPAND;

/** What mlock may change. Source: Linux VM_LOCKED_MASK. */
export const VM_LOCKED_MASK = VM.LOCKED | VM.LOCKONFAULT;

/** Numbers of capabilities that memory management asks for. Source: Linux include/uapi/linux/capability.h. */
export const CAP = { KILL: 5, SETUID: 7, IPC_LOCK: 14, SYS_RAWIO: 17, SYS_ADMIN: 21, SYS_RESOURCE: 24 } as const;

/** Bits of a page table entry's low word; frame number in bits 12 … 31. Source: Linux arch/x86/include/asm/pgtable_types.h. */
export const PTE = {
  PRESENT: 0x1, // hardware: translation is valid
  RW: 0x2, // hardware: stores allowed
  USER: 0x4, // hardware: user mode may use it
  HUGE: 0x80, // hardware, level 2 only: maps 512 frames in a row, leads to no table
  ACCESSED: 0x20, // set by the MMU at every access
  DIRTY: 0x40, // set by the MMU at a store
  PROTNONE: 0x100, // software, only while PRESENT is clear: the frame stays, nobody may touch it (PROT_NONE)
  SPECIAL: 0x200, // software: the zero page, not counted in RSS, has no rmap
  GUARD: 0x10, // software, only while PRESENT is clear: madvise(MADV_GUARD_INSTALL), every access is refused; no frame
  SWP_EXCLUSIVE: 0x8, // software, only in a swap entry: nobody else ever shared the page; cleared on both sides by fork
} as const;
/** Bits of the high word. */
export const PTE_HIGH = {
  NX: 0x80000000, // hardware bit 63: no instruction fetch
} as const;

/** What a frame is used for. One value per frame, never a mask. */
export const FRAME = {
  FREE: 0,
  KERNEL: 1, // reserved at boot
  ZERO: 2, // the one zero page
  TABLE: 3, // a page table of any level
  ANON: 4, // private anonymous memory, or a private copy of a file page
  SHMEM: 5, // a page of a shared anonymous object
  FILE: 6, // page cache
  FLAT: 7, // a program's, on a machine without page tables; see real-mode.ts
  DEVICE: 8, // no RAM: a device's own memory, behind the last frame; see device.ts
  HUGETLB: 9, // of the pool of huge pages, in use or free; see huge-pool.ts
} as const;
export type FrameKind = (typeof FRAME)[keyof typeof FRAME];

/** Flags of a frame in use. Source: Linux include/linux/page-flags.h. */
export const PG = {
  ANON_EXCLUSIVE: 0x1, // set when a private page is made or reused, cleared for both sides by fork
  DIRTY: 0x2, // content differs from its file; shared memory: was ever written
  REFERENCED: 0x4, // reclaim saw it used, or a call read it; cleared as it ages
  WORKINGSET: 0x8, // was on an active list, or came back soon after it had gone
  LAZYFREE: 0x10, // madvise(MADV_FREE): may be thrown away; cleared when reclaim finds it written
  WRITEBACK: 0x20, // being written to its file; see writeback.ts
  READAHEAD: 0x40, // reading it starts the next read-ahead; see readahead.ts
} as const;

/**
 * The lists of frames by when they were last needed: two for anonymous memory and shared memory, two for files, one for
 * what is locked. A frame that holds a page is on exactly one. Source: Linux 6.18 include/linux/mmzone.h enum lru_list;
 * the classic lists, not the generations of CONFIG_LRU_GEN.
 */
export const LRU = {
  INACTIVE_ANON: 0,
  ACTIVE_ANON: 1,
  INACTIVE_FILE: 2,
  ACTIVE_FILE: 3,
  UNEVICTABLE: 4,
} as const;
export type LruList = (typeof LRU)[keyof typeof LRU];
export const LRU_NAMES = ['inactive anon', 'active anon', 'inactive file', 'active file', 'unevictable'] as const;
