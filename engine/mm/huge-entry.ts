import { assert } from '../base/assert.ts';
import { NOT_ALLOWED } from '../base/compile-machine.ts';
import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { FRAME, PTE } from '../base/flags.ts';
import { HUGE_PAGES } from '../base/limits.ts';
import type { EntryId, MmId, TableId } from '../base/units.ts';
import {
  entryId, findEntry, frameOfLow, highWord, HUGE, isHuge, lowWord, setWords, TABLE_BITS, tableOfEntry,
} from './page-entry.ts'; // prettier-ignore
import { PMD_STATES, pmdTable, type PmdEvent } from './pmd.machine.ts';
import type { MemoryState } from './state.ts';
import { stalePages } from './tlb-flush.ts';

/**
 * The only place that makes an entry of level 2 map 512 pages at once, or no longer. The table below stays where it is
 * and holds the 512 entries one by one, so that whoever looks at single pages sees them; whoever changes a single one
 * splits the huge entry by that, in `writeWords`.
 */
const S = pmdTable.stateIndex;

/** Asks the statechart whether the entry above a table may take this step. */
export function pmdStep(k: MemoryState, table: TableId, event: PmdEvent): void {
  const state = pmdState(k, table);
  const cell = state * pmdTable.events.length + pmdTable.eventIndex[event];
  if (pmdTable.next[cell] === NOT_ALLOWED) assert(false, `pmd.machine allows ${event} in ${PMD_STATES[state]!}`);
  pmdTable.taken[cell]!++;
}

/** State of the entry above a table of level 1, as a number of pmd.machine. */
export function pmdState(k: MemoryState, table: TableId): number {
  const low = lowWord(k, parentOf(k, table));
  if (low === 0) return S.empty;
  if ((low & PTE.HUGE) === 0) return S.table;
  return (low & PTE.SPECIAL) !== 0 ? S.hugeZero : S.huge;
}

const parentOf = (k: MemoryState, table: TableId): EntryId => k.tables.parent[table]! as EntryId;
/** Is it the huge zero page that the entry above maps? */
export const isHugeZero = (k: MemoryState, table: TableId): boolean => pmdState(k, table) === S.hugeZero;

/** The table whose parent maps this page as part of 512, or −1. */
export function hugeTableOf(k: MemoryState, mm: MmId, page: number): TableId {
  const entry = findEntry(k, mm, page);
  return (entry >= 0 && isHuge(k, tableOfEntry(entry)) ? tableOfEntry(entry) : -1) as TableId;
}

/** Bits of the single entries that the huge one has too. */
const COMMON = PTE.PRESENT | PTE.RW | PTE.USER | PTE.ACCESSED | PTE.DIRTY | PTE.PROTNONE | PTE.SPECIAL;

/** `fill` writes the table's 512 entries, all alike and on frames in a row; then they become one of level 2. */
export function makeHuge(
  k: MemoryState,
  table: TableId,
  event: 'fault.huge' | 'fault.hugeZero' | 'fork.huge' | 'fork.hugeZero' | 'move.huge' | 'move.hugeZero' | 'collapse',
  fill: () => void,
): void {
  pmdStep(k, table, event);
  k.tables.huge[table] = HUGE.CHANGING;
  fill();
  k.machine.hugeMappings[0]!++;
  writeAbove(k, table);
  const frame = frameOfLow(lowWord(k, parentOf(k, table)));
  emit(k.events, EVENT.HUGE_MAPPED, k.tables.base[table]!, frame, isHugeZero(k, table) ? 1 : 0);
}

/** What the first entry says, as an entry of level 2. */
function writeAbove(k: MemoryState, table: TableId): void {
  const { tables, machine } = k;
  const first = entryId(table, 0);
  const low = lowWord(k, first);
  const frame = (low & PTE.SPECIAL) !== 0 ? machine.hugeZeroFrame[0]! : frameOfLow(low);
  assert(frame % HUGE_PAGES === 0, 'a huge page starts at a frame number that 512 divides', frame);
  const parent = parentOf(k, table);
  tables.huge[table] = HUGE.YES;
  tables.rmapNext[parent] = table;
  setWords(k, parent, ((frame << 12) | (low & COMMON) | PTE.HUGE) >>> 0, highWord(k, first));
}

/** Changes all 512 entries of a huge page in the same way; it stays one. */
export function changeHuge(k: MemoryState, table: TableId, event: 'change' | 'write.huge', work: () => void): void {
  pmdStep(k, table, event);
  k.tables.huge[table] = HUGE.CHANGING;
  work();
  writeAbove(k, table);
}

/**
 * The entry of level 2 leads to the table again, and the 512 pages are single ones. No frame moves.
 * Source: Linux 6.18 mm/huge_memory.c __split_huge_pmd_locked.
 */
export function splitHuge(k: MemoryState, table: TableId): void {
  const { base } = k.tables;
  forgetHuge(k, table);
  k.machine.thpSplitPmd[0]!++;
  emit(k.events, EVENT.HUGE_SPLIT, base[table]!, -1);
}

/** All that a huge page held goes at once. Source: Linux 6.18 mm/huge_memory.c zap_huge_pmd, move_huge_pmd. */
export function emptyHuge(k: MemoryState, table: TableId, work: () => void): void {
  k.tables.huge[table] = HUGE.CHANGING;
  work();
  forgetHuge(k, table);
}

function forgetHuge(k: MemoryState, table: TableId): void {
  const { tables, machine } = k;
  pmdStep(k, table, 'split');
  const parent = parentOf(k, table);
  tables.huge[table] = HUGE.NO;
  tables.rmapNext[parent] = -1;
  setWords(k, parent, ((tables.frame[table]! << 12) | TABLE_BITS) >>> 0, 0);
  machine.hugeMappings[0]!--;
  // One translation, whichever of its pages is named.
  const base = tables.base[table]!;
  stalePages(k, tables.mm[table]! as MmId, base, base + 1, 'unmap');
}

/** A cut through a huge page splits it. Source: Linux 6.18 mm/huge_memory.c vma_adjust_trans_huge. */
export function splitHugeAt(k: MemoryState, mm: MmId, page: number): void {
  if (page % HUGE_PAGES === 0 || k.machine.hugeMappings[0] === 0) return;
  const table = hugeTableOf(k, mm, page);
  if (table >= 0) splitHuge(k, table);
}

/**
 * Advice to let go of a part of a huge page that nobody else maps splits it.
 * Source: Linux 6.18 mm/huge_memory.c madvise_free_huge_pmd, mm/madvise.c madvise_cold_or_pageout_pte_range.
 */
export function splitHugeForPart(k: MemoryState, mm: MmId, page: number): void {
  if (page % HUGE_PAGES === 0 || k.machine.hugeMappings[0] === 0) return;
  const table = hugeTableOf(k, mm, page);
  if (table < 0 || isHugeZero(k, table)) return;
  if (k.frames.mapcount[frameOfLow(lowWord(k, parentOf(k, table)))] === 1) splitHuge(k, table);
}

/** Neither the huge zero page nor one of the pool. */
const isAnonHuge = (k: MemoryState, table: TableId): boolean =>
  !isHugeZero(k, table) && k.frames.kind[frameOfLow(lowWord(k, parentOf(k, table)))] === FRAME.ANON;

/** Pages of [start, end) that are mapped as parts of huge pages of private memory. Touches nothing. */
export function hugePagesIn(k: MemoryState, mm: MmId, start: number, end: number): number {
  if (k.machine.hugeMappings[0] === 0) return 0;
  let pages = 0;
  const { tables } = k;
  for (let table = 0; table < tables.rows; table++) {
    if (tables.huge[table] === HUGE.NO || tables.mm[table] !== mm) continue;
    const base = tables.base[table]!;
    if (base >= start && base + HUGE_PAGES <= end && isAnonHuge(k, table as TableId)) pages += HUGE_PAGES;
  }
  return pages;
}

/** The MMU notes an access in the one entry that it reads; the 512 below it stand for the same. */
export function markHuge(k: MemoryState, table: TableId, bits: number): void {
  const { words } = k.tables;
  words[parentOf(k, table) * 2]! |= bits;
  for (let i = 0; i < HUGE_PAGES; i++) words[entryId(table, i) * 2]! |= bits;
}

/** Frames of the machine that are mapped 512 at once, each counted once. Source: NR_ANON_THPS. Touches nothing. */
export function hugeFrames(k: MemoryState): number {
  const { tables } = k;
  const first = new Set<number>();
  for (let table = 0; table < tables.rows; table++) {
    if (tables.huge[table] === HUGE.NO || !isAnonHuge(k, table as TableId)) continue;
    first.add(frameOfLow(lowWord(k, parentOf(k, table as TableId))));
  }
  return first.size * HUGE_PAGES;
}
