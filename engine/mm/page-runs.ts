import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { FRAME, LRU, PG, PTE, VM } from '../base/flags.ts';
import type { EntryId, MmId, Pfn, TableId, VmaId } from '../base/units.ts';
import { splitHuge } from './huge-entry.ts';
import { lruMapped, lruRescue } from './lru.ts';
import { keepRecency } from './mark-accessed.ts';
import { putFrame } from './page-alloc.ts';
import { entryId, frameOfLow, HUGE, IN_TABLE, tableOfEntry } from './page-entry.ts';
import { PAGE_EVENT, pageTable, type PageStep } from './page.machine.ts';
import { after, dropSwapEntry, highFor, lowFor, stateOfLow } from './page-state.ts';
import { RssChange } from './rmap.ts';
import type { MemoryState } from './state.ts';
import { dropIdleFrame } from './swap-cache.ts';
import { stalePages } from './tlb-flush.ts';

/**
 * What fork and munmap do to many entries of one table. The statechart is asked for each of them, as in page-state.ts;
 * columns, counts and the flush are taken up once for all, because these are the longest loops there are.
 */
const S = pageTable.stateIndex;

/** How a frame arrives in the child, by the state that the parent's page has then. */
function arrivalOf(state: number): PageStep<'fork.copyReadOnly' | 'fork.copyNoAccess' | 'fork.copyWritable'> {
  if (state === S.noAccess) return PAGE_EVENT['fork.copyNoAccess'];
  return state === S.resident ? PAGE_EVENT['fork.copyWritable'] : PAGE_EVENT['fork.copyReadOnly'];
}

/**
 * fork, for entries [first, behind) of a table that hold frames: a private one loses its write permission, and the
 * child's entry, which is empty, names the same frame. Passes over empty entries.
 * Source: Linux 6.18 mm/memory.c copy_present_ptes, __copy_present_ptes.
 * @param counts `frame`: how many were shared is added
 * @returns index of the first entry that holds something else, or `behind`
 */
export function shareFrames(
  k: MemoryState,
  from: TableId,
  to: TableId,
  first: number,
  behind: number,
  childVma: VmaId,
  counts: { frame: number },
): number {
  const { tables } = k;
  const { words, rmapNext, rmapPrev } = tables;
  const { refcount, mapcount, rmap, flags } = k.frames;
  const vmaFlags = k.vmas.flags[childVma]!;
  const shared = (vmaFlags & VM.SHARED) !== 0;
  const high = highFor(k, childVma);
  const rss = new RssChange(k);
  let index = first;
  let done = 0;
  for (; index < behind; index++) {
    const entry = entryId(from, index);
    const low = words[entry * 2]!;
    if (low === 0) continue;
    const before = stateOfLow(low);
    if (before !== S.resident && before !== S.readOnly && before !== S.noAccess) break;
    const frame = frameOfLow(low);
    const kept = shared ? before : after(before, PAGE_EVENT['fork.share']);
    if (kept !== before) words[entry * 2] = lowFor(kept, frame, low & (PTE.ACCESSED | PTE.DIRTY));
    refcount[frame]!++;
    flags[frame]! &= ~PG.ANON_EXCLUSIVE;
    const copy = entryId(to, index);
    words[copy * 2] = lowFor(after(S.reserved, arrivalOf(kept)), frame, shared ? 0 : low & PTE.DIRTY);
    words[copy * 2 + 1] = high;
    const head = rmap[frame]!;
    rmapPrev[copy] = -1;
    rmapNext[copy] = head;
    if (head >= 0) rmapPrev[head] = copy;
    rmap[frame] = copy;
    mapcount[frame]!++;
    rss.count(frame);
    lruMapped(k, frame, vmaFlags);
    done++;
  }
  tables.used[to]! += done;
  rss.addTo(tables.mm[to]! as MmId, 1);
  counts.frame += done;
  return index;
}

/**
 * Entries [first, behind) of a table become empty and give their frames up. `vma.unmap`: the area goes too; `page.drop`:
 * it stays, and guards with it. Source: Linux 6.18 mm/memory.c zap_pte_range.
 */
export function unmapEntries(
  k: MemoryState,
  table: TableId,
  first: number,
  behind: number,
  event: PageStep<'vma.unmap' | 'page.drop'>,
): void {
  const { tables } = k;
  if (tables.huge[table] === HUGE.YES) splitHuge(k, table);
  const { words } = tables;
  const base = tables.base[table]!;
  const rss = new RssChange(k);
  let stale = -1;
  let lastStale = -1;
  let emptied = 0;
  for (let index = first; index < behind; index++) {
    const entry = entryId(table, index);
    const low = words[entry * 2]!;
    if (low === 0) continue;
    const before = stateOfLow(low);
    if (before === S.guard && event === PAGE_EVENT['page.drop']) continue;
    after(before, event);
    if (before === S.swapped) {
      dropSwapEntry(k, entry);
      continue;
    }
    words[entry * 2] = 0;
    words[entry * 2 + 1] = 0;
    emptied++;
    if (before === S.guard) continue;
    if (stale < 0) stale = index;
    lastStale = index;
    if (before !== S.zero) giveUpFrame(k, entry, base + index, low, rss);
  }
  tables.used[table]! -= emptied;
  const mm = tables.mm[table]! as MmId;
  rss.addTo(mm, -1);
  if (stale < 0) return;
  // A huge page is one translation.
  if (tables.huge[table] === HUGE.NO) stalePages(k, mm, base + stale, base + lastStale + 1, 'unmap');
  else stalePages(k, mm, base, base + 1, 'unmap');
}

/** The same for a single entry that holds something. */
export function unmapPage(k: MemoryState, entry: EntryId, event: PageStep<'vma.unmap' | 'page.drop'>): void {
  const index = entry & IN_TABLE;
  unmapEntries(k, tableOfEntry(entry), index, index + 1, event);
}

/** What the entry knew of a page that its file or shared memory keeps. */
function leaveCached(k: MemoryState, entry: EntryId, page: number, low: number, frame: Pfn): void {
  if ((low & PTE.DIRTY) !== 0 && k.frames.kind[frame] === FRAME.SHMEM) k.frames.flags[frame]! |= PG.DIRTY;
  keepRecency(k, frame, low, k.tables.mm[tableOfEntry(entry)]! as MmId, page);
}

/** The entry held `low`, whose frame loses it: out of the chain of entries, and of memory with the last of them. */
function giveUpFrame(k: MemoryState, entry: EntryId, page: number, low: number, rss: RssChange): void {
  const { frames, tables } = k;
  const frame = frameOfLow(low);
  if (frames.kind[frame] !== FRAME.ANON) leaveCached(k, entry, page, low, frame);
  const { rmapNext, rmapPrev } = tables;
  const prev = rmapPrev[entry]!;
  const next = rmapNext[entry]!;
  if (prev >= 0) rmapNext[prev] = next;
  else frames.rmap[frame] = next;
  if (next >= 0) rmapPrev[next] = prev;
  rmapPrev[entry] = -1;
  rmapNext[entry] = -1;
  const left = --frames.mapcount[frame]!;
  rss.count(frame);
  if (k.lruLists.count[LRU.UNEVICTABLE] !== 0) lruRescue(k, frame);
  if (left === 0) dropIdleFrame(k, frame);
  emit(k.events, EVENT.PAGE_UNMAPPED, page, frame, left);
  putFrame(k, frame as Pfn);
}
