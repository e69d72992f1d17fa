import { PAGE_SIZE, type MmId, type VmaId } from '../base/units.ts';
import type { PageSizeName } from '../protocol/commands.ts';
import type { MemoryState } from './state.ts';

/**
 * The page size setting: how many pages of 4 KiB the kernel maps, faults in and gives back together. x86-64 has pages of
 * 4 KiB and 2 MiB; 8 KiB is there to compare with, as Alpha and SPARC had them, and made of two entries each.
 */
export const PAGE_UNITS = { '4k': 1, '8k': 2, '2m': 512 } as const satisfies Record<PageSizeName, number>;
export const isPageSize = (text: string): text is PageSizeName => text in PAGE_UNITS;

/** The unit of pairs. Larger ones are the processor's own huge pages; see huge-fault.ts. */
const PAIR = PAGE_UNITS['8k'];

export const pageUnit = (k: MemoryState): number => k.machine.pageUnit[0]!;

/** Bytes of a mapping, rounded up to whole pages of the size that is set. What is no length stays as it is. */
export function wholeUnits(k: MemoryState, length: number): number {
  const bytes = pageUnit(k) * PAGE_SIZE;
  return length > 0 && bytes > PAGE_SIZE ? Math.ceil(length / bytes) * bytes : length;
}

/** The same for calls about a part of a mapping: small pages lie beside huge ones, and can be named alone. */
export const wholePairs = (k: MemoryState, length: number): number =>
  pageUnit(k) === PAIR ? wholeUnits(k, length) : length;

/** Does a page of the size that is set begin at this address? Only pairs are asked: small pages lie beside huge ones. */
export const isUnitAligned = (k: MemoryState, address: number): boolean =>
  pageUnit(k) !== PAIR || address % (PAIR * PAGE_SIZE) === 0;

/** Where the pair of pages begins that an address lies in. */
export const pairStart = (address: number): number => address - (address % (PAIR * PAGE_SIZE));

/** The page that comes and goes with this one, or −1. */
export function partnerOf(k: MemoryState, vma: VmaId, page: number): number {
  if (pageUnit(k) !== PAIR) return -1;
  const partner = page % 2 === 0 ? page + 1 : page - 1;
  return partner >= k.vmas.start[vma]! && partner < k.vmas.end[vma]! ? partner : -1;
}

/** A fault on one page of a pair serves the other one too, and counts once. */
export function servePartner(
  k: MemoryState,
  mm: MmId,
  vma: VmaId,
  page: number,
  serve: (k: MemoryState, mm: MmId, vma: VmaId, page: number) => void,
): void {
  const partner = partnerOf(k, vma, page);
  if (partner >= 0) serve(k, mm, vma, partner);
}
