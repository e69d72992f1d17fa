import { PROGRAM_DIRECTIVE_ROWS, PROGRAM_ROWS } from './program-commands.ts';
import type { OperationHelp } from '../../protocol/player.ts';
import type { LibraryOp } from '../../protocol/library-calls.ts';
import { LIBRARY_USAGE } from './library-call.ts';

import { row, type ArgumentKind, type OperationRow } from './operation-row.ts';
import { TASK_COMMAND_ROWS } from './task-rows.ts';
/** Calls of the C library: [operation, arguments that must be there, what they are, what it does]. */
const LIBRARY_HELP: readonly (readonly [LibraryOp, number, readonly ArgumentKind[], string])[] = [
  ['malloc', 2, ['newPointer', 'size'], 'Asks the C library for a block of so many bytes and names its pointer.'],
  ['free', 1, ['pointer', 'number'], 'Gives a block back to the library, which keeps its pages; the name dangles.'],
  ['calloc', 3, ['newPointer', 'number', 'size'], 'Asks for N times so many bytes, all zero.'],
  ['realloc', 2, ['pointer', 'size', 'newPointer'], 'Gives a block another size, in place or elsewhere.'],
  ['reallocarray', 3, ['pointer', 'number', 'size', 'newPointer'], 'As realloc, for N times so many bytes; the product is checked.'],
  ['memalign', 3, ['newPointer', 'alignment', 'size'], 'Asks for a block at a multiple of the alignment.'],
  ['aligned_alloc', 3, ['newPointer', 'alignment', 'size'], 'As memalign; the name of the C standard.'],
  ['posix_memalign', 3, ['newPointer', 'alignment', 'size'], 'As memalign; refuses what is no power of two.'],
  ['valloc', 2, ['newPointer', 'size'], 'Asks for a block at the start of a page.'],
  ['usable', 1, ['pointer'], 'Says how many bytes of a block may be used: as many as asked for, or a few more.'],
  ['show', 1, ['pointer'], 'Says where a block lies and what its header says.'],
  ['null', 1, ['pointer'], 'Sets a name to NULL, as good programs do behind free.'],
  ['store', 3, ['pointer', 'number', 'pointer'], 'Stores a pointer into a block, so many bytes behind its start.'],
  ['fill', 3, ['pointer', 'byte', 'size'], 'Stores one byte many times, from the start of the block on.'],
  ['raw', 2, ['pointer', 'number'], 'Loads a word of eight bytes of the block, by its index.'],
  ['prev', 1, ['pointer'], 'Loads the word in front of the block’s header.'],
  ['loop', 3, ['loopAction', 'prefix', 'number', 'size'], 'Allocates or frees the blocks PREFIX0, PREFIX1 …, N of them.'],
  ['mallopt', 2, ['mallopt', 'number'], 'Changes a parameter of the allocator.'],
  ['trim', 1, ['size'], 'Gives free pages of the heap back to the kernel: malloc_trim.'],
  ['mallinfo', 0, [], 'Counts the heap’s bytes in use and free: mallinfo2.'],
  ['malloc_stats', 0, [], 'Writes the library’s own statistics.'],
]; // prettier-ignore
const LIBRARY_ROWS = LIBRARY_HELP.map(([op, required, args, help]) =>
  row(op, `pN ${LIBRARY_USAGE[op]}`, required, args, help),
);

const FILE_RANGE = ['file', 'offset', 'count'] as const;
const RANGE = ['region', 'offset', 'count'] as const;

/** Operations of a task, `pN OP …`, one row each. */
export const TASK_ROWS: readonly OperationRow[] = [
  row(
    'mmap',
    'pN mmap NAME PAGES PERMS private|shared anon|file FILE+OFF [at REGION+OFF | fixed REGION+OFF] [noreserve] [populate] [locked] [hugepages]',
    3,
    ['newRegion', 'count', 'perms', 'mmapWords'],
    'Promises PAGES pages under a name; no frame is taken before the first access, unless populate asks for it.',
  ),
  row(
    'munmap',
    'pN munmap REGION OFF PAGES',
    3,
    RANGE,
    'Gives a range back: its pages become invalid, its frames free.',
  ),
  row(
    'mprotect',
    'pN mprotect REGION OFF PAGES PERMS',
    4,
    [...RANGE, 'perms'],
    'Changes what accesses a range allows.',
  ),
  row('touch_r', 'pN touch_r REGION OFF PAGES', 3, RANGE, 'Loads one byte of each page.'),
  row('touch_w', 'pN touch_w REGION OFF PAGES [BYTE]', 3, [...RANGE, 'byte'], 'Stores one byte into each page.'),
  row('read', 'pN read REGION OFF PAGES', 3, RANGE, 'Loads one byte of each page and prints the values.'),
  row(
    'poke',
    'pN poke REGION|POINTER OFF BYTE…',
    3,
    ['bytePlace', 'offset', 'bytes'],
    'Stores bytes one after the other, at any offset.',
  ),
  row(
    'bytes',
    'pN bytes REGION|POINTER OFF BYTES',
    3,
    ['bytePlace', 'offset', 'count'],
    'Loads bytes one after the other, at any offset, and prints them.',
  ),
  row(
    'brk',
    'pN brk +PAGES | -PAGES | =PAGES',
    1,
    ['break'],
    'Moves the end of the heap, by an amount or to a distance from its start.',
  ),
  row('mlock', 'pN mlock REGION OFF PAGES', 3, RANGE, 'Keeps a range in memory, within the limit of locked memory.'),
  row(
    'mlock2',
    'pN mlock2 REGION OFF PAGES [onfault]',
    3,
    [...RANGE, 'flags'],
    'Keeps a range in memory; with onfault each page only once it is touched.',
  ),
  row('munlock', 'pN munlock REGION OFF PAGES', 3, RANGE, 'Lets a locked range go.'),
  row(
    'mlockall',
    'pN mlockall current|future|onfault …',
    1,
    ['lockWords', 'lockWords', 'lockWords'],
    'Keeps all that is mapped, all that will be, or both, in memory.',
  ),
  row('munlockall', 'pN munlockall', 0, [], 'Lets everything locked go, now and in future.'),
  row('mincore', 'pN mincore REGION OFF PAGES', 3, RANGE, 'Says for each page whether it is in memory.'),
  row(
    'madvise',
    'pN madvise REGION OFF PAGES ADVICE',
    4,
    [...RANGE, 'advice'],
    'Tells the kernel what a range is for: drop it, fill it, hide it from children, guard it.',
  ),
  row(
    'mremap',
    'pN mremap REGION OFF OLD NEW [maymove] [dontunmap] [fixed REGION+OFF]',
    4,
    ['region', 'offset', 'count', 'count', 'mremapWords', 'mremapWords', 'mremapWords'],
    'Grows, shrinks or moves a range; frames move with it, nothing is copied.',
  ),
  row(
    'msync',
    'pN msync REGION OFF PAGES FLAGS',
    4,
    [...RANGE, 'flags'],
    'Asks for a range to be written back: 1 async, 2 invalidate, 4 sync.',
  ),
  row(
    'rlimit',
    'pN rlimit memlock|as|data|stack SOFT [HARD]',
    2,
    ['resource', 'limit', 'limit'],
    'Sets a limit of the task, in pages, or inf for none.',
  ),
  row('dropcap', 'pN dropcap ipc_lock', 1, ['capability'], 'Gives a privilege up for good.'),
  ...LIBRARY_ROWS,
  row(
    'ftruncate',
    'pN ftruncate FILE PAGES',
    2,
    ['file', 'count'],
    'Sets a file’s size; what lies behind the new end leaves the page cache and every address space.',
  ),
  row(
    'pread',
    'pN pread FILE OFF PAGES [to REGION+OFF] [direct]',
    3,
    [...FILE_RANGE, 'toWords'],
    'Reads from a file through the page cache, or with direct past it; without a buffer the bytes go nowhere.',
  ),
  row(
    'pwrite',
    'pN pwrite FILE OFF PAGES from REGION+OFF [direct]',
    5,
    [...FILE_RANGE, 'fromWords'],
    'Writes to a file: into the page cache, which is dirty then, or with direct to the disk.',
  ),
  row('fsync', 'pN fsync FILE', 1, ['file'], 'Writes all dirty pages of a file back and waits for the disk.'),
  row(
    'fadvise',
    'pN fadvise FILE OFF PAGES willneed|dontneed',
    4,
    [...FILE_RANGE, 'fileAdvice'],
    'Reads a part of a file ahead, or drops what is cached of it.',
  ),
  row(
    'exec',
    'pN exec IMAGE [ARG…]',
    1,
    ['image'],
    'Runs another program in the task: a new address space, the limits stay.',
  ),
  row('fork', 'pN fork pM', 1, ['newTask'], 'Makes a child that shares every private page until somebody writes.'),
  row(
    'walk',
    'pN walk REGION OFF',
    2,
    ['region', 'offset'],
    'Shows the walk through the page tables to a page, entry by entry, and whether the TLB knows it.',
  ),
  ...TASK_COMMAND_ROWS,
  ...PROGRAM_ROWS,
  row('state', 'pN state', 0, [], 'Does nothing; only shows where things stand.'),
];

/** Directives to the machine, `@NAME …`. */
export const MACHINE_ROWS: readonly OperationRow[] = [
  row(
    '@overcommit',
    '@overcommit 0|1|2',
    1,
    ['mode'],
    'Chooses how far promises may exceed memory: 0 guesses, 1 never refuses, 2 counts strictly.',
  ),
  row('@cas', '@cas', 0, [], 'Adds the change of Committed_AS to each step that follows.'),
  row(
    '@sysctl',
    '@sysctl NAME VALUE',
    2,
    ['sysctl', 'value'],
    'Writes a setting of the machine, such as overcommit_ratio, swappiness or mmap_min_addr.',
  ),
  row(
    '@env',
    '@env NAME VALUE',
    2,
    ['variable', 'value'],
    'Sets a variable of the environment, such as MALLOC_PERTURB_ 165, before the first malloc.',
  ),
  row(
    '@swap',
    '@swap zram|file MIB',
    2,
    ['swapKind', 'count'],
    'Adds a swap device: zram answers at once, a file takes its time.',
  ),
  row(
    '@image',
    '@image NAME TEXT RODATA DATA BSS',
    5,
    ['newFile', 'count', 'count', 'count', 'count'],
    'Makes a program that exec can run; sizes in pages.',
  ),
  row('@aslr', '@aslr on|off', 1, ['onOff'], 'Gives programs that start from now on places by chance, or fixed ones.'),
  row(
    '@trace',
    '@trace POLICY FRAMES PAGE…',
    3,
    ['tracePolicy', 'count', 'pageNumbers'],
    'Plays page numbers against fifo, lru, clock, lfu, random, opt or linux, and counts faults.',
  ),
  row(
    '@device',
    '@device NAME PAGES',
    2,
    ['newFile', 'count'],
    'Adds a device with memory of its own, which can be mapped like a file, shared.',
  ),
  row(
    '@real',
    '@real on|off',
    1,
    ['onOff'],
    'Runs the machine without protection: addresses are physical, nothing is checked.',
  ),
  row('@file', '@file NAME PAGES', 2, ['newFile', 'count'], 'Makes a file of PAGES pages; nothing of it is cached.'),
  row('@cat', '@cat meminfo|vmstat|swaps|buddyinfo', 1, ['machineFile'], 'Prints what /proc says of the machine.'),
  row('@sleep', '@sleep MS', 1, ['milliseconds'], 'Lets virtual time pass.'),
  row(
    '@tlb',
    '@tlb ENTRIES WAYS lru|fifo|random|plru',
    3,
    ['tlbEntries', 'tlbWays', 'tlbPolicy'],
    'Gives the processor an empty TLB of another shape.',
  ),
  row('@thp', '@thp never|madvise|always', 1, ['thp'], 'Chooses where a first touch may map 512 pages at once.'),
  ...PROGRAM_DIRECTIVE_ROWS,
  row('@cost', '@cost NAME NS', 2, ['cost', 'nanoseconds'], 'Sets what something takes in virtual nanoseconds.'),
];

export const OPERATION_ROWS: readonly OperationRow[] = [...TASK_ROWS, ...MACHINE_ROWS];

/** What `help` prints: a row for each operation. */
export const HELP: readonly OperationHelp[] = OPERATION_ROWS.map(({ op, usage, help }) => ({ op, usage, help }));
