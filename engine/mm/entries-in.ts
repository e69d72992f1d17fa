import type { EntryId, MmId } from '../base/units.ts';
import { entryId, forEachTable, lowWord } from './page-table.ts';
import type { MemoryState } from './state.ts';

/** Entries of [start, end) that are not empty, from low to high addresses, as they are now. */
export function entriesIn(k: MemoryState, mm: MmId, start: number, end: number): EntryId[] {
  const found: EntryId[] = [];
  forEachTable(k, mm, start, end, (table, from, to) => {
    for (let page = from; page < to; page++) {
      const entry = entryId(table, page & 511);
      if (lowWord(k, entry) !== 0) found.push(entry);
    }
  });
  return found;
}
