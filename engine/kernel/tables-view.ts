import { PTE, PTE_HIGH } from '../base/flags.ts';
import type { Pid } from '../base/units.ts';
import {
  ENTRIES,
  entryId,
  frameOfLow,
  highWord,
  indexAtLevel,
  lowWord,
  pagesOfTable,
  tableBelow,
  TOP_LEVEL,
} from '../mm/page-entry.ts';
import { isReal } from '../mm/real-mode.ts';
import { hasMemory, mmOf } from '../proc/task.ts';
import type { EntryLook, TableLook } from '../protocol/walk-look.ts';
import type { KernelState } from './state.ts';
import { hex } from './walk.ts';

/** Low bits in the order in which they are named. Source: Intel SDM vol. 3A tables 4-15 to 4-20. */
const NAMES: readonly (readonly [bit: number, name: string])[] = [
  [PTE.PRESENT, 'P'],
  [PTE.RW, 'W'],
  [PTE.USER, 'U'],
  [PTE.ACCESSED, 'A'],
  [PTE.DIRTY, 'D'],
  [PTE.HUGE, 'PS'],
];

/**
 * The tables on the way to a page, each with the entry that is read and the entries in use that are nearest to it.
 * Touches nothing. Empty in real mode and for what has no tables.
 * @param shown entries of a table at most
 */
export function peekTables(k: KernelState, pid: number, page: number, shown: number): TableLook[] {
  const looks: TableLook[] = [];
  if (isReal(k) || !hasMemory(k, pid) || page < 0 || page >= pagesOfTable(TOP_LEVEL)) return looks;
  let table: number = k.mms.pgd[mmOf(k, pid as Pid)]!;
  for (let level = TOP_LEVEL; level >= 1 && table >= 0; level--) {
    const index = indexAtLevel(page, level);
    looks.push({
      level,
      frame: k.tables.frame[table]!,
      used: k.tables.used[table]!,
      index,
      entries: nearest(k, table, index, shown).map((at) => entryLook(k, table, at, level)),
    });
    const entry = entryId(table, index);
    if ((lowWord(k, entry) & PTE.HUGE) !== 0) break;
    if (level > 1) table = tableBelow(k, entry);
  }
  return looks;
}

/** Indices of the entry and of its nearest neighbours in use, ascending. */
function nearest(k: KernelState, table: number, index: number, shown: number): number[] {
  const found = [index];
  for (let distance = 1; distance < ENTRIES && found.length < shown; distance++) {
    for (const at of [index - distance, index + distance]) {
      const inside = at >= 0 && at < ENTRIES && found.length < shown;
      if (inside && lowWord(k, entryId(table, at)) !== 0) found.push(at);
    }
  }
  return found.sort((a, b) => a - b);
}

function entryLook(k: KernelState, table: number, index: number, level: number): EntryLook {
  const entry = entryId(table, index);
  const low = lowWord(k, entry);
  const high = highWord(k, entry);
  const leads = leadsTo(low, level);
  const present = (low & PTE.PRESENT) !== 0;
  const flags = NAMES.filter(([bit]) => present && (low & bit) !== 0).map(([, name]) => name);
  if (present && (high & PTE_HIGH.NX) !== 0) flags.push('NX');
  const holdsFrame = present || leads === 'noAccess';
  return { index, leads, frame: holdsFrame ? frameOfLow(low) : -1, bits: hex(high) + hex(low), flags };
}

/** Source: arch/x86/include/asm/pgtable.h pte_present, pte_none, is_swap_pte; v6.18 */
function leadsTo(low: number, level: number): EntryLook['leads'] {
  if (low === 0) return 'nothing';
  if ((low & PTE.PRESENT) !== 0) {
    if (level > 1) return (low & PTE.HUGE) !== 0 ? 'huge' : 'table';
    return (low & PTE.SPECIAL) !== 0 ? 'zero' : 'page';
  }
  if ((low & PTE.PROTNONE) !== 0) return 'noAccess';
  return (low & PTE.GUARD) !== 0 ? 'guard' : 'swap';
}
