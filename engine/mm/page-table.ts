import { assert } from '../base/assert.ts';
import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { FRAME, PTE } from '../base/flags.ts';
import { allocRow, freeRow, isLive } from '../base/table.ts';
import type { EntryId, MmId, Pfn, TableId, Vpn } from '../base/units.ts';
import { HUGE, pmdStep, splitHuge } from './huge-entry.ts';
import { allocFrameOrKill, putFrame } from './page-alloc.ts';
import type { MemoryState } from './state.ts';
import { overlapsVma } from './vma-list.ts';

/**
 * x86-64 page tables: four levels of 512 entries of 64 bits, 9 address bits a level, each table in a frame of its own.
 * Source: Intel SDM vol. 3A 4.5; Linux arch/x86/include/asm/pgtable_64_types.h.
 */
export const TOP_LEVEL = 4;
const ENTRIES = 512;
/** Bits of a page number that choose the entry; a remainder of numbers beyond 31 bits is many times slower. */
const IN_TABLE = ENTRIES - 1;
/** Bits of an entry that leads to a table. Source: Linux arch/x86/include/asm/pgtable_types.h _PAGE_TABLE, 0x67. */
export const TABLE_BITS = PTE.PRESENT | PTE.RW | PTE.USER | PTE.ACCESSED | PTE.DIRTY;
/** Pages that one entry of a level covers: [unused, 1, 512, 512², 512³]. */
const SPAN = [0, 1, 512, 512 ** 2, 512 ** 3] as const;

export const pagesOfTable = (level: number): number => SPAN[level]! * ENTRIES;
export const indexAtLevel = (page: number, level: number): number => Math.floor(page / SPAN[level]!) & IN_TABLE;

export const entryId = (table: number, index: number): EntryId => (table * ENTRIES + index) as EntryId;
export const tableOfEntry = (entry: EntryId): TableId => Math.floor(entry / ENTRIES) as TableId;
export const lowWord = (k: MemoryState, entry: EntryId): number => k.tables.words[entry * 2]!;
export const highWord = (k: MemoryState, entry: EntryId): number => k.tables.words[entry * 2 + 1]!;
export const frameOfLow = (low: number): Pfn => (low >>> 12) as Pfn;

/** Page and address space that a level-1 entry belongs to. */
export function ownerOfEntry(k: MemoryState, entry: EntryId): { mm: MmId; page: Vpn } {
  const table = tableOfEntry(entry);
  return { mm: k.tables.mm[table]! as MmId, page: (k.tables.base[table]! + (entry & IN_TABLE)) as Vpn };
}

/** Stores an entry. A single one of a huge page's 512 is no longer like the others: the huge page is split first. */
export function writeWords(k: MemoryState, entry: EntryId, low: number, high: number): void {
  const table = tableOfEntry(entry);
  if (k.tables.huge[table] === HUGE.YES) splitHuge(k, table);
  setWords(k, entry, low, high);
}

/** Stores an entry and keeps the table's count of used entries. */
export function setWords(k: MemoryState, entry: EntryId, low: number, high: number): void {
  const { tables } = k;
  const at = entry * 2;
  const table = Math.floor(entry / ENTRIES);
  const was = tables.words[at]! !== 0;
  const is = low !== 0;
  if (was !== is) tables.used[table]! += is ? 1 : -1;
  tables.words[at] = low;
  tables.words[at + 1] = high;
}

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
function knownLeaf(k: MemoryState, mm: MmId, page: number): number {
  const { tables } = k;
  const base = page - (page & IN_TABLE);
  const table = leafHints[hintOf(mm, base)]!;
  const matches = tables.base[table] === base && tables.mm[table] === mm && tables.level[table] === 1;
  return matches && isLive(tables, table) ? table : -1;
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
  leafHints[hintOf(mm, page - (page & IN_TABLE))] = table;
  return entryId(table, page & IN_TABLE);
}

/** How many entries a walk to a page reads: it ends where a table is missing, and at a huge entry. */
export function levelsRead(k: MemoryState, mm: MmId, page: number): number {
  if (knownLeaf(k, mm, page) >= 0) return TOP_LEVEL;
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

function makeTableAt(k: MemoryState, mm: MmId, level: number, base: number, parent: EntryId): TableId | null {
  const frame = allocFrameOrKill(k, FRAME.TABLE);
  if (frame === null) return null;
  const { tables, frames, mms } = k;
  const table = allocRow(tables) as TableId;
  tables.frame[table] = frame;
  tables.level[table] = level;
  tables.mm[table] = mm;
  tables.base[table] = base;
  tables.parent[table] = parent;
  tables.rmapNext.fill(-1, table * ENTRIES, (table + 1) * ENTRIES);
  tables.rmapPrev.fill(-1, table * ENTRIES, (table + 1) * ENTRIES);
  frames.content[frame] = table;
  mms.tables[mm]!++;
  emit(k.events, EVENT.TABLE_ALLOC, base, frame, level);
  k.pay('zero_frame', 1);
  return table;
}

/** The top level, made with the address space. Returns false when no frame could be had. */
export function makeTopTable(k: MemoryState, mm: MmId): boolean {
  const table = makeTableAt(k, mm, TOP_LEVEL, 0, -1 as EntryId);
  if (table === null) return false;
  k.mms.pgd[mm] = table;
  return true;
}

/**
 * The level-1 entry of a page; missing tables are made on the way down.
 * Source: Linux mm/memory.c __handle_mm_fault p4d_alloc … pte_alloc.
 * @returns null when no frame could be had; tables made before that stay, as in Linux
 */
export function ensureEntry(k: MemoryState, mm: MmId, page: number): EntryId | null {
  const leaf = knownLeaf(k, mm, page);
  if (leaf >= 0) return entryId(leaf, page & IN_TABLE);
  let table = k.mms.pgd[mm]! as TableId;
  assert(table >= 0, 'an address space has its top table');
  for (let level = TOP_LEVEL; level > 1; level--) {
    const entry = entryId(table, indexAtLevel(page, level));
    let below = tableBelow(k, entry);
    if (below < 0) {
      const span = pagesOfTable(level - 1);
      const made = makeTableAt(k, mm, level - 1, Math.floor(page / span) * span, entry);
      if (made === null) return null;
      below = made;
      if (level === 2) pmdStep(k, below, 'table.make');
      writeWords(k, entry, ((k.tables.frame[below]! << 12) | TABLE_BITS) >>> 0, 0);
    }
    table = below;
  }
  leafHints[hintOf(mm, page - (page & IN_TABLE))] = table;
  return entryId(table, page & IN_TABLE);
}

/** Source: Linux mm/memory.c free_pte_range and its like. */
export function freeTable(k: MemoryState, table: TableId): void {
  const { tables, mms, frames } = k;
  const frame = tables.frame[table]! as Pfn;
  const level = tables.level[table]!;
  assert(tables.used[table] === 0, `page table ${table} is empty when it is freed`);
  if (level === 1) pmdStep(k, table, 'table.free');
  if (tables.parent[table]! >= 0) writeWords(k, tables.parent[table]! as EntryId, 0, 0);
  mms.tables[tables.mm[table]!]!--;
  emit(k.events, EVENT.TABLE_FREE, tables.base[table]!, frame, level);
  frames.content[frame] = -1;
  freeRow(tables, table);
  putFrame(k, frame);
}

/** Calls `visit` for each level-1 table that has entries for [start, end), with its part of that range. */
export function forEachTable(
  k: MemoryState,
  mm: MmId,
  start: number,
  end: number,
  visit: (table: TableId, from: number, to: number) => void,
): void {
  if (k.mms.pgd[mm]! < 0) return;
  let page = start;
  while (page < end) {
    let table = k.mms.pgd[mm]!;
    let level = TOP_LEVEL;
    while (level > 1) {
      const below = tableBelow(k, entryId(table, indexAtLevel(page, level)));
      if (below < 0) break;
      table = below;
      level--;
    }
    // A missing entry of `level` skips all the pages it would cover.
    const span = level === 1 ? ENTRIES : SPAN[level]!;
    const next = (Math.floor(page / span) + 1) * span;
    if (level === 1) visit(table as TableId, page, Math.min(next, end));
    page = next;
  }
}

/**
 * Frees the tables that only served [start, end): those whose whole span touches no VMA any more. Walks only what is
 * there, so a hole of terabytes costs nothing.
 * Source: Linux mm/memory.c free_pgtables, free_pgd_range; floor and ceiling are the neighbouring VMAs.
 */
export function freeUnusedTables(k: MemoryState, mm: MmId, start: number, end: number): void {
  freeBelow(k, mm, k.mms.pgd[mm]! as TableId, start, end);
}

function freeBelow(k: MemoryState, mm: MmId, table: TableId, start: number, end: number): void {
  const { tables } = k;
  const level = tables.level[table]!;
  if (level === 1) return;
  const span = SPAN[level]!;
  const base = tables.base[table]!;
  const first = Math.max(0, Math.floor((start - base) / span));
  const behind = Math.min(ENTRIES, Math.ceil((end - base) / span));
  for (let index = first; index < behind; index++) {
    const below = tableBelow(k, entryId(table, index));
    if (below < 0) continue;
    freeBelow(k, mm, below, start, end);
    const from = base + index * span;
    if (tables.used[below] === 0 && !overlapsVma(k, mm, from, from + span)) freeTable(k, below);
  }
}

/** The table of a level that covers a page, or −1. */
export function tableAt(k: MemoryState, mm: MmId, page: number, wanted: number): TableId {
  let table = k.mms.pgd[mm]!;
  for (let level = TOP_LEVEL; level > wanted && table >= 0; level--) {
    table = tableBelow(k, entryId(table, indexAtLevel(page, level)));
  }
  return table as TableId;
}

/** The top level, at the end of the address space. */
export function freeTopTable(k: MemoryState, mm: MmId): void {
  freeTable(k, k.mms.pgd[mm]! as TableId);
  k.mms.pgd[mm] = -1;
}
