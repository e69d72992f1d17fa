import { PTE } from '../base/flags.ts';
import { isLive } from '../base/table.ts';
import type { EntryId, MmId, Pfn, TableId, Vpn } from '../base/units.ts';
import type { MemoryState } from './state.ts';

/**
 * x86-64 page tables: four levels of 512 entries of 64 bits, 9 address bits a level, each table in a frame of its own.
 * Source: Intel SDM vol. 3A 4.5; Linux arch/x86/include/asm/pgtable_64_types.h.
 */
export const TOP_LEVEL = 4;
export const ENTRIES = 512;
const TABLE_SHIFT = 9;
/** Bits of a page number that choose the entry; a remainder of numbers beyond 31 bits is many times slower. */
export const IN_TABLE = ENTRIES - 1;
/** Bits of an entry that leads to a table. Source: Linux arch/x86/include/asm/pgtable_types.h _PAGE_TABLE, 0x67. */
export const TABLE_BITS = PTE.PRESENT | PTE.RW | PTE.USER | PTE.ACCESSED | PTE.DIRTY;
/** Pages that one entry of a level covers: [unused, 1, 512, 512², 512³]. */
export const SPAN = [0, 1, 512, 512 ** 2, 512 ** 3] as const;

export const pagesOfTable = (level: number): number => SPAN[level]! * ENTRIES;
export const indexAtLevel = (page: number, level: number): number => Math.floor(page / SPAN[level]!) & IN_TABLE;

export const entryId = (table: number, index: number): EntryId => (table * ENTRIES + index) as EntryId;
/** Numbers of entries fit 31 bits: there are at most as many tables as frames. */
export const tableOfEntry = (entry: EntryId): TableId => (entry >>> TABLE_SHIFT) as TableId;
export const lowWord = (k: MemoryState, entry: EntryId): number => k.tables.words[entry * 2]!;
export const highWord = (k: MemoryState, entry: EntryId): number => k.tables.words[entry * 2 + 1]!;
export const frameOfLow = (low: number): Pfn => (low >>> 12) as Pfn;

/** The page that a level-1 entry stands for. */
export const pageOfEntry = (k: MemoryState, entry: EntryId): Vpn =>
  (k.tables.base[tableOfEntry(entry)]! + (entry & IN_TABLE)) as Vpn;

/** Page and address space that a level-1 entry belongs to. */
export function ownerOfEntry(k: MemoryState, entry: EntryId): { mm: MmId; page: Vpn } {
  return { mm: k.tables.mm[tableOfEntry(entry)]! as MmId, page: pageOfEntry(k, entry) };
}

/** Stores an entry and keeps the table's count of used entries. */
export function setWords(k: MemoryState, entry: EntryId, low: number, high: number): void {
  const { tables } = k;
  const at = entry * 2;
  const table = tableOfEntry(entry);
  const was = tables.words[at]! !== 0;
  const is = low !== 0;
  if (was !== is) tables.used[table]! += is ? 1 : -1;
  tables.words[at] = low;
  tables.words[at + 1] = high;
}

/** What a table's column `huge` says. */
export const HUGE = { NO: 0, YES: 1, /** All entries are being changed alike. */ CHANGING: 2 } as const;
/** Is the entry above this table of level 1 one that maps 512 pages at once? */
export const isHuge = (k: MemoryState, table: TableId): boolean => k.tables.huge[table] !== HUGE.NO;

/** The table one level below an entry, or −1. Below a huge entry it is the one that is put aside. */
export function tableBelow(k: MemoryState, entry: EntryId): TableId {
  const low = lowWord(k, entry);
  if ((low & PTE.HUGE) !== 0) return k.tables.rmapNext[entry]! as TableId;
  return (low === 0 ? -1 : k.frames.content[frameOfLow(low)]!) as TableId;
}

/** Spaces times stretches of 2 MiB whose table is remembered. */
const LEAF_HINTS = 4096;
/** Row of a level-1 table, by a mixture of space and page; see knownLeaf. */
const leafHints = new Int32Array(LEAF_HINTS);

const hintOf = (mm: MmId, base: number): number => ((base / ENTRIES) ^ Math.imul(mm, 0x9e5)) & (LEAF_HINTS - 1);

/**
 * The level-1 table of a page where it was found last, or −1. A hint is believed only when the row itself says that it
 * is in use, of this space and these pages, and no second one can; so it may be stale or of another machine, and is no
 * part of the state. It spares the walk that most accesses would make.
 */
export function knownLeaf(k: MemoryState, mm: MmId, page: number): number {
  const { tables } = k;
  const base = page - (page & IN_TABLE);
  const table = leafHints[hintOf(mm, base)]!;
  const matches = tables.base[table] === base && tables.mm[table] === mm && tables.level[table] === 1;
  return matches && isLive(tables, table) ? table : -1;
}

export function rememberLeaf(mm: MmId, page: number, table: number): void {
  leafHints[hintOf(mm, page - (page & IN_TABLE))] = table;
}

/** The level-1 entry of a page, or −1 where a table on the way is missing. Never changes anything. */
export function findEntry(k: MemoryState, mm: MmId, page: number): EntryId {
  let table = knownLeaf(k, mm, page);
  if (table >= 0) return entryId(table, page & IN_TABLE);
  table = k.mms.pgd[mm]!;
  for (let level = TOP_LEVEL; level > 1 && table >= 0; level--) {
    table = tableBelow(k, entryId(table, indexAtLevel(page, level)));
  }
  if (table < 0) return -1 as EntryId;
  rememberLeaf(mm, page, table);
  return entryId(table, page & IN_TABLE);
}

/** How many entries a walk to a page reads: it ends where a table is missing, and at a huge entry. */
export function levelsRead(k: MemoryState, mm: MmId, page: number): number {
  let table = k.mms.pgd[mm]!;
  let read = 1;
  for (let level = TOP_LEVEL; level > 1; level--, read++) {
    const entry = entryId(table, indexAtLevel(page, level));
    if ((lowWord(k, entry) & PTE.HUGE) !== 0) break;
    table = tableBelow(k, entry);
    if (table < 0) break;
  }
  return read;
}
