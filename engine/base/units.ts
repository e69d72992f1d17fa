/**
 * Branded units: a number that says what it counts. Index, count and size never mix, and the compiler sees to it.
 * All are plain doubles at run time; every value the lab uses is below 2^53 and therefore exact.
 */
declare const unit: unique symbol;
type Branded<Name extends string> = number & { readonly [unit]: Name };

/** Index of a physical frame, from 0. */
export type Pfn = Branded<'Pfn'>;
/** Virtual page number: a virtual address without its 12 offset bits. Kernel-half pages are negative (sign-extended). */
export type Vpn = Branded<'Vpn'>;
/** Virtual address as a sign-extended 64-bit number: user half 0 … 2^47−1, kernel half negative. */
export type VirtAddr = Branded<'VirtAddr'>;
export type Bytes = Branded<'Bytes'>;
export type Pages = Branded<'Pages'>;
/** Virtual time in nanoseconds. */
export type Nanoseconds = Branded<'Nanoseconds'>;
/** Number of an event since boot, from 1; 0 is "no event". */
export type EventId = Branded<'EventId'>;
/** Number N of task pN. */
export type Pid = Branded<'Pid'>;

/** Rows of the state's tables; −1 is "none" wherever a row may be missing. */
export type MmId = Branded<'MmId'>;
export type VmaId = Branded<'VmaId'>;
export type ObjectId = Branded<'ObjectId'>;
/** Row in the pool of page tables. */
export type TableId = Branded<'TableId'>;
/** Row of one swap slot, over all devices. */
export type SlotId = Branded<'SlotId'>;
/** One entry of one page table: TableId × 512 + index. */
export type EntryId = Branded<'EntryId'>;

export const PAGE_SHIFT = 12;
export const PAGE_SIZE = 4096 as Bytes;

export const pfn = (n: number): Pfn => n as Pfn;
export const vpn = (n: number): Vpn => n as Vpn;
export const addr = (n: number): VirtAddr => n as VirtAddr;
export const bytes = (n: number): Bytes => n as Bytes;
export const pages = (n: number): Pages => n as Pages;
export const pid = (n: number): Pid => n as Pid;

/** The page an address lies in. */
export const pageOf = (a: VirtAddr): Vpn => Math.floor(a / PAGE_SIZE) as Vpn;
/** The first byte of a page. */
export const addrOf = (page: Vpn): VirtAddr => (page * PAGE_SIZE) as VirtAddr;
/** Bytes rounded up to whole pages. */
export const pagesFor = (size: number): Pages => Math.ceil(size / PAGE_SIZE) as Pages;
export const isPageAligned = (a: number): boolean => a % PAGE_SIZE === 0;
