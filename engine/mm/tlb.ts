import { assert } from '../base/assert.ts';
import { PTE } from '../base/flags.ts';
import { HUGE_PAGES } from '../base/limits.ts';
import { extendRows, type Table } from '../base/table.ts';
import type { EntryId, MmId, Pfn } from '../base/units.ts';
import { entryId, frameOfLow, isHuge, lowWord, tableOfEntry } from './page-entry.ts';
import type { MemoryState } from './state.ts';
import { hitWay, TLB_POLICIES, victimWay, type TlbPolicy } from './tlb-policy.ts';

/**
 * The translations that the processor remembers: set-associative, one level, one row a way. Each carries its address
 * space, as with PCIDs, so that a switch of tasks forgets nothing.
 * Source: Intel SDM vol. 3A 4.10.1, 4.10.2.
 */
export const TLB_SPEC = {
  mm: 'i32', // −1 while it holds nothing
  page: 'f64',
  frame: 'i32',
  bits: 'u8', // TLB_BIT.*
  stamp: 'f64', // when it was filled (fifo) or last used (lru)
  tree: 'u32', // in way 0 of a set: the tree of plru
} as const;
export type TlbTable = Table<typeof TLB_SPEC>;

/** What a translation remembers of its entry. */
export const TLB_BIT = {
  WRITABLE: 0x1,
  DIRTY: 0x2, // the entry's dirty bit is set already, so a store need not set it
  HUGE: 0x4, // of 512 pages in a row
  ZERO: 0x8, // of the zero page, huge or not
} as const;

/** Source of the default: Intel Optimization Manual, Skylake first-level data TLB: 64 entries, 4 ways. */
export const DEFAULT_TLB = { entries: 64, ways: 4, policy: 'lru' } as const satisfies TlbShape;

export interface TlbShape {
  readonly entries: number;
  readonly ways: number;
  readonly policy: TlbPolicy;
}

/** An empty TLB of another shape. @param shape entries / ways is a power of two; ways too for plru */
export function shapeTlb(k: MemoryState, { entries, ways, policy }: TlbShape): void {
  const { tlb, machine } = k;
  const sets = entries / ways;
  assert(Number.isInteger(Math.log2(sets)), 'the number of sets is a power of two');
  tlb.rows = 0;
  tlb.liveRows = 0;
  extendRows(tlb, entries);
  tlb.mm.fill(-1, 0, entries);
  machine.tlbHuge[0] = 0;
  machine.tlbWays[0] = ways;
  machine.tlbSets[0] = sets;
  machine.tlbPolicy[0] = TLB_POLICIES.indexOf(policy);
}

/** First row of the set that a page's translation may be in. */
const setOf = (k: MemoryState, page: number): number => (page & (k.machine.tlbSets[0]! - 1)) * k.machine.tlbWays[0]!;

/** The row that holds a page's translation, or −1. Changes nothing. */
export function findTranslation(k: MemoryState, mm: MmId, page: number): number {
  const { page: pages, mm: spaces, bits } = k.tlb;
  const first = setOf(k, page);
  const behind = first + k.machine.tlbWays[0]!;
  for (let row = first; row < behind; row++) {
    if (pages[row] === page && spaces[row] === mm && (bits[row]! & TLB_BIT.HUGE) === 0) return row;
  }
  return k.machine.tlbHuge[0] === 0 ? -1 : findHuge(k, mm, page - (page % HUGE_PAGES));
}

/** The row of a huge page's translation, which is looked for by the number of the huge page. */
function findHuge(k: MemoryState, mm: MmId, base: number): number {
  const { tlb } = k;
  const first = setOf(k, base / HUGE_PAGES);
  for (let row = first; row < first + k.machine.tlbWays[0]!; row++) {
    if (tlb.page[row] === base && tlb.mm[row] === mm && (tlb.bits[row]! & TLB_BIT.HUGE) !== 0) return row;
  }
  return -1;
}

/** A load or store found its translation: counted, and noted for the policy. */
export function noteHit(k: MemoryState, mm: MmId, row: number): void {
  k.mms.tlbHits[mm]!++;
  k.machine.tlbHits[0]!++;
  hitWay(k, row);
}

/** No translation: the page tables have to be walked. */
export function noteMiss(k: MemoryState, mm: MmId): void {
  k.mms.tlbMisses[mm]!++;
  k.machine.tlbMisses[0]!++;
}

/**
 * Remembers what a walk found; where it replaces none of the page, the policy says which translation of the set has to go.
 * @param old row of the page's translation before the walk, −1 after a miss
 */
export function fillTranslation(k: MemoryState, mm: MmId, page: number, entry: EntryId, old: number): void {
  const { tlb } = k;
  const huge = isHuge(k, tableOfEntry(entry));
  const named = huge ? page - (page % HUGE_PAGES) : page;
  const row = old >= 0 ? old : victimWay(k, setOf(k, huge ? named / HUGE_PAGES : named));
  const low = lowWord(k, huge ? entryId(tableOfEntry(entry), 0) : entry);
  if (huge) k.machine.tlbHuge[0] = 1;
  tlb.mm[row] = mm;
  tlb.page[row] = named;
  tlb.frame[row] = frameOfLow(low);
  tlb.bits[row] =
    ((low & PTE.RW) !== 0 ? TLB_BIT.WRITABLE : 0) |
    ((low & PTE.DIRTY) !== 0 ? TLB_BIT.DIRTY : 0) |
    (huge ? TLB_BIT.HUGE : 0) |
    ((low & PTE.SPECIAL) !== 0 ? TLB_BIT.ZERO : 0);
}

/** Where a page lies; all pages of the huge zero page read the same zeros. */
export function frameOfTranslation(k: MemoryState, row: number, page: number): Pfn {
  const { tlb } = k;
  const isZero = (tlb.bits[row]! & TLB_BIT.ZERO) !== 0;
  return (isZero ? tlb.frame[row]! : tlb.frame[row]! + (page - tlb.page[row]!)) as Pfn;
}

/** Forgets one translation where it is held. Source: INVLPG. @returns whether it was */
export function dropTranslation(k: MemoryState, mm: MmId, page: number): boolean {
  const row = findTranslation(k, mm, page);
  if (row >= 0) k.tlb.mm[row] = -1;
  return row >= 0;
}

/** Forgets all translations of an address space. Source: INVPCID type 1. @returns how many there were */
export function dropSpace(k: MemoryState, mm: MmId): number {
  const { tlb } = k;
  let dropped = 0;
  for (let row = 0; row < tlb.rows; row++) {
    if (tlb.mm[row] !== mm) continue;
    tlb.mm[row] = -1;
    dropped++;
  }
  return dropped;
}
