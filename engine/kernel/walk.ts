import { PTE } from '../base/flags.ts';
import { PAGE_SIZE, type Pid } from '../base/units.ts';
import { entryId, highWord, indexAtLevel, lowWord, pagesOfTable, tableBelow, TOP_LEVEL } from '../mm/page-table.ts';
import { busFrame, isReal } from '../mm/real-mode.ts';
import { findTranslation } from '../mm/tlb.ts';
import { hasMemory, mmOf } from '../proc/task.ts';
import type { TaskOperation, WalkStep } from '../protocol/commands.ts';
import type { Outcome } from './outcome.ts';
import { addressOf } from './quantities.ts';
import type { KernelState } from './state.ts';

export const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');

/**
 * The steps of a translation: table level, index, the 64-bit entry read; it ends where an entry is empty, or maps a huge page.
 * Source: Intel SDM vol. 3A 4.5, figure 4-8. Touches nothing.
 */
export function peekWalk(k: KernelState, pid: number, page: number): WalkStep[] {
  const steps: WalkStep[] = [];
  if (isReal(k) || !hasMemory(k, pid) || page < 0 || page >= pagesOfTable(TOP_LEVEL)) return steps;
  let table: number = k.mms.pgd[mmOf(k, pid as Pid)]!;
  for (let level = TOP_LEVEL; level >= 1 && table >= 0; level--) {
    const index = indexAtLevel(page, level);
    const entry = entryId(table, index);
    steps.push({ level, index, entry: hex(highWord(k, entry)) + hex(lowWord(k, entry)) });
    if ((lowWord(k, entry) & PTE.HUGE) !== 0) break;
    if (level > 1) table = tableBelow(k, entry);
  }
  return steps;
}

/** Whether the next access to a page would find its translation in the TLB. */
export const peekTlb = (k: KernelState, pid: number, page: number): 'hit' | 'miss' =>
  hasMemory(k, pid) && findTranslation(k, mmOf(k, pid as Pid), page) >= 0 ? 'hit' : 'miss';

export function walkOutcome(k: KernelState, pid: Pid, command: Extract<TaskOperation, { op: 'walk' }>): Outcome {
  const page = Math.floor(addressOf(k, command) / PAGE_SIZE);
  const physical = isReal(k) ? { physical: busFrame(k, page) * PAGE_SIZE } : {};
  return { walk: peekWalk(k, pid, page), tlb: peekTlb(k, pid, page), ...physical };
}
