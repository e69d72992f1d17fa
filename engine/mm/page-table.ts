import { assert } from '../base/assert.ts';
import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { FRAME } from '../base/flags.ts';
import { allocRow, freeRow } from '../base/table.ts';
import type { EntryId, MmId, Pfn, TableId } from '../base/units.ts';
import { pmdStep, splitHuge } from './huge-entry.ts';
import { allocFrameOrKill, putFrame } from './page-alloc.ts';
import {
  ENTRIES, entryId, HUGE, IN_TABLE, indexAtLevel, knownLeaf, pagesOfTable, rememberLeaf, setWords, SPAN, TABLE_BITS,
  tableBelow, tableOfEntry, TOP_LEVEL,
} from './page-entry.ts'; // prettier-ignore
import type { MemoryState } from './state.ts';
import { overlapsVma } from './vma-list.ts';
import { PRICE } from './costs.ts';

export {
  entryId, findEntry, frameOfLow, highWord, indexAtLevel, levelsRead, lowWord, ownerOfEntry, pageOfEntry, pagesOfTable, setWords,
  TABLE_BITS, tableBelow, tableOfEntry, TOP_LEVEL,
} from './page-entry.ts'; // prettier-ignore

/** Page tables as a whole: made on the way to a page, freed when nothing needs them. Single entries: page-entry.ts. */

/** Stores an entry. A single one of a huge page's 512 is no longer like the others: the huge page is split first. */
export function writeWords(k: MemoryState, entry: EntryId, low: number, high: number): void {
  const table = tableOfEntry(entry);
  if (k.tables.huge[table] === HUGE.YES) splitHuge(k, table);
  setWords(k, entry, low, high);
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
  k.pay(PRICE.zero_frame, 1);
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
  rememberLeaf(mm, page, table);
  return entryId(table, page & IN_TABLE);
}

/** Source: Linux mm/memory.c free_pte_range and its like. */
export function freeTable(k: MemoryState, table: TableId): void {
  const { tables, mms, frames } = k;
  const frame = tables.frame[table]! as Pfn;
  const level = tables.level[table]!;
  assert(tables.used[table] === 0, 'a page table is empty when it is freed', table);
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
  if (k.mms.pgd[mm]! >= 0) freeBelow(k, mm, k.mms.pgd[mm]! as TableId, start, end);
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
  if (k.mms.pgd[mm]! < 0) return;
  freeTable(k, k.mms.pgd[mm]! as TableId);
  k.mms.pgd[mm] = -1;
}
