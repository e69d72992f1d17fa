import { PTE } from '../base/flags.ts';
import { isLive } from '../base/table.ts';
import type { MmId } from '../base/units.ts';
import { isHuge } from '../mm/page-entry.ts';
import { findEntry, frameOfLow, lowWord, tableOfEntry } from '../mm/page-table.ts';
import { findTranslation, frameOfTranslation, TLB_BIT } from '../mm/tlb.ts';
import type { Report } from './check-invariants.ts';
import type { KernelState } from './state.ts';

/**
 * INV-13: what the TLB remembers is what a walk would find. It may know less than the entry allows, never more.
 */
export function checkTlb(k: KernelState, report: Report): void {
  const { tlb, machine } = k;
  const wrong = (text: string): void => report('INV-13', text);
  if (tlb.rows !== machine.tlbWays[0]! * machine.tlbSets[0]!) wrong(`${tlb.rows} translations in the table`);
  if (k.pendingFlushes.length > 0) wrong('a flush is still to come');
  for (let row = 0; row < tlb.rows; row++) {
    const mm = tlb.mm[row]! as MmId;
    if (mm < 0) continue;
    const problem = isLive(k.mms, mm) ? staleness(k, row, mm) : 'belongs to an address space that is gone';
    if (problem !== null) wrong(`translation ${row}, page ${tlb.page[row]!.toString(16)}: ${problem}`);
  }
}

function staleness(k: KernelState, row: number, mm: MmId): string | null {
  const { tlb } = k;
  const page = tlb.page[row]!;
  const bits = tlb.bits[row]!;
  if (findTranslation(k, mm, page) !== row) return 'is in another set, or there twice';
  const entry = findEntry(k, mm, page);
  const low = entry < 0 ? 0 : lowWord(k, entry);
  if ((low & PTE.PRESENT) === 0) return 'the page is not present';
  const remembered = frameOfTranslation(k, row, page);
  if (frameOfLow(low) !== remembered) return `frame ${remembered}, the entry says ${frameOfLow(low)}`;
  if (isHuge(k, tableOfEntry(entry)) !== ((bits & TLB_BIT.HUGE) !== 0)) return 'its size is another';
  if ((bits & TLB_BIT.WRITABLE) !== 0 && (low & PTE.RW) === 0) return 'writable, the entry is not';
  if ((bits & TLB_BIT.DIRTY) !== 0 && (low & PTE.DIRTY) === 0) return 'dirty, the entry is not';
  return (low & PTE.ACCESSED) === 0 ? 'its entry was never accessed' : null;
}
