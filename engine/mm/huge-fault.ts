import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { FRAME, PG, PTE, VM } from '../base/flags.ts';
import { HUGE_PAGES } from '../base/limits.ts';
import type { MmId, Pfn, TableId, VmaId } from '../base/units.ts';
import { prepareAnonVma } from './anon-vma.ts';
import { allocHugeFrames, haveHugeZero } from './huge-alloc.ts';
import { changeHuge, hugeTableOf, isHugeZero, makeHuge, splitHuge } from './huge-entry.ts';
import { putFrame } from './page-alloc.ts';
import { ensureEntry, entryId, findEntry, frameOfLow, lowWord, tableOfEntry } from './page-table.ts';
import { mapFrame, mapZeroPage, reuseFrame, replaceFrame } from './page-state.ts';
import { PAGE_EVENT } from './page.machine.ts';
import type { MemoryState } from './state.ts';
import { fitsHuge, hugeBase, mayFaultHuge } from './thp.ts';

/** How a fault on huge pages ended; `fallback`: single pages have to serve it. */
export type HugeFault = 'done' | 'nomem' | 'fallback';

/** A fault where huge pages are, or may be. What has to be served page by page is split, or never was huge. */
export function hugeFault(k: MemoryState, mm: MmId, vma: VmaId, page: number, write: boolean): HugeFault {
  if ((k.machine.thp[0] === 0 && k.machine.hugeMappings[0] === 0) || k.rules.pagesStaySmall) return 'fallback';
  const table = hugeTableOf(k, mm, page);
  if (table < 0) return hugeFirstTouch(k, mm, vma, page, write);
  const result = write ? hugeWrite(k, vma, table) : 'done';
  if (result === 'fallback') splitHuge(k, table);
  return result;
}

/**
 * First touch of 512 pages that no page table stands for yet: a read maps the huge zero page, a write 512 frames in a
 * row. Where there are none, the fault goes on with one page.
 * Source: Linux 6.18 mm/huge_memory.c do_huge_pmd_anonymous_page; mm/memory.c __handle_mm_fault.
 */
function hugeFirstTouch(k: MemoryState, mm: MmId, vma: VmaId, page: number, write: boolean): HugeFault {
  if (!mayFaultHuge(k, vma) || !fitsHuge(k, vma, page) || findEntry(k, mm, page) >= 0) return 'fallback';
  prepareAnonVma(k, vma);
  return write ? mapHugeFrames(k, mm, vma, hugeBase(page)) : mapHugeZero(k, mm, vma, hugeBase(page));
}

function fellBack(k: MemoryState, page: number): HugeFault {
  k.machine.thpFaultFallback[0]!++;
  emit(k.events, EVENT.HUGE_FALLBACK, page, -1);
  return 'fallback';
}

function mapHugeFrames(k: MemoryState, mm: MmId, vma: VmaId, base: number): HugeFault {
  const first = allocHugeFrames(k, FRAME.ANON);
  if (first === null) return fellBack(k, base);
  k.machine.thpFaultAlloc[0]!++;
  const entry = ensureEntry(k, mm, base);
  if (entry === null) {
    for (let i = 0; i < HUGE_PAGES; i++) putFrame(k, (first + i) as Pfn);
    return 'nomem';
  }
  const table = tableOfEntry(entry);
  makeHuge(k, table, 'fault.huge', () => fillTable(k, vma, table, first));
  return 'done';
}

/** The table's entries, all empty, map frames in a row that are nobody else's. */
export function fillTable(k: MemoryState, vma: VmaId, table: TableId, first: Pfn): void {
  const event =
    (k.vmas.flags[vma]! & VM.WRITE) !== 0 ? PAGE_EVENT['fault.mapWritable'] : PAGE_EVENT['fault.mapReadOnly'];
  for (let i = 0; i < HUGE_PAGES; i++) {
    const frame = (first + i) as Pfn;
    k.frames.flags[frame]! |= PG.ANON_EXCLUSIVE;
    mapFrame(k, vma, entryId(table, i), event, frame, PTE.ACCESSED | PTE.DIRTY);
  }
}

function mapHugeZero(k: MemoryState, mm: MmId, vma: VmaId, base: number): HugeFault {
  if (!haveHugeZero(k)) return fellBack(k, base);
  const entry = ensureEntry(k, mm, base);
  if (entry === null) return 'nomem';
  const table = tableOfEntry(entry);
  makeHuge(k, table, 'fault.hugeZero', () => {
    for (let i = 0; i < HUGE_PAGES; i++) mapZeroPage(k, vma, entryId(table, i), PAGE_EVENT['fault.readAnon']);
  });
  return 'done';
}

/**
 * Write to a huge page without write permission: it is reused where nobody else maps any of its frames; the huge zero
 * page is replaced by fresh frames. Source: Linux 6.18 mm/huge_memory.c do_huge_pmd_wp_page, do_huge_zero_wp_pmd.
 * @returns 'fallback' where it has to be split, and the one page copied
 */
function hugeWrite(k: MemoryState, vma: VmaId, table: TableId): HugeFault {
  if (isHugeZero(k, table)) return replaceHugeZero(k, vma, table);
  for (let i = 0; i < HUGE_PAGES; i++) {
    const frame = frameOfLow(lowWord(k, entryId(table, i)));
    if (k.frames.refcount[frame] !== 1) return 'fallback';
  }
  changeHuge(k, table, 'change', () => {
    for (let i = 0; i < HUGE_PAGES; i++) {
      const entry = entryId(table, i);
      k.frames.flags[frameOfLow(lowWord(k, entry))]! |= PG.ANON_EXCLUSIVE;
      reuseFrame(k, entry);
    }
  });
  emit(k.events, EVENT.COW_REUSE, k.tables.base[table]!, frameOfLow(lowWord(k, entryId(table, 0))));
  return 'done';
}

function replaceHugeZero(k: MemoryState, vma: VmaId, table: TableId): HugeFault {
  const base = k.tables.base[table]!;
  prepareAnonVma(k, vma);
  const first = allocHugeFrames(k, FRAME.ANON);
  if (first === null) return fellBack(k, base);
  k.machine.thpFaultAlloc[0]!++;
  changeHuge(k, table, 'write.huge', () => {
    for (let i = 0; i < HUGE_PAGES; i++) {
      const frame = (first + i) as Pfn;
      k.frames.flags[frame]! |= PG.ANON_EXCLUSIVE;
      replaceFrame(k, vma, entryId(table, i), PAGE_EVENT['write.fresh'], frame);
    }
  });
  emit(k.events, EVENT.HUGE_MAPPED, base, first);
  return 'done';
}
