import { LRU, PG, PTE, VM } from '../base/flags.ts';
import type { EntryId, Pfn } from '../base/units.ts';
import { lowWord, ownerOfEntry } from './page-table.ts';
import { ageEntry } from './page-state.ts';
import type { MemoryState } from './state.ts';
import { vmaOf } from './vma-list.ts';

/** What to do with a frame from the end of an inactive list. */
export type Verdict = 'reclaim' | 'keep' | 'activate';

/**
 * How many entries were used since they were looked at last; their accessed bits are cleared.
 * Source: Linux 6.18 mm/rmap.c folio_referenced.
 */
export function entriesUsed(k: MemoryState, frame: Pfn): number {
  let used = 0;
  for (let entry = k.frames.rmap[frame]!; entry >= 0; entry = k.tables.rmapNext[entry]!) {
    if ((lowWord(k, entry as EntryId) & PTE.ACCESSED) === 0) continue;
    ageEntry(k, entry as EntryId);
    used++;
  }
  return used;
}

/** Is it a page of a program's code? */
export function isCode(k: MemoryState, frame: Pfn): boolean {
  for (let entry = k.frames.rmap[frame]!; entry >= 0; entry = k.tables.rmapNext[entry]!) {
    const { mm, page } = ownerOfEntry(k, entry as EntryId);
    const vma = vmaOf(k, mm, page);
    if (vma >= 0 && (k.vmas.flags[vma]! & VM.EXEC) !== 0) return true;
  }
  return false;
}

/**
 * A page used once stays for another round, one used twice is active, code of a file is at once.
 * Source: Linux 6.18 mm/vmscan.c folio_check_references.
 */
export function judge(k: MemoryState, frame: Pfn, list: number): Verdict {
  const { flags } = k.frames;
  const before = (flags[frame]! & PG.REFERENCED) !== 0;
  flags[frame]! &= ~PG.REFERENCED;
  const used = entriesUsed(k, frame);
  if (used === 0) return 'reclaim';
  flags[frame]! |= PG.REFERENCED;
  if (before || used > 1) return 'activate';
  return list === LRU.INACTIVE_FILE && isCode(k, frame) ? 'activate' : 'keep';
}
