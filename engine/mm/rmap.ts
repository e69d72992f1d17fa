import { assert } from '../base/assert.ts';
import { FRAME } from '../base/flags.ts';
import type { EntryId, MmId, Pfn, SlotId } from '../base/units.ts';
import { ownerOfEntry, tableOfEntry } from './page-table.ts';
import type { MemoryState } from './state.ts';

/**
 * From a frame to every page table entry on it: a doubly linked chain through the entries themselves.
 * Linux finds them through anon_vma and address_space trees (mm/rmap.c); what it finds is the same.
 */
function countRss(k: MemoryState, mm: MmId, frame: Pfn, change: 1 | -1): void {
  const column = rssColumn(k, frame);
  if (column !== null) k.mms[column][mm]! += change;
}

/** The counter that an entry on a frame belongs to. Source: Linux include/linux/mm.h mm_counter. */
function rssColumn(k: MemoryState, frame: Pfn): 'rssAnon' | 'rssShmem' | 'rssFile' | 'hugetlb' | null {
  const kind = k.frames.kind[frame]!;
  if (kind === FRAME.ANON) return 'rssAnon';
  if (kind === FRAME.SHMEM) return 'rssShmem';
  if (kind === FRAME.FILE) return 'rssFile';
  // Source: Linux mm/hugetlb.c hugetlb_count_add.
  if (kind === FRAME.HUGETLB) return 'hugetlb';
  if (k.rules.devicesCount) return 'rssFile';
  // A device's memory takes no RAM. Source: Linux mm/memory.c vm_normal_page.
  if (kind !== FRAME.DEVICE) assert(false, `frame ${frame} may be mapped`);
  return null;
}

/** How many entries of each kind one loop adds or takes away; the address space's counters change once, at its end. */
export class RssChange {
  private rssAnon = 0;
  private rssShmem = 0;
  private rssFile = 0;
  private hugetlb = 0;

  constructor(private readonly k: MemoryState) {}

  count(frame: Pfn): void {
    const column = rssColumn(this.k, frame);
    if (column !== null) this[column]++;
  }

  addTo(mm: MmId, sign: 1 | -1): void {
    const { mms } = this.k;
    mms.rssAnon[mm]! += sign * this.rssAnon;
    mms.rssShmem[mm]! += sign * this.rssShmem;
    mms.rssFile[mm]! += sign * this.rssFile;
    mms.hugetlb[mm]! += sign * this.hugetlb;
  }
}

/** Before pages are taken away. Source: Linux include/linux/mm.h update_hiwater_rss. */
export function rememberPeakRss(k: MemoryState, mm: MmId): void {
  const { mms } = k;
  mms.peakRss[mm] = Math.max(mms.peakRss[mm]!, mms.rssAnon[mm]! + mms.rssFile[mm]! + mms.rssShmem[mm]!);
}

/** The entry now maps the frame. Its reference is the caller's to have taken. */
export function addRmap(k: MemoryState, entry: EntryId, frame: Pfn): void {
  const { frames, tables } = k;
  const first = frames.rmap[frame]!;
  tables.rmapPrev[entry] = -1;
  tables.rmapNext[entry] = first;
  if (first >= 0) tables.rmapPrev[first] = entry;
  frames.rmap[frame] = entry;
  frames.mapcount[frame]!++;
  countRss(k, tables.mm[tableOfEntry(entry)]! as MmId, frame, 1);
}

/** The entry maps the frame no longer. The reference stays for the caller to give up. */
export function removeRmap(k: MemoryState, entry: EntryId, frame: Pfn): void {
  const { frames, tables } = k;
  const prev = tables.rmapPrev[entry]!;
  const next = tables.rmapNext[entry]!;
  if (prev >= 0) tables.rmapNext[prev] = next;
  else frames.rmap[frame] = next;
  if (next >= 0) tables.rmapPrev[next] = prev;
  tables.rmapPrev[entry] = -1;
  tables.rmapNext[entry] = -1;
  frames.mapcount[frame]!--;
  countRss(k, tables.mm[tableOfEntry(entry)]! as MmId, frame, -1);
}

/** The entry now names the slot. The two chains use the same links: an entry names a frame or a slot, never both. */
export function addSlotName(k: MemoryState, entry: EntryId, slot: SlotId): void {
  const { swapSlots, tables, mms } = k;
  const first = swapSlots.rmap[slot]!;
  tables.rmapPrev[entry] = -1;
  tables.rmapNext[entry] = first;
  if (first >= 0) tables.rmapPrev[first] = entry;
  swapSlots.rmap[slot] = entry;
  swapSlots.count[slot]!++;
  mms.swapEntries[tables.mm[tableOfEntry(entry)]!]!++;
}

/** The entry names the slot no longer; a slot without a name is for the caller to free. */
export function removeSlotName(k: MemoryState, entry: EntryId, slot: SlotId): void {
  const { swapSlots, tables, mms } = k;
  const prev = tables.rmapPrev[entry]!;
  const next = tables.rmapNext[entry]!;
  if (prev >= 0) tables.rmapNext[prev] = next;
  else swapSlots.rmap[slot] = next;
  if (next >= 0) tables.rmapPrev[next] = prev;
  tables.rmapPrev[entry] = -1;
  tables.rmapNext[entry] = -1;
  swapSlots.count[slot]!--;
  mms.swapEntries[tables.mm[tableOfEntry(entry)]!]!--;
}

/** Every entry that names a slot, the newest first. */
export function namesOfSlot(k: MemoryState, slot: SlotId): EntryId[] {
  const found: EntryId[] = [];
  for (let entry = k.swapSlots.rmap[slot]!; entry >= 0; entry = k.tables.rmapNext[entry]!) found.push(entry as EntryId);
  return found;
}

/** Every entry on a frame, the newest first. */
export function entriesOf(k: MemoryState, frame: Pfn): EntryId[] {
  const found: EntryId[] = [];
  for (let entry = k.frames.rmap[frame]!; entry >= 0; entry = k.tables.rmapNext[entry]!) found.push(entry as EntryId);
  return found;
}

/** Address space and page of each entry, ordered by both. */
export function sharersOf(k: MemoryState, entries: readonly EntryId[]): { mm: MmId; page: number }[] {
  return entries.map((entry) => ownerOfEntry(k, entry)).sort((x, y) => x.mm - y.mm || x.page - y.page);
}
