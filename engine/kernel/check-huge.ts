import { PTE } from '../base/flags.ts';
import { HUGE_PAGES } from '../base/limits.ts';
import { isLive } from '../base/table.ts';
import type { EntryId, TableId } from '../base/units.ts';
import { isHugeZero } from '../mm/huge-entry.ts';
import { HUGE } from '../mm/page-entry.ts';
import { entryId, frameOfLow, highWord, lowWord } from '../mm/page-table.ts';
import type { Report } from './check-invariants.ts';
import type { KernelState } from './state.ts';

/** Bits that a huge entry and its single ones have in common; accessed and dirty bits age one by one. */
const ALIKE = PTE.PRESENT | PTE.RW | PTE.USER | PTE.PROTNONE | PTE.SPECIAL;

/** INV-24. */
export function checkHuge(k: KernelState, report: Report): void {
  const { tables, machine } = k;
  let found = 0;
  for (let table = 0; table < tables.rows; table++) {
    if (!isLive(tables, table) || tables.huge[table] === HUGE.NO) continue;
    found++;
    const problem = problemOf(k, table as TableId);
    if (problem !== null) report('INV-24', `huge page at ${tables.base[table]!.toString(16)}: ${problem}`);
  }
  if (found !== machine.hugeMappings[0]) report('INV-24', `${found} huge pages, counted ${machine.hugeMappings[0]}`);
}

function problemOf(k: KernelState, table: TableId): string | null {
  const { tables } = k;
  const parent = tables.parent[table]! as EntryId;
  const above = lowWord(k, parent);
  if (tables.huge[table] !== HUGE.YES || tables.level[table] !== 1) return 'it is still being changed';
  if ((above & PTE.HUGE) === 0 || tables.rmapNext[parent] !== table) return 'the entry above is not huge';
  const zero = isHugeZero(k, table);
  for (let i = 0; i < HUGE_PAGES; i++) {
    const entry = entryId(table, i);
    const low = lowWord(k, entry);
    if ((low & ALIKE) !== (above & ALIKE) || highWord(k, entry) !== highWord(k, parent)) return `page ${i} differs`;
    const frame = zero ? k.machine.zeroFrame[0]! : frameOfLow(above) + i;
    if (frameOfLow(low) !== frame) return `page ${i} is on frame ${frameOfLow(low)}, not ${frame}`;
  }
  return frameOfLow(above) % HUGE_PAGES === 0 ? null : 'its first frame is not aligned';
}
