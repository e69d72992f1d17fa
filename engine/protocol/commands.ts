import type { DesignName, LibraryCall, LibraryResult } from './library-calls.ts';

/**
 * Commands: the one door to the simulated state. The console language (`p0 mmap A 16 rw private anon`) is parsed into
 * these plain objects; they are what the journal keeps and what crosses from window to worker.
 */

import type { SysctlName, SysctlValues } from './sysctls.ts';

/** A size or offset before the machine is known: bytes, plus a share of RAM in percent. Negative: a huge unsigned number. */
export interface Quantity {
  readonly bytes: number;
  readonly ramPercent: number;
}

/** A position inside a named region: `A+2`, `heap+10`. */
export interface RegionOffset {
  readonly name: string;
  readonly offset: Quantity;
}

/**
 * Where bytes are loaded or stored: in a region or behind a pointer. A number that was written without a unit counts
 * pages of a region and bytes behind a pointer; only the running machine knows which of them the name is.
 */
export interface BytePlace extends RegionOffset {
  readonly plainOffset?: true;
}

/** Letters of r, w, x in that order; '' is PROT_NONE. */
export type Perms = '' | 'r' | 'w' | 'x' | 'rw' | 'rx' | 'wx' | 'rwx';

/** A swap device: a compressed RAM disk answers at once, a file takes its time. */
export type SwapKind = 'zram' | 'file';

/** Rules by which a page gives way when all frames are taken. */
export type TracePolicy = 'fifo' | 'lru' | 'clock' | 'lfu' | 'random' | 'opt' | 'linux';

/** What p0 is at boot: a program image, or the bare process that recorded scripts start from. */
export type BootImage = 'program' | 'bare';

/** The processor's translation lookaside buffer: entries, ways of a set, which translation of a full set goes. */
export interface TlbShape {
  readonly entries: number;
  readonly ways: number;
  readonly policy: 'lru' | 'fifo' | 'random' | 'plru';
}

/** Prices in virtual nanoseconds that a machine may have set for itself. */
export type CostName =
  | 'memory_access' | 'tlb_miss_level' | 'minor_fault' | 'major_fault' | 'system_call' | 'library_call'
  | 'copy_frame' | 'zero_frame' | 'fork_page' | 'disk_read'; // prettier-ignore

/** /sys/kernel/mm/transparent_hugepage/enabled. */
export type ThpMode = 'never' | 'madvise' | 'always';

/** A C program: the name that exec takes, and its source. */
export interface ProgramText {
  readonly name: string;
  readonly text: string;
}

/** What a C program can be run to. */
export type RunUntil =
  | { readonly kind: 'line'; readonly line: number }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'event'; readonly event: RunEvent };
export const RUN_EVENTS = ['fault', 'cow', 'syscall', 'signal', 'swap'] as const;
export type RunEvent = (typeof RUN_EVENTS)[number];
export const STEP_UNITS = ['line', 'statement', 'instruction'] as const;
export type StepUnit = (typeof STEP_UNITS)[number];

/** Sizes of a page that a machine may have. */
export type PageSizeName = '4k' | '8k' | '2m';

export interface MachineOptions {
  /** Frames. */
  readonly ramPages: number;
  /** Swap slots. */
  readonly swapPages: number;
  readonly seed: number;
  readonly overcommit: 0 | 1 | 2;
  readonly image: BootImage;
  /** Settings that differ from what the kernel chooses. */
  readonly sysctls?: SysctlValues;
  /** Absent: 64 entries in 4 ways, lru. */
  readonly tlb?: TlbShape;
  /** Transparent huge pages; absent: never. */
  readonly thp?: ThpMode;
  /** Page size; absent: 4k. 8k is hypothetical on x86-64; 2m means huge pages wherever they fit. */
  readonly pageSize?: PageSizeName;
  /** A machine without protection; absent: with. */
  readonly real?: true;
  /** C programs that tasks can exec by their names. */
  readonly programs?: readonly ProgramText[];
  /** Bytes that they may put out; absent: 1 MiB. */
  readonly outputBytes?: number;
  /** Programs are followed from their exec on, and what they do wrong is found; absent: not. */
  readonly checked?: boolean;
  /** Absent ones keep their default. */
  readonly costs?: Readonly<Partial<Record<CostName, number>>>;
}

/** Advice that madvise takes; `bogus` is a number no kernel knows. */
export type Advice =
  | 'normal' | 'random' | 'sequential' | 'willneed' | 'dontneed' | 'free' | 'remove' | 'dontfork' | 'dofork'
  | 'mergeable' | 'unmergeable' | 'hugepage' | 'nohugepage' | 'dontdump' | 'dodump' | 'wipeonfork' | 'keeponfork'
  | 'cold' | 'pageout' | 'populate_read' | 'populate_write' | 'dontneed_locked' | 'guard_install' | 'guard_remove'
  | 'collapse' | 'bogus'; // prettier-ignore

/** A stretch of a file. */
export interface FilePlace {
  readonly file: string;
  readonly at: Quantity;
  readonly length: Quantity;
}
/** Files below /proc/PID, and below /proc, that can be printed. */
export const TASK_FILES = [
  'maps', 'smaps', 'smaps_rollup', 'status', 'statm', 'limits', 'oom_score', 'oom_score_adj', 'pagemap',
] as const; // prettier-ignore
export type TaskFile = (typeof TASK_FILES)[number];
export const MACHINE_FILES = ['meminfo', 'vmstat', 'swaps', 'buddyinfo'] as const;
export type MachineFile = (typeof MACHINE_FILES)[number];

/** What a signal does to a task. */
export const DISPOSITIONS = ['default', 'ignore', 'handler'] as const;
export type Disposition = (typeof DISPOSITIONS)[number];

interface TaskCommand {
  /** Number N of task pN. */
  readonly task: number;
}

export type TaskOperation =
  | {
      readonly op: 'mmap';
      readonly name: string;
      readonly length: Quantity;
      readonly perms: Perms;
      /** 'none' passes neither MAP_SHARED nor MAP_PRIVATE, which the kernel refuses. */
      readonly sharing: 'private' | 'shared' | 'none';
      /** null: the name's own place, as MAP_FIXED_NOREPLACE. */
      readonly at: (RegionOffset & { readonly kind: 'at' | 'fixed' }) | null;
      readonly noreserve: boolean;
      readonly populate: boolean;
      /** MAP_LOCKED; absent means no. */
      readonly locked?: true;
      /** MAP_HUGETLB; absent means no. */
      readonly hugepages?: true;
      /** The file that is mapped and where in it; absent: anonymous memory. */
      readonly file?: RegionOffset;
    }
  | ({ readonly op: 'munmap'; readonly length: Quantity } & RegionOffset)
  | ({ readonly op: 'mprotect'; readonly length: Quantity; readonly perms: Perms } & RegionOffset)
  /** `unit` pages are visited from the offset on; byte is what a touch_w stores, null: the step number's low byte. */
  | ({ readonly op: 'touch_r' | 'read'; readonly length: Quantity } & RegionOffset)
  | ({ readonly op: 'touch_w'; readonly length: Quantity; readonly byte: number | null } & RegionOffset)
  /** Stores bytes at any offset, page borders crossed. */
  | ({ readonly op: 'poke'; readonly values: readonly number[] } & BytePlace)
  /** Loads bytes at any offset. */
  | ({ readonly op: 'bytes'; readonly length: Quantity; readonly plainLength?: true } & BytePlace)
  | { readonly op: 'brk'; readonly change: '+' | '-' | '='; readonly amount: Quantity }
  | ({ readonly op: 'mlock' | 'munlock' | 'mincore'; readonly length: Quantity } & RegionOffset)
  /** flags: 1 is MLOCK_ONFAULT; everything else is refused by the kernel. */
  | ({ readonly op: 'mlock2'; readonly length: Quantity; readonly flags: number } & RegionOffset)
  /** flags: 1 MCL_CURRENT, 2 MCL_FUTURE, 4 MCL_ONFAULT. */
  | { readonly op: 'mlockall'; readonly flags: number }
  | { readonly op: 'munlockall' }
  | ({ readonly op: 'madvise'; readonly length: Quantity; readonly advice: Advice } & RegionOffset)
  /** flags: 1 MS_ASYNC, 2 MS_INVALIDATE, 4 MS_SYNC. */
  | ({ readonly op: 'msync'; readonly length: Quantity; readonly flags: number } & RegionOffset)
  | ({
      readonly op: 'mremap';
      readonly oldLength: Quantity;
      readonly newLength: Quantity;
      readonly mayMove: boolean;
      readonly dontUnmap: boolean;
      /** MREMAP_FIXED (with MREMAP_MAYMOVE), or null. */
      readonly fixed: RegionOffset | null;
    } & RegionOffset)
  /** hard null: stays as it is. */
  | {
      readonly op: 'rlimit';
      readonly resource: 'as' | 'data' | 'stack' | 'memlock';
      readonly soft: Quantity | 'inf';
      readonly hard: Quantity | 'inf' | null;
    }
  /** Number of the capability: 14 ipc_lock, 21 sys_admin, 24 sys_resource. */
  | { readonly op: 'dropcap'; readonly capability: number }
  | LibraryCall
  /** Sizes and offsets of files count pages and bytes like all others. */
  | { readonly op: 'ftruncate'; readonly file: string; readonly size: Quantity }
  | { readonly op: 'fsync'; readonly file: string }
  | ({ readonly op: 'fadvise'; readonly advice: 'willneed' | 'dontneed' } & FilePlace)
  /** buffer null: an aligned one that is not simulated. */
  | ({ readonly op: 'pread'; readonly buffer: RegionOffset | null; readonly direct: boolean } & FilePlace)
  | ({ readonly op: 'pwrite'; readonly buffer: RegionOffset; readonly direct: boolean } & FilePlace)
  | { readonly op: 'oom_score_adj'; readonly value: number }
  /** arguments: argv from 1 on. */
  | { readonly op: 'exec'; readonly image: string; readonly args: readonly string[] }
  | { readonly op: 'fork'; readonly child: number }
  /** What the processor would read for the page of an address; touches nothing. */
  | ({ readonly op: 'walk' } & RegionOffset)
  | { readonly op: 'setuid'; readonly uid: number }
  | { readonly op: 'sigaction'; readonly signal: number; readonly action: Disposition }
  /** Without a child: any of them. */
  | { readonly op: 'wait'; readonly child?: number }
  | { readonly op: 'getrusage'; readonly who: 'self' | 'children' }
  /** What a variable of a C program holds is secret from now on; bytes: of what a pointer leads to. */
  | { readonly op: 'secret'; readonly name: string; readonly bytes?: number }
  /** A C program goes on; until null: to its end. instructions: at most so many. */
  | { readonly op: 'run'; readonly until: RunUntil | null; readonly instructions?: number }
  /** out: on to the end of the function it is in. */
  | {
      readonly op: 'step';
      readonly count: number;
      readonly unit: StepUnit;
      readonly into: boolean;
      readonly out?: true;
    }
  | { readonly op: 'block' }
  | { readonly op: 'unblock' }
  | { readonly op: 'cat'; readonly file: TaskFile }
  /** status: 0 … 255, absent means 0. */
  | { readonly op: 'exit'; readonly status?: number }
  /** Without a target: from outside, to the task itself. Without a signal: SIGKILL. */
  | { readonly op: 'kill'; readonly target?: number; readonly signal?: number }
  /** Which allocator the task's program calls, before it does. */
  | { readonly op: 'allocator'; readonly design: DesignName }
  | { readonly op: 'state' };

/** Pages of a program's parts. */
export interface ImagePages {
  readonly text: number;
  readonly rodata: number;
  readonly data: number;
  readonly bss: number;
}

export type MachineDirective =
  | { readonly op: '@overcommit'; readonly mode: 0 | 1 | 2 }
  | { readonly op: '@cas' }
  | { readonly op: '@cat'; readonly file: MachineFile }
  | { readonly op: '@sysctl'; readonly name: SysctlName; readonly value: number }
  /** A variable of the environment that p0 starts with. */
  | { readonly op: '@env'; readonly name: string; readonly value: string }
  | { readonly op: '@sleep'; readonly milliseconds: number }
  | ({ readonly op: '@tlb' } & TlbShape)
  | { readonly op: '@cost'; readonly name: CostName; readonly ns: number }
  | { readonly op: '@thp'; readonly mode: ThpMode }
  /** A swap device with that many slots; each later one has a lower priority. */
  | { readonly op: '@swap'; readonly kind: SwapKind; readonly pages: number }
  /** A file of so many pages, none of them cached. */
  | { readonly op: '@file'; readonly file: string; readonly pages: number }
  /** A program: a file with text, rodata and data, and how much bss it wants. Pages. */
  | ({ readonly op: '@image'; readonly file: string } & ImagePages)
  | { readonly op: '@aslr'; readonly on: boolean }
  /** A device with memory of its own, which is no RAM. */
  | { readonly op: '@device'; readonly file: string; readonly pages: number }
  /** References played against a rule of replacement, beside the machine. */
  | { readonly op: '@trace'; readonly policy: TracePolicy; readonly frames: number; readonly pages: readonly number[] }
  /** Without protection: addresses are physical, and nothing is checked. */
  | { readonly op: '@real'; readonly on: boolean }
  /** All C programs go on in turns, at most so many instructions together. */
  | { readonly op: '@run'; readonly instructions?: number }
  /** A text that nobody should find: the lab says where it is. */
  | { readonly op: '@secret'; readonly text: string }
  /** Instructions of one turn. */
  | { readonly op: '@slice'; readonly instructions: number }
  /** Accesses of C programs that are not aligned end in SIGBUS, or not. */
  | { readonly op: '@alignment'; readonly trap: boolean };

export type Command = (TaskCommand & TaskOperation) | MachineDirective;
export type CommandOp = Command['op'];

/** One step of a page walk: the entry's 64 bits as 16 hex digits. */
export interface WalkStep {
  /** 4 is the top, 1 holds pages. */
  readonly level: number;
  readonly index: number;
  readonly entry: string;
}

/** One pass of the out-of-memory killer. */
export interface OomReport {
  /** `p1`; null when nothing could be killed. */
  readonly victim: string | null;
  /** Badness of each task in pages, before anything was killed; null for those that are never chosen. */
  readonly badness: Readonly<Record<string, number | null>>;
  /** The kernel log, line by line. */
  log: string;
}

/** getrusage(2), as far as the lab counts it. */
export interface ResourceUsage {
  /** Largest resident size, kB. */
  readonly maxrss: number;
  readonly minflt: number;
  readonly majflt: number;
  /** Virtual processor time. */
  readonly timeNs: number;
}

/** Why a C program stopped, and where. */
export interface ProgramResult {
  readonly stopped: 'there' | 'ended' | 'budget' | 'output' | 'waiting';
  /** The statement that is next; null in code without source, and when it has ended. */
  readonly line: number | null;
  readonly instructions: number;
  /** Of a program that has ended. */
  readonly status?: number;
  /** @run: the tasks that ended in it. reason: in the lab's own words, empty for a plain exit. */
  readonly deaths?: readonly {
    readonly task: number;
    readonly signal: number;
    readonly status: number;
    readonly reason: string;
  }[];
}

/** What one command gave back: the fields of one JSON line of `faultline exec`, before the processes' state. */
export interface CommandResult {
  /** A region's name ("mapped where asked"), a task's name, a text such as `ok brk=8`, or a number. Absent for touches. */
  readonly ret?: number | string;
  readonly errno?: string;
  /** A signal that the access ended in; the task lives on (as in a harness that catches it). */
  readonly sig?: string;
  readonly code?: 'MAPERR' | 'ACCERR' | 'ADRERR' | 'KERNEL';
  /** Pages done before the signal. */
  readonly done?: number;
  /** Why, in the lab's own words: "no VMA", "permission", "kernel half" … */
  readonly reason?: string;
  readonly bytes?: readonly number[];
  /** The name is a pointer: offsets are bytes behind it. */
  readonly pointer?: true;
  readonly library?: LibraryResult;
  /** Of a library call, virtual nanoseconds: its own path, its system calls, and faults of its accesses. */
  readonly cost?: { readonly library: number; readonly system: number; readonly faults: number };
  /** Wait status of a child that was waited for: its exit status × 256, or the signal that ended it. */
  readonly status?: number;
  readonly usage?: ResourceUsage;
  /** What a file below /proc says. */
  readonly text?: string;
  /** run, step: where the program stands now. */
  readonly program?: ProgramResult;
  /** mincore: 1 for a page an access would find without reading from a disk. */
  readonly vec?: readonly number[];
  /** walk: the entries read, top level first; it ends where one is missing. */
  readonly walk?: readonly WalkStep[];
  /** walk: whether the processor remembers the translation now. */
  readonly tlb?: 'hit' | 'miss';
  /** @trace: F for each reference that was a fault, h for each hit. */
  readonly trace?: string;
  /** walk, without page tables: the physical address that the address is, of the page's first byte. */
  readonly physical?: number;
  /** Minor and major faults of just this command. */
  readonly min?: number;
  readonly maj?: number;
  /** Change of Committed_AS in pages. */
  readonly casDelta: number;
  /** Passes of the out-of-memory killer, in order. */
  readonly oom?: readonly OomReport[];
  /** The simulated kernel panicked in this command: why. Nothing runs after it. */
  readonly panic?: string;
  /** Task that the command was given to died in it (out of memory). */
  readonly died?: boolean;
  /** Virtual nanoseconds it took. */
  readonly timeNs: number;
  /** Events of this command: from (inclusive) to (exclusive). */
  readonly firstEvent: number;
  readonly endEvent: number;
}
