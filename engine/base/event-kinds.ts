import type { SwapKind } from '../protocol/commands.ts';

/**
 * The kinds of events with the meaning of their operands. Numbers are stable: recorded traces hold them.
 * Lane: the row of the timeline an event is drawn in.
 */
export const EVENT = {
  COMMAND: 1,
  SYSCALL: 2,
  SYSCALL_ERROR: 3,
  ACCESS: 4,
  FAULT: 5,
  ZERO_MAPPED: 6,
  FRAME_ALLOC: 7,
  FRAME_FREE: 8,
  COW_SHARED: 9,
  FRAME_COPY: 10,
  COW_REUSE: 11,
  PAGE_MAPPED: 12,
  PAGE_UNMAPPED: 13,
  PAGE_PROTECTED: 14,
  TABLE_ALLOC: 15,
  TABLE_FREE: 16,
  VMA_ADD: 17,
  VMA_REMOVE: 18,
  VMA_SPLIT: 19,
  VMA_MERGE: 20,
  VMA_PROTECT: 21,
  FORK: 22,
  PAGES_SHARED: 23,
  EXIT: 24,
  SIGNAL: 25,
  OOM_KILL: 26,
  COMMIT: 27,
  BREAK_MOVED: 28,
  CACHE_READ: 29,
  STACK_GROWN: 30,
  PAGES_LOCKED: 31,
  PAGES_UNLOCKED: 32,
  VMA_ADVISED: 33,
  GUARD_INSTALLED: 34,
  GUARD_REMOVED: 35,
  PAGE_MOVED: 36,
  LIMIT_SET: 37,
  CAPABILITY_DROPPED: 38,
  SYSCTL_SET: 39,
  LIBRARY_CALL: 40,
  MALLOC_STEP: 41,
  CHUNK_MOVED: 42,
  BLOCK_GIVEN: 43,
  BLOCK_FREED: 44,
  HEAP_DAMAGE: 45,
  ABORT: 46,
  TLB_FLUSH: 47,
  STALL: 48,
  SWAP_ON: 49,
  SWAP_OUT: 50,
  SWAP_IN: 51,
  SWAP_WRITE: 52,
  SWAP_READ: 53,
  SWAP_CACHE_LEFT: 54,
  SLOT_FREE: 55,
  SLOTS_SHARED: 56,
  PAGE_DISCARDED: 57,
  RECLAIM: 58,
  PAGE_DIRTIED: 59,
  WRITE_BACK: 60,
  READ_AHEAD: 61,
  FILE_MADE: 62,
  FILE_SIZED: 63,
  CACHE_DROPPED: 64,
  FILE_READ: 65,
  FILE_WRITTEN: 66,
  OOM_REAPED: 67,
  PANIC: 68,
  OOM_SCORE_ADJ_SET: 69,
  SIGNAL_SENT: 70,
  SIGNAL_HANDLED: 71,
  TASK_STOPPED: 72,
  TASK_CONTINUED: 73,
  TASK_BLOCKED: 74,
  CHILD_REAPED: 75,
  UID_SET: 76,
  DISPOSITION_SET: 77,
  ZOMBIE: 78,
  KSWAPD_WOKEN: 79,
  REFAULT: 80,
  EXEC: 81,
  BLOCK_ALLOC: 82,
  HUGE_MAPPED: 83,
  HUGE_SPLIT: 84,
  HUGE_COLLAPSED: 85,
  HUGE_FALLBACK: 86,
  HUGE_ZERO_FREED: 87,
  PROTECTION_SET: 88,
  STRAY_ACCESS: 89,
  OUTPUT: 90,
  PROGRAM_STOPPED: 91,
  DEVICE_MADE: 92,
  REFERENCES_PLAYED: 93,
  HUGE_POOL: 94,
  HUGE_RESERVED: 95,
  FINDING: 96,
} as const;
export type EventKind = (typeof EVENT)[keyof typeof EVENT];
export type EventName = keyof typeof EVENT;
export type Lane = 'calls' | 'faults' | 'copies' | 'swap' | 'none';

export interface EventMeaning {
  readonly name: EventName;
  readonly lane: Lane;
  /** What operand a is, or null when unused. */
  readonly a: string | null;
  readonly b: string | null;
}

const meaning = (name: EventName, lane: Lane, a: string | null = null, b: string | null = null): EventMeaning => ({
  name,
  lane,
  a,
  b,
});

/** By kind number; index 0 is unused. */
export const EVENTS: readonly (EventMeaning | null)[] = [
  null,
  meaning('COMMAND', 'none', 'operation: index in OPERATIONS', 'pages asked for'),
  meaning('SYSCALL', 'calls', 'operation: index in OPERATIONS', 'length in pages'),
  meaning('SYSCALL_ERROR', 'none', 'operation: index in OPERATIONS', 'error number'),
  meaning('ACCESS', 'none', '1 for a store, 0 for a load'),
  meaning('FAULT', 'faults', '1 for a store, 0 for a load', '1 when major'),
  meaning('ZERO_MAPPED', 'none'),
  meaning('FRAME_ALLOC', 'none', 'FRAME kind'),
  meaning('FRAME_FREE', 'none', 'FRAME kind it had'),
  meaning('COW_SHARED', 'none', 'page table entries that share the frame'),
  meaning('FRAME_COPY', 'copies', 'frame copied from'),
  meaning('COW_REUSE', 'none'),
  meaning('PAGE_MAPPED', 'none', '1 when writable'),
  meaning('PAGE_UNMAPPED', 'none', 'page table entries left on the frame'),
  meaning('PAGE_PROTECTED', 'none', 'page.machine state after'),
  meaning('TABLE_ALLOC', 'none', 'level: 4 is the top, 1 holds pages'),
  meaning('TABLE_FREE', 'none', 'level'),
  meaning('VMA_ADD', 'none', 'pages', 'VM flags'),
  meaning('VMA_REMOVE', 'none', 'pages'),
  meaning('VMA_SPLIT', 'none', 'pages of the lower part', 'pages of the upper part'),
  meaning('VMA_MERGE', 'none', 'pages of the merged area'),
  meaning('VMA_PROTECT', 'none', 'pages', 'VM flags after'),
  meaning('FORK', 'none', 'the child’s number'),
  meaning('PAGES_SHARED', 'none', 'pages whose frame both sides now share', 'zero page entries copied'),
  meaning('EXIT', 'calls', 'signal number, 0 for a plain exit', 'exit status'),
  meaning('SIGNAL', 'faults', 'signal number', 'reason: index in SIGNAL_REASONS'),
  meaning('OOM_KILL', 'faults', 'badness in pages', 'the victim’s number'),
  meaning('COMMIT', 'none', 'change of Committed_AS in pages', 'Committed_AS after'),
  meaning('BREAK_MOVED', 'none', 'change in pages'),
  meaning('CACHE_READ', 'none', 'page of the file'),
  meaning('STACK_GROWN', 'none', 'pages the stack grew by'),
  meaning('PAGES_LOCKED', 'none', 'pages', 'locked_vm after'),
  meaning('PAGES_UNLOCKED', 'none', 'pages', 'locked_vm after'),
  meaning('VMA_ADVISED', 'none', 'pages', 'VM flags after'),
  meaning('GUARD_INSTALLED', 'none'),
  meaning('GUARD_REMOVED', 'none'),
  meaning('PAGE_MOVED', 'none', 'page it was at before'),
  meaning('LIMIT_SET', 'none', 'index in RESOURCES', 'soft limit in bytes'),
  meaning('CAPABILITY_DROPPED', 'none', 'number of the capability'),
  meaning('SYSCTL_SET', 'none', 'index in SYSCTL_NAMES', 'value'),
  meaning('LIBRARY_CALL', 'none', 'operation: index in OPERATIONS', 'bytes asked for'),
  meaning('MALLOC_STEP', 'none', 'step: index in MALLOC_STEPS', 'the bin or the bytes it is about'),
  meaning('CHUNK_MOVED', 'none', 'chunk.machine states before × 16 + after', 'address of the header'),
  meaning('BLOCK_GIVEN', 'none', 'address', 'bytes asked for'),
  meaning('BLOCK_FREED', 'none', 'address', 'bytes that could be used'),
  meaning('HEAP_DAMAGE', 'none', 'address', 'DAMAGE kind'),
  meaning('ABORT', 'faults', 'index in ABORT_TEXTS', 'the call that noticed: an event'),
  meaning('TLB_FLUSH', 'none', 'pages, 0 for the whole address space', 'translations forgotten'),
  meaning('STALL', 'none', 'index in STALL_REASONS', 'ns that the task stood still until then'),
  meaning('SWAP_ON', 'swap', 'index in SWAP_KINDS', 'slots'),
  meaning('SWAP_OUT', 'swap', 'slot', 'entries and objects that name the slot'),
  meaning('SWAP_IN', 'swap', 'slot', '1 when the page was still in the swap cache'),
  meaning(
    'SWAP_WRITE',
    'swap',
    'slot',
    '1 when the write goes on after the call, 2 when only a bit notes that the page is zeros',
  ),
  meaning('SWAP_READ', 'swap', 'slot'),
  meaning('SWAP_CACHE_LEFT', 'none', 'slot'),
  meaning('SLOT_FREE', 'none', 'slot'),
  meaning('SLOTS_SHARED', 'none', 'swapped pages that both sides now share'),
  meaning('PAGE_DISCARDED', 'swap', 'FRAME kind'),
  meaning('RECLAIM', 'swap', 'index in RECLAIM_REASONS', 'frames that became free'),
  meaning('PAGE_DIRTIED', 'none', 'page of the file'),
  meaning('WRITE_BACK', 'swap', 'page of the file'),
  meaning('READ_AHEAD', 'swap', 'first page of the file', 'pages'),
  meaning('FILE_MADE', 'none', 'ObjectId', 'pages'),
  meaning('FILE_SIZED', 'none', 'bytes after', 'bytes before'),
  meaning('CACHE_DROPPED', 'none', 'page of the file'),
  meaning('FILE_READ', 'calls', 'bytes', 'offset in the file in bytes'),
  meaning('FILE_WRITTEN', 'calls', 'bytes', 'offset in the file in bytes'),
  meaning('OOM_REAPED', 'faults', 'pages taken', 'the victim’s number'),
  meaning('PANIC', 'faults'),
  meaning('OOM_SCORE_ADJ_SET', 'none', 'value'),
  meaning('SIGNAL_SENT', 'calls', 'signal number', 'number of the task it goes to'),
  meaning('SIGNAL_HANDLED', 'none', 'signal number'),
  meaning('TASK_STOPPED', 'none', 'signal number'),
  meaning('TASK_CONTINUED', 'none'),
  meaning('TASK_BLOCKED', 'none', '1 from now on, 0 no longer'),
  meaning('CHILD_REAPED', 'none', 'wait status', 'the child’s number'),
  meaning('UID_SET', 'none', 'user from now on', 'user before'),
  meaning('DISPOSITION_SET', 'none', 'signal number', 'index in DISPOSITIONS'),
  meaning('ZOMBIE', 'none', 'the parent’s number'),
  meaning('KSWAPD_WOKEN', 'swap', 'free frames', 'low mark'),
  meaning('REFAULT', 'swap', 'pages that left or became active meanwhile', '1 when it was away too short to have gone'),
  meaning('EXEC', 'calls', 'ObjectId of the program', 'page behind the stack'),
  meaning('BLOCK_ALLOC', 'none', 'FRAME kind', 'frames'),
  meaning('HUGE_MAPPED', 'none', '1 for the huge zero page'),
  meaning('HUGE_SPLIT', 'none'),
  meaning('HUGE_COLLAPSED', 'copies', 'frames copied'),
  meaning('HUGE_FALLBACK', 'none'),
  meaning('HUGE_ZERO_FREED', 'none'),
  meaning('PROTECTION_SET', 'none', '1 when addresses are translated and checked from now on, 0 when not'),
  meaning('STRAY_ACCESS', 'faults', '1 for a store, 0 for a load', 'FRAME kind of what was reached'),
  meaning('OUTPUT', 'none', '1 standard output, 2 standard error', 'bytes'),
  meaning('PROGRAM_STOPPED', 'none', 'line, 0 in code without source', 'instructions that ran'),
  meaning('DEVICE_MADE', 'none', 'ObjectId', 'pages'),
  meaning('REFERENCES_PLAYED', 'none', 'faults', 'references'),
  meaning('HUGE_POOL', 'none', 'huge pages in the pool', 'of these, free'),
  meaning('HUGE_RESERVED', 'none', 'huge pages promised', 'promised in all'),
  meaning('FINDING', 'none', 'index in FINDING_KINDS', 'line'),
];

/** Operations that COMMAND and SYSCALL name in operand a. */
export const OPERATIONS = [
  'state', 'mmap', 'munmap', 'mprotect', 'brk', 'touch_r', 'touch_w', 'read', 'fork', 'exit', 'kill',
  'mlock', 'munlock', 'mincore', 'madvise', 'mremap', 'rlimit', 'dropcap', '@overcommit', '@cas', '@sleep', 'poke', 'bytes',
  'mlock2', 'mlockall', 'munlockall', 'msync', '@sysctl',
  'malloc', 'free', 'calloc', 'realloc', 'reallocarray', 'memalign', 'aligned_alloc', 'posix_memalign', 'valloc',
  'usable', 'show', 'fill', 'raw', 'prev', 'loop', 'mallopt', 'trim', 'mallinfo', 'malloc_stats', '@env',
  'walk', '@tlb', '@cost', '@swap',
  '@file', 'ftruncate', 'fsync', 'fadvise', 'pread', 'pwrite',
  'null', 'store',
  'oom_score_adj', 'setuid', 'sigaction', 'wait', 'getrusage', 'block', 'unblock', 'cat', '@cat',
  '@image', '@aslr', 'exec', '@thp', '@real',
  'run', 'step', '@run', '@slice', 'write', 'open', 'close', 'dup', 'lseek', '@device', '@trace', '@secret', 'allocator', 'secret', '@alignment',
] as const; // prettier-ignore
export type Operation = (typeof OPERATIONS)[number];

/** What a swap device is: compressed RAM that answers at once, or a file on a disk that takes its time. */
export const SWAP_KINDS = ['zram', 'file'] as const satisfies readonly SwapKind[];

/** Who reclaims. */
export const RECLAIM_REASONS = ['kswapd', 'direct reclaim', 'madvise'] as const;
export type ReclaimReason = (typeof RECLAIM_REASONS)[number];

/** Why an access ended in a signal; the program sees only the code, the lab says the reason. */
export const SIGNAL_REASONS = [
  'none',
  'no VMA', // SEGV_MAPERR
  'permission', // SEGV_ACCERR
  'kernel half', // SEGV_MAPERR to the program
  'non-canonical', // SI_KERNEL, address 0
  'beyond the object', // SIGBUS BUS_ADRERR
  'stack limit', // SEGV_MAPERR
  'killed',
  'out of memory',
  'guard', // SEGV_MAPERR
  'abort', // abort(3) after the allocator's message
  'endless loop', // in a damaged list of the allocator
] as const;
export type SignalReason = (typeof SIGNAL_REASONS)[number];

/** Why a task stood still. */
export const STALL_REASONS = ['minor fault', 'major fault'] as const;
export type StallReason = (typeof STALL_REASONS)[number];
