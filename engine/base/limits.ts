/** Every bound of the engine in one place: name, unit, reason. Loops and queues take theirs from here. */

/** Frames: 4 GiB of RAM, so that a frame number fits the 20 bits above the flags in a PTE's low word. */
export const MAX_FRAMES = 1_048_576;
/** Frames: the kernel's own part, the page tables of one task and a few pages to work with. */
export const MIN_FRAMES = 24;
/** Tasks alive at once; names p0 … p999. */
export const MAX_TASKS = 1_000;
/** VMAs of one address space. Source: Linux include/linux/mm.h DEFAULT_MAX_MAP_COUNT (65,536 − 5 − 1). */
export const MAX_MAP_COUNT = 65_530;
/** First address behind user space. Source: Linux arch/x86/include/asm/page_64.h TASK_SIZE_MAX. */
export const TASK_SIZE = 2 ** 47 - 4096;
/** Lowest address a mapping may have until mmap_min_addr says otherwise, so that NULL traps. Source: Linux mm/Kconfig DEFAULT_MMAP_MIN_ADDR. */
export const MMAP_MIN_ADDR = 65_536;
/** RLIMIT_STACK at the start, bytes. Source: Linux include/uapi/linux/resource.h _STK_LIM. */
export const DEFAULT_STACK_LIMIT = 8 * 1024 * 1024;
/** RLIMIT_MEMLOCK at the start, soft and hard, bytes. Source: Linux include/uapi/linux/resource.h MLOCK_LIMIT. */
export const DEFAULT_MEMLOCK_LIMIT = 8 * 1024 * 1024;
/** Bounds of a C int. */
export const INT_MAX = 2 ** 31 - 1;
export const INT_MIN = -(2 ** 31);
/** Entries of mincore's vector that one command returns, and bytes that one read does. */
export const MAX_VECTOR = 4_096;
/** Pages that one touch or read command may visit: a typing error must not occupy the worker for minutes. */
export const MAX_PAGES_PER_COMMAND = 4_194_304;
/** Frames that wait to be sorted after mlock. Source: Linux include/linux/pagevec.h PAGEVEC_SIZE. */
export const MLOCK_BATCH = 31;
/** Pages a fault on a cached file or shared memory may map at once. Source: Linux mm/memory.c fault_around_pages. */
export const FAULT_AROUND_PAGES = 16;
/** Swap slots of all devices together: 4 GiB, so that a slot's number fits the low word of a swap entry. */
export const MAX_SWAP_PAGES = 1_048_576;
/** Swap devices; Linux takes 23 to 32, by configuration. Source: Linux include/linux/swap.h MAX_SWAPFILES. */
export const MAX_SWAP_DEVICES = 8;
/** Pages of a read-ahead window. Source: Linux include/linux/pagemap.h VM_READAHEAD_PAGES, 128 KiB. */
export const READAHEAD_PAGES = 32;
/** Pages a disk takes in one request. Source: Linux block/blk-settings.c BLK_DEF_MAX_SECTORS_CAP, 1,280 KiB. */
export const DEVICE_PAGES = 320;
/** Faults in a row without the page in the cache, after which read-around stops. Source: Linux mm/filemap.c MMAP_LOTSAMISS. */
export const MMAP_LOTS_OF_MISSES = 100;
/** What disks count in, bytes. Source: Linux include/linux/blk_types.h SECTOR_SIZE. */
export const SECTOR_BYTES = 512;
/** Bytes that a direct read or write, its place and its buffer are multiples of. Source: a disk's logical block. */
export const DIRECT_ALIGNMENT = 512;
/** Frames the kernel image takes before its frame table; see reservedFrames. */
export const KERNEL_IMAGE_FRAMES = 7;
/** Frames described by one frame of the frame table: 4,096 B / 64 B. Source: Linux struct page is 64 bytes on x86-64. */
export const FRAMES_PER_MAP_FRAME = 64;
/** Largest buddy block is 2^10 frames. Source: Linux include/linux/mmzone.h MAX_PAGE_ORDER. */
export const MAX_PAGE_ORDER = 10;
/** A huge page is 2^9 frames: what one entry of level 2 covers. Source: Linux include/linux/huge_mm.h HPAGE_PMD_ORDER. */
export const HUGE_ORDER = 9;
export const HUGE_PAGES = 512;
/** Characters of a scenario's text; the bundled ones stay below 20,000. */
export const MAX_SCENARIO_CHARS = 1_048_576;
/** Steps of one scenario. */
export const MAX_STEPS = 10_000;
/** Commands of one script or one step. */
export const MAX_COMMANDS = 1_000_000;

/** Frames that belong to the kernel from boot to halt: its image, then its table of frames. */
export function reservedFrames(totalFrames: number): number {
  return KERNEL_IMAGE_FRAMES + Math.ceil(totalFrames / FRAMES_PER_MAP_FRAME);
}
