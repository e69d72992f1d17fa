/**
 * Where the lab differs from Linux on purpose. The app shows this list, and SIMPLIFICATIONS.md is written from it (a
 * test holds them equal). Any other difference is a bug.
 */
export interface Simplification {
  readonly subject: string;
  readonly real: string;
  readonly lab: string;
  readonly why: string;
}

export const SIMPLIFICATIONS: readonly Simplification[] = [
  {
    subject: 'A program at its start',
    real: 'A dynamic loader maps libraries and runs first; the vdso is mapped; execve leaves the argument strings and the cleared end of the data page resident.',
    lab: 'exec leaves the same pages resident, with argc, argv, envp and the auxiliary vector as Linux writes them, but there is no loader, no library, no vdso. Of the very first program nothing is resident, its stack has four pages, and its heap exists from the start, a page behind bss.',
    why: 'The first faults that one sees are the ones that the lesson causes, and a process fits on a screen.',
  },
  {
    subject: 'The C library in a process',
    real: 'Its text and data, and the program’s image, are mapped: a bent pointer of the allocator may read them.',
    lab: 'Two pages with the allocator’s own data are there; where a small process has the rest, the allocator reads zeros, and other accesses fault.',
    why: 'A process fits on a screen, and a damaged heap still ends with the message that glibc gives.',
  },
  {
    subject: 'The bare process of exec',
    real: 'A process always has a program behind it.',
    lab: '`faultline exec` starts from a process with 47 hidden pages and an empty heap, on 1 GiB of RAM, as the recorded runs of a real kernel do, and as there nobody raises a hard limit; for all else the process is root’s. The window and scenarios start from the small program.',
    why: 'Results can be compared step by step with the real kernel’s.',
  },
  {
    subject: 'Bits of a page table entry',
    real: 'Since 6.6 a dirty page that becomes read-only keeps its dirty mark in bit 58; with page table isolation every process has a second top table.',
    lab: 'The mark stays in bit 6, and there is one top table.',
    why: 'One mark and one tree are easier to follow; what happens is the same.',
  },
  {
    subject: 'Guard pages in a page table',
    real: 'A guard is a swap entry of a device that does not exist, 31, with the number 4.',
    lab: 'A guard has bit 4 and nothing else; swap entries are as on x86-64.',
    why: 'The low half of an entry alone tells what it is.',
  },
  {
    subject: 'Swap devices',
    real: 'A fault reads neighbours ahead (page-cluster is 3 at boot), slots are handed out in clusters for each processor, and a write ends when the disk says so.',
    lab: 'page-cluster is 0 until it is set, so that one page is read at a time; slots are handed out one after the other, and a write that goes on ends with the command, or when somebody has to wait for it.',
    why: 'One fault, one page, one slot: each can be followed.',
  },
  {
    subject: 'Places of mappings',
    real: 'mmap without an address goes below the mapping before it.',
    lab: 'Every name of the console has a place of its own, far from all others and the same in every process.',
    why: 'Areas merge only where a script puts one beside another, and names keep their meaning.',
  },
  {
    subject: 'One processor',
    real: 'Pages wait in per-processor lists that hold references, so that the last sharer of a page sometimes copies it.',
    lab: 'One processor. While a command runs, what it freed last is taken first, and frames wait in the batch of mlock as on Linux; between commands these lists are empty, and the last sharer always keeps its page.',
    why: 'On a real machine the outcome depends on what other processors did; the lab shows the rule.',
  },
  {
    subject: 'What the kernel itself needs',
    real: 'The kernel image, the frame table, and slabs for tasks, areas and inodes.',
    lab: 'Seven frames for the image, one frame per 64 for the frame table; page tables take frames; everything else is free of charge.',
    why: 'Slab sizes change with every version and configuration.',
  },
  {
    subject: 'Running out of frames',
    real: 'kswapd runs beside the tasks, on another processor or whenever the scheduler lets it; dirty pages of files are left to flusher threads.',
    lab: 'kswapd runs between two accesses of a program, and at the end of a call; direct reclaim waits for the writes it started. Reclaim looks at the classic active and inactive lists, one zone, without generations (CONFIG_LRU_GEN) and without memory cgroups.',
    why: 'Same commands, same pages, and every page that goes can be traced to the allocation that needed its frame.',
  },
  {
    subject: 'Watermarks of small machines',
    real: 'min_free_kbytes is at least 128, and reclaim works on 32 pages at a time.',
    lab: 'Below 16 MiB the min mark is 1/32 of RAM, the marks are at least one frame apart, and reclaim works on that share of 32 pages.',
    why: 'On 64 frames the floors of Linux would leave nothing to work with.',
  },
  {
    subject: 'Signals',
    real: 'A SIGSEGV that nobody handles ends the process; a signal without effect leaves the program in its handler.',
    lab: 'Tasks start as under a harness that catches SIGSEGV and SIGBUS: a bad access of a command is reported with its reason and the task lives on, until `sigaction SEGV default`. A handler only leaves its mark in the log.',
    why: 'One can go on from there.',
  },
  {
    subject: 'Arenas',
    real: 'Every thread of a program may get an arena and a tcache of its own.',
    lab: 'A process has one thread, so all blocks come from main_arena.',
    why: 'There are no threads; what the main arena does is glibc’s, byte by byte.',
  },
  {
    subject: 'The environment',
    real: 'Every program gets the environment that its parent hands over.',
    lab: '`@env` sets one for all processes, up to the first call of an allocator.',
    why: 'A setting such as MALLOC_PERTURB_ is for the whole lesson.',
  },
  {
    subject: 'End of a child',
    real: 'A zombie waits until its parent asks for it; wait blocks while children live.',
    lab: 'Parents start with SIGCHLD ignored, as a shell may leave it: a child that ends is reaped at once. After `sigaction CHLD default` zombies stay; wait never blocks, as with WNOHANG.',
    why: 'Most lessons are not about zombies, and a command cannot wait for a later one.',
  },
  {
    subject: 'Numbers and names of tasks',
    real: 'The first process has number 1 and every program its own name.',
    lab: 'pN has number N, from 0, and the name pN, in /proc and in the kernel log too.',
    why: 'What is printed can be found on the screen.',
  },
  {
    subject: 'What the out-of-memory killer reports',
    real: 'The report names processor, version and hardware and lists the calls that led to it; oom_score_adj counts whole thousandths of the pages of the machine, which is nothing below 1,000 pages.',
    lab: 'Those lines are left out; the rest is word for word, with 0 where the lab has nothing to count. Below 1,000 pages oom_score_adj counts in proportion. A panic stops the simulation, not the window: going back still works.',
    why: 'There is no such hardware, and lessons run on 64 frames.',
  },
  {
    subject: 'What /proc says',
    real: 'pagemap is binary; many fields of status, meminfo and vmstat belong to things beside memory.',
    lab: 'Texts have every field of 6.18 in its place and form. What the lab does not have stands as Linux prints it on an idle machine: 0, or the kernel’s value at boot. pagemap is printed as an address and 16 hex digits a line.',
    why: 'Programs that read /proc can read the lab’s, and no figure is invented.',
  },
  {
    subject: 'Settings at boot',
    real: 'min_free_kbytes is never below 128 kB; distributions turn address randomisation on.',
    lab: 'Below 16 MiB of RAM min_free_kbytes is 1/32 of RAM; randomize_va_space is 0.',
    why: '128 kB are half of a machine of 64 frames, and places that stay the same can be named.',
  },
  {
    subject: 'The TLB',
    real: 'Two levels, apart for code and data and for small and huge pages; caches of upper page table entries; six address space numbers a processor; and clearing an accessed bit flushes nothing.',
    lab: 'One level for all pages, 64 entries in 4 ways unless set otherwise, a number for every address space, and every walk reads all levels. A translation that does not permit a store is looked up again before it faults, as on AMD.',
    why: 'Hits and misses can be followed by hand; the TLB never decides what happens.',
  },
  {
    subject: 'Huge pages',
    real: 'A huge page that is partly unmapped keeps all its 512 frames until it is split under pressure, and is copied as long as anybody else maps any of it; khugepaged collapses by itself; there are sizes between 4 KiB and 2 MiB, and of 1 GiB; the pool of them (nr_hugepages) is filled by moving other pages away, and can be shared by quota or mounted as a file system; one of its pages needs no page table below; an area of which a part moves loses what was promised to the rest; 512 free frames in a row may be made by compaction.',
    lab: 'What is split is 512 ordinary pages at once: a frame that nobody maps is free, a page that nobody shares is kept. Only faults and madvise(MADV_COLLAPSE) make huge pages, of 2 MiB, where such a block is free. The pool takes free blocks of 2 MiB and no others, and is for MAP_HUGETLB alone. The page table that is put aside for a split holds its entries already; pages of the pool have one too.',
    why: 'What happens to each frame can be seen when it happens.',
  },
  {
    subject: 'Page size',
    real: 'x86-64 has pages of 4 KiB, 2 MiB and 1 GiB; machines with pages of 8 KiB were others, with tables of their own. Pages of 2 MiB are asked for by name, or come by themselves where they fit.',
    lab: '--page-size 8k makes pages of two entries each that are mapped, faulted in, copied and given back together, and leave for swap one by one; a program that asks is still told 4096. --page-size 2m rounds mappings up to 2 MiB and maps huge pages wherever they fit, as transparent_hugepage=always does.',
    why: 'The same program under each size shows what a size costs and saves; the tables stay those of the processor.',
  },
  {
    subject: 'A machine without protection',
    real: 'Real mode has segments of 64 KiB and one mebibyte; Linux needs another kernel to run without page tables, and refuses fork there.',
    lab: '@real on makes every address a physical one that begins again at 0 behind the end of RAM, without segments. All programs start over; fork gives a task in the same memory, as vfork would; files are not mapped.',
    why: 'What protection is good for is seen best on the same machine and with the same programs, without it.',
  },
  {
    subject: 'Devices',
    real: 'Every driver decides what of its device may be mapped, and how it is cached; registers answer by themselves.',
    lab: 'A device is memory behind the addresses of RAM that keeps what is stored. It is mapped shared, all entries at once, and private mappings are refused, as most drivers do. Its entries lack the bit for special pages.',
    why: 'What matters for memory is that such pages take no RAM, never fault and never leave.',
  },
  {
    subject: 'Time',
    real: 'Costs depend on the machine.',
    lab: 'Virtual nanoseconds per access, level of a walk, fault, call, cleared or copied frame, with a source for each default; they can be set, and never decide what happens.',
    why: 'Same scenario, same numbers, on every machine.',
  },
  {
    subject: 'Files',
    real: 'What a file does depends on its file system, its disk and the folios it uses; each open has a read-ahead window of its own.',
    lab: 'Files behave as on ext4 with blocks of 4 KiB, pages of one frame and a read-ahead of 128 KiB; one window a file. A page that truncation reads to clear its end is up to date at once, and written pages do not slow writers down.',
    why: 'One file system with one set of numbers; recorded runs of it are the reference.',
  },
  {
    subject: 'Chance in places',
    real: 'Address space layout randomisation is on; the start of mmap and the vdso move too.',
    lab: 'It is off until @aslr on or randomize_va_space says otherwise; then text, stack and heap move at the next exec, with Linux’s entropy for each, drawn from the machine’s seed. Names of the console keep their places.',
    why: 'Addresses that stay the same can be talked about.',
  },
  {
    subject: 'Writing back',
    real: 'Writes end when the disk says so; flusher threads also start when many pages are dirty.',
    lab: 'A write takes 20 µs of virtual time a page; pages dirty for 30 s are written at the next 5 s tick; there is no threshold.',
    why: 'Virtual time passes only as commands take it.',
  },
];

/** The list as a Markdown page. */
export function simplificationsPage(): string {
  const sections = SIMPLIFICATIONS.map(
    ({ subject, real, lab, why }) => `## ${subject}\n\n- Linux: ${real}\n- The lab: ${lab}\n- Why: ${why}\n`,
  );
  return `# Simplifications\n\nWhere the lab differs from Linux on purpose. Any other difference is a bug.\n\n${sections.join('\n')}`;
}
