/** What can be read of the simulated state without touching it: plain objects made by engine/kernel/peek. */

export type TaskState = 'new' | 'runnable' | 'running' | 'blocked' | 'stopped' | 'zombie' | 'reaped';

/** States of one page of one task. Source of the words: page.machine. */
export type PageState =
  'unmapped' | 'reserved' | 'zero' | 'resident' | 'readOnly' | 'noAccess' | 'guard' | 'swapped' | 'device';

export type FrameUse = 'free' | 'kernel' | 'zero' | 'table' | 'anon' | 'shmem' | 'file' | 'flat' | 'device' | 'hugetlb';

/** Source of the words: tlb.ts. A shootdown is a flush while another task ran. */
export interface TlbCounters {
  readonly hits: number;
  readonly misses: number;
  readonly flushes: number;
  readonly shootdowns: number;
}

/** A task stood still for a fault, in virtual ns. */
export interface StallView {
  readonly pid: number;
  readonly from: number;
  readonly to: number;
  readonly reason: 'minor fault' | 'major fault';
  /** The event that says so; its cause is the fault. */
  readonly event: number;
}

export interface TaskView {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  readonly state: TaskState;
  /** Pages. rss = anon + file + shmem. */
  readonly rss: number;
  readonly anon: number;
  readonly file: number;
  readonly shmem: number;
  /** Resident pages by number of page table entries on their frame, zero page excluded: pss is Σ pages / sharers. */
  readonly sharing: readonly { readonly sharers: number; readonly pages: number }[];
  /** Σ pages / sharers, rounded to a double. */
  readonly pss: number;
  /** Pages nobody else maps. */
  readonly uss: number;
  /** Pages of all its VMAs. */
  readonly vsz: number;
  /** Pages in swap, those of shared memory that it maps included: what smaps adds up. */
  readonly swap: number;
  readonly locked: number;
  /** Pages of its VMAs that are counted in Committed_AS. */
  readonly commit: number;
  readonly pageTables: number;
  readonly minflt: number;
  readonly majflt: number;
  readonly timeNs: number;
  /** Of it, virtual ns spent in faults. */
  readonly stallNs: number;
  readonly tlb: TlbCounters;
  readonly uid: number;
  /** 0 … 2000, and what the task set for itself, −1000 … 1000. */
  readonly oomScore: number;
  readonly oomScoreAdj: number;
  /** Of rss, pages that are mapped 512 at once: AnonHugePages. */
  readonly hugePages: number;
  /** Pages from the start of the heap to the break, as a fraction when the break is not aligned. */
  readonly breakPages: number;
}

export interface VmaView {
  readonly id: number;
  /** Virtual page numbers: start inclusive, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** `rw-p` as in /proc/PID/maps. */
  readonly perms: string;
  /** lo, lf, nr, dc, wf … as in smaps VmFlags, only the ones the lab prints. */
  readonly flags: readonly string[];
  /** The region it lies in, and the page of that region it starts at. */
  readonly region: string;
  readonly regionOffset: number;
  /** anon: private anonymous; shmem: shared anonymous; file: the program's image. */
  readonly backing: 'anon' | 'shmem' | 'file' | 'device' | 'hugetlb';
}

export interface PageView {
  readonly pid: number;
  readonly page: number;
  readonly state: PageState;
  /** −1 when no frame is mapped (the zero page's own frame is not reported here). */
  readonly frame: number;
  /** Page table entries on that frame; 0 without a frame. */
  readonly sharers: number;
  /** Swap slot that the page is in, null for none; shared memory is swapped out of its object, its entry stays empty. */
  readonly slot: SlotView | null;
  readonly writable: boolean;
  readonly accessed: boolean;
  readonly dirty: boolean;
  /** One entry of level 2 maps it together with 511 others; `entry` is what a split would write. */
  readonly huge: boolean;
  /** The entry's 64 bits as 16 hex digits, or null where no page table exists. */
  readonly entry: string | null;
}

/** Source of the words: slot.machine. */
export type SlotState = 'free' | 'cached' | 'writing' | 'clean' | 'stored' | 'reading';

/** A swap slot. */
export interface SlotView {
  /** Device, counted from 0, and the slot's number in it, counted from 1. */
  readonly device: number;
  readonly offset: number;
  /** Page table entries and objects that name it: the swap map. */
  readonly count: number;
  /** Its frame in the swap cache, −1 none. */
  readonly frame: number;
  readonly sharers: readonly SharerView[];
}

export interface SharerView {
  readonly pid: number;
  readonly page: number;
  /** `A+2` */
  readonly label: string;
}

export interface FrameView {
  readonly frame: number;
  readonly use: FrameUse;
  /** References: page table entries plus the cache's own. */
  readonly refcount: number;
  readonly mapcount: number;
  readonly sharers: readonly SharerView[];
  /** Object page for shmem and file; table level for table; else −1. */
  readonly index: number;
  /** Task whose table it is, for table; else −1. */
  readonly owner: number;
  readonly exclusive: boolean;
  /** The slot it has while it is in the swap cache, else null. */
  readonly slot: SlotView | null;
  /** The event that last changed what the frame is used for, 0 at boot. */
  readonly event: number;
}

/** A file and what is cached of it. */
export interface FileView {
  readonly name: string;
  readonly sizeBytes: number;
  /** A letter a page, of the first 256: `.` not cached, c clean, d dirty, w being written back. */
  readonly cache: string;
  /** Pages. */
  readonly cached: number;
  readonly dirty: number;
  readonly writeback: number;
}

export interface MachineView {
  readonly frames: {
    readonly total: number;
    readonly free: number;
    /** total − free */
    readonly used: number;
    readonly kernel: number;
    readonly tables: number;
    readonly anon: number;
    readonly shmem: number;
    readonly file: number;
    /** Programs’, on a machine without page tables. */
    readonly flat: number;
  };
  /** Slots; `cached`: frames in the swap cache. */
  readonly swap: { readonly total: number; readonly used: number; readonly free: number; readonly cached: number };
  /** Pages. */
  readonly committed: number;
  readonly commitLimit: number;
  readonly overcommit: 0 | 1 | 2;
  readonly timeNs: number;
  /** Frames copied by copy-on-write since boot. */
  readonly copies: number;
  readonly tlb: TlbCounters & { readonly entries: number; readonly ways: number; readonly policy: string };
  readonly tasks: readonly number[];
  /** Tasks killed for want of memory since boot. */
  readonly oomKills: number;
  /** What the simulated kernel panicked with; null while it runs. */
  readonly panic: string | null;
  /** Without protection: addresses are physical. */
  readonly real: boolean;
}
