/** Every word that the lab uses and a newcomer may not know, in one place. */
export interface Term {
  readonly name: string;
  /**
   * Other ways to write it, as they stand in sentences and pictures; plurals are found by themselves. A name in `ALONE`
   * is explained only where nothing else stands with it: it is an ordinary word too.
   */
  readonly forms: readonly string[];
  readonly means: string;
  /** Where Linux or glibc have it; a word of the lab's own says so. */
  readonly source: string;
}

const term = (name: string, forms: string, means: string, source: string): Term => ({
  name,
  forms: forms === '' ? [] : forms.split(', '),
  means,
  source,
});

const LAB = 'a word of this lab';

/** Names of areas in pictures; in sentences they are everybody’s words. */
export const ALONE: ReadonlySet<string> = new Set(['data', 'text', 'top', 'free', 'entry', 'walk']);

// prettier-ignore
const PROCESSES: readonly Term[] = [
  term('process', 'task', 'A running program with memory of its own. Linux calls it a task; p0, p1 … are its names here.', 'struct task_struct, include/linux/sched.h'),
  term('fork', '', 'Makes a child with the same memory. Nothing is copied but the page tables: pages are shared until somebody writes.', 'kernel/fork.c kernel_clone, mm/memory.c copy_page_range'),
  term('exec', '', 'Replaces the program of a process: the old address space goes, a new one is built.', 'fs/exec.c begin_new_exec, fs/binfmt_elf.c'),
  term('signal', '', 'A short message of the kernel to a process: SIGSEGV for an access that is not allowed, SIGKILL to end it.', 'kernel/signal.c'),
  term('segmentation fault', 'SIGSEGV, segfault', 'The process touched an address that no area covers, or in a way that the area does not allow. The kernel sends SIGSEGV.', 'arch/x86/mm/fault.c bad_area'),
  term('zombie', '', 'A process that has ended and whose parent has not asked for its exit status yet. Its memory is already free.', 'kernel/exit.c exit_notify'),
];

// prettier-ignore
const ADDRESSES: readonly Term[] = [
  term('address space', '', 'All addresses that a process can name. Each process has its own: the same number means another place elsewhere.', 'struct mm_struct, include/linux/mm_types.h'),
  term('area', 'VMA', 'A stretch of addresses with one set of rights and one source of its bytes. An access outside of every area is a segmentation fault.', 'struct vm_area_struct'),
  term('page', '', '4096 bytes of an address space: the smallest piece that can be mapped, protected or swapped.', 'PAGE_SIZE, arch/x86/include/asm/page_types.h'),
  term('frame', 'physical frame', '4096 bytes of RAM. A page is virtual, a frame is physical; the page table says which frame a page lies in.', 'struct page, include/linux/mm_types.h'),
  term('RAM', 'physical memory, physical RAM', 'The memory that is really there, cut into frames.', 'mm/mm_init.c'),
  term('page table', 'L1, L2, L3, L4', 'The tree that the processor reads to find a page’s frame: four levels of 512 entries. Its tables are frames too.', 'pgd, p4d, pud, pmd, pte; arch/x86/include/asm/pgtable_64.h'),
  term('page table entry', 'PTE, entry', 'Eight bytes that say where a page is: its frame, and whether it may be read, written, run.', 'pte_t, arch/x86/include/asm/pgtable_types.h'),
  term('TLB', '', 'The processor’s small memory of translations it has just looked up. What is in it needs no walk through the page tables.', 'arch/x86/mm/tlb.c'),
  term('walk', '', 'Reading the page tables from the top down, one entry a level, until the frame is found or the way ends.', 'Intel SDM volume 3, 4-level paging'),
  term('kernel half', '', 'The upper half of the addresses. Programs may not touch it; the kernel maps itself there.', 'Documentation/arch/x86/x86_64/mm.rst'),
  term('unmapped', 'not mapped', 'Addresses that no area covers. Nothing is there, and an access is a segmentation fault.', 'mm/mmap.c'),
  term('stack', '', 'The area for calls in progress: return addresses and local variables. It grows downwards by itself.', 'mm/mmap.c expand_stack'),
  term('heap', '', 'The area above the program’s data that malloc takes most of its memory from. It ends at the break.', 'mm/mmap.c brk, mm->start_brk'),
  term('break', 'brk', 'The end of the heap. malloc moves it up for more memory, and down again when enough is free at the top.', 'mm/mmap.c SYSCALL brk'),
  term('bss', '', 'Variables of the program that begin as zero: the file holds only their size.', 'fs/binfmt_elf.c vm_brk_flags'),
  term('data', '', 'Variables of the program that begin with a value from its file.', 'fs/binfmt_elf.c'),
  term('rodata', '', 'Constants of the program: can be read, not written.', 'fs/binfmt_elf.c'),
  term('text', '', 'The program’s instructions: can be read and run, and are shared by all who run it.', 'fs/binfmt_elf.c'),
  term('mmap', 'mapping', 'Makes a new area. Memory is only promised: no frame is taken before the first access.', 'mm/mmap.c do_mmap'),
  term('munmap', '', 'Takes an area or a part of it away; its frames are free once nobody else has them.', 'mm/vma.c do_vmi_munmap'),
  term('mprotect', '', 'Changes what accesses an area allows.', 'mm/mprotect.c'),
  term('madvise', '', 'Tells the kernel how memory will be used; with MADV_DONTNEED its contents may go at once.', 'mm/madvise.c'),
  term('ASLR', '', 'Puts stack, heap and mappings at places by chance, so that an attacker cannot know them.', 'kernel.randomize_va_space, fs/binfmt_elf.c'),
];

// prettier-ignore
const STATES: readonly Term[] = [
  term('page fault', 'fault, write fault, read fault', 'The processor found no way to carry out an access and asks the kernel, which brings the page, copies it, or sends SIGSEGV.', 'arch/x86/mm/fault.c, mm/memory.c handle_mm_fault'),
  term('minor fault', 'minflt', 'A page fault that needed nothing from a disk.', 'task->min_flt, mm/memory.c mm_account_fault'),
  term('major fault', 'majflt', 'A page fault that had to wait for a disk: swap, or a file that is not cached.', 'VM_FAULT_MAJOR, mm/memory.c'),
  term('copy-on-write', 'copy on write, COW', 'Shared pages are read-only until somebody writes; then the writer gets a copy of that one page.', 'mm/memory.c do_wp_page, wp_page_copy'),
  term('shared', '', 'Several pages lie in the same frame. Writing to private memory copies it first.', 'folio mapcount, mm/rmap.c'),
  term('zero page', '', 'One frame full of zeros that every page shares which has been read and never written.', 'mm/memory.c do_anonymous_page, ZERO_PAGE'),
  term('demand zero', 'demand-zero', 'A page is promised when it is asked for and gets a frame, filled with zeros, at its first write.', 'mm/memory.c do_anonymous_page'),
  term('not present', '', 'The page may be used, and has no frame yet: the first access is a page fault.', '_PAGE_PRESENT'),
  term('resident', '', 'The page has a frame in RAM.', 'mm->rss_stat, include/linux/mm.h'),
  term('read-only', '', 'A store to this page is a page fault: because the area forbids it, or because it is shared until then.', '_PAGE_RW'),
  term('writable', '', 'A store to this page needs no help of the kernel.', '_PAGE_RW'),
  term('dirty', '', 'Written since it was last saved: it must be stored before its frame can be used for something else.', '_PAGE_DIRTY, PG_dirty'),
  term('accessed', '', 'The processor has used this page since the bit was last cleared; reclaim reads it to find what is idle.', '_PAGE_ACCESSED'),
  term('refcount', '', 'How many hold on to a frame. It is free when the last lets go.', 'folio_ref_count, include/linux/page_ref.h'),
  term('anonymous memory', 'anonymous', 'Memory without a file behind it: heap, stack, private mappings. Only swap can take it.', 'mm/memory.c do_anonymous_page'),
  term('page cache', 'file cache, cached', 'Frames that hold parts of files, so that the next read needs no disk.', 'mm/filemap.c'),
  term('mlock', 'mlocked, locked', 'Keeps pages in RAM: they are never swapped. How much a process may lock has a limit.', 'mm/mlock.c, RLIMIT_MEMLOCK'),
  term('huge page', '', '512 pages mapped by one entry: fewer faults and fewer TLB entries, and up to 2 MiB for one byte.', 'mm/huge_memory.c'),
];

// prettier-ignore
const FIGURES: readonly Term[] = [
  term('RSS', '', 'Resident set size: pages of a process that lie in RAM. Shared ones count fully for everybody who has them.', 'get_mm_rss, /proc/PID/status VmRSS'),
  term('PSS', '', 'Proportional set size: as RSS, but a page shared by three counts a third. All PSS together are what is used.', '/proc/PID/smaps Pss, fs/proc/task_mmu.c'),
  term('USS', '', 'Unique set size: pages that nobody else has. What would be free if the process ended.', 'Private_Clean and Private_Dirty of /proc/PID/smaps'),
  term('commit', 'Committed_AS, promised', 'Memory that has been promised, used or not. More can be promised than there is.', 'vm_committed_as, mm/util.c __vm_enough_memory'),
  term('overcommit', '', 'How far promises may exceed memory: 0 guesses, 1 never refuses, 2 counts every page.', 'vm.overcommit_memory, mm/util.c'),
];

// prettier-ignore
const PRESSURE: readonly Term[] = [
  term('swap', 'in swap', 'Space on a disk for pages that are not needed now, so that their frames can be used by others.', 'mm/swapfile.c, mm/page_io.c'),
  term('slot', 'swap slot', 'Room for one page in swap. The page table entry remembers its number.', 'swp_entry_t, include/linux/swapops.h'),
  term('swap cache', '', 'Pages that are in RAM and in swap at once: brought back and not yet changed.', 'mm/swap_state.c'),
  term('reclaim', 'direct reclaim', 'Taking frames away from pages that were used least lately. Direct reclaim is done by whoever asks for memory, who waits.', 'mm/vmscan.c shrink_node'),
  term('kswapd', '', 'The kernel’s own thread that reclaims memory in the background once free frames fall below the low watermark.', 'mm/vmscan.c balance_pgdat'),
  term('watermark', '', 'Marks of free memory. Below low kswapd wakes, at high it sleeps again, below min those who ask must help.', 'mm/page_alloc.c __setup_per_zone_wmarks'),
  term('LRU list', 'active list, inactive list, LRU', 'Pages in order of use, in an active and an inactive list; reclaim takes from the end of the inactive one.', 'mm/swap.c, mm/vmscan.c'),
  term('OOM killer', 'out of memory', 'When nothing can be reclaimed, the process with the highest badness is ended.', 'mm/oom_kill.c oom_badness'),
  term('buddy allocator', 'buddy', 'Gives out frames in blocks of 1, 2, 4 …; neighbours that are both free become one block again.', 'mm/page_alloc.c'),
  term('write-back', 'written back', 'Dirty pages of files are stored on the disk; they stay in the cache, clean.', 'mm/page-writeback.c'),
  term('read-ahead', '', 'Reading more of a file than was asked for, because the next part is likely to be wanted.', 'mm/readahead.c'),
];

// prettier-ignore
const ALLOCATOR: readonly Term[] = [
  term('malloc', '', 'Asks the C library for a block of bytes. Only when it has none does it ask the kernel.', 'glibc 2.36 malloc/malloc.c __libc_malloc'),
  term('free', '', 'As a call: gives a block back to the C library, which keeps its pages for later. Of a frame: nobody uses it.', 'glibc malloc/malloc.c __libc_free; mm/page_alloc.c'),
  term('chunk', '', 'A block with its header of 16 bytes: the size, and bits that say whether its neighbour in front is in use.', 'struct malloc_chunk, glibc malloc/malloc.c'),
  term('tcache', '', 'Each thread’s own short lists of freed chunks, seven of a size: the first place that malloc looks.', 'tcache_put, tcache_get, glibc malloc/malloc.c'),
  term('fastbin', '', 'Lists of small freed chunks that are not joined with their neighbours.', 'mfastbinptr, glibc malloc/malloc.c'),
  term('unsorted bin', '', 'Where freed chunks wait; the next malloc that needs them sorts them into their bins.', 'unsorted_chunks, glibc malloc/malloc.c'),
  term('bin', 'small bin, large bin', 'A list of free chunks of one size, or of a range of sizes.', 'bin_at, glibc malloc/malloc.c'),
  term('top chunk', 'top', 'The free rest at the end of the heap. It grows with the break and is trimmed with it.', 'av->top, glibc malloc/malloc.c'),
  term('arena', '', 'A heap with its bins and its lock; threads may have arenas of their own.', 'struct malloc_state, glibc malloc/malloc.c'),
  term('trim', '', 'Giving free memory at the end of the heap back to the kernel.', 'systrim, glibc malloc/malloc.c'),
  term('fragmentation', '', 'Memory that is free and of no use: holes too small inside of the heap, or rests inside of blocks.', 'mallinfo2: fordblks, keepcost'),
];

// prettier-ignore
const TIME: readonly Term[] = [
  term('step', '', 'One thing that happens: a caption, commands, and claims about what they do. You can go back as well.', LAB),
  term('claim', '', 'Something that a lesson says will be so. The engine measures it at every run, and says when it does not hold.', LAB),
  term('chapter', '', 'Steps that belong together.', LAB),
  term('bookmark', '', 'A step that the lecturer wants to find again; [ and ] go from one to the next.', LAB),
  term('virtual time', '', 'The machine’s own clock: every access, fault and copy has a price in nanoseconds. It is the same at every run.', LAB),
  term('scenario', 'lesson', 'A file with a machine, steps and claims. Lessons are scenarios that come with the lab.', LAB),
  term('console', '', 'Where commands are typed: p0 touch_w A 0 1. Each becomes a step of its own.', LAB),
];

export const TERM_GROUPS: readonly { readonly title: string; readonly terms: readonly Term[] }[] = [
  { title: 'Processes', terms: PROCESSES },
  { title: 'Addresses', terms: ADDRESSES },
  { title: 'What becomes of a page', terms: STATES },
  { title: 'Figures', terms: FIGURES },
  { title: 'When memory runs short', terms: PRESSURE },
  { title: 'malloc and free', terms: ALLOCATOR },
  { title: 'The lab', terms: TIME },
];

export const TERMS: readonly Term[] = TERM_GROUPS.flatMap(({ terms }) => terms);
