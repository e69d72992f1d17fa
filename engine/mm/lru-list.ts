import { FRAME, LRU, PG, type LruList } from '../base/flags.ts';
import type { Pfn } from '../base/units.ts';
import type { MemoryState } from './state.ts';

/** Files, and private pages that MADV_FREE marked. Source: Linux include/linux/mm_inline.h folio_is_file_lru. */
const isFileLike = (k: MemoryState, frame: Pfn): boolean =>
  k.frames.kind[frame] === FRAME.FILE || (k.frames.flags[frame]! & PG.LAZYFREE) !== 0;

export const inactiveList = (k: MemoryState, frame: Pfn): LruList =>
  isFileLike(k, frame) ? LRU.INACTIVE_FILE : LRU.INACTIVE_ANON;
export const activeList = (k: MemoryState, frame: Pfn): LruList =>
  isFileLike(k, frame) ? LRU.ACTIVE_FILE : LRU.ACTIVE_ANON;

/** The list a frame is on, −1 none. */
export const listOf = (k: MemoryState, frame: Pfn): LruList | -1 => (k.frames.lru[frame]! - 1) as LruList | -1;

/** Puts a frame that is on no list at the end that was used last, or at the other one. */
export function lruAdd(k: MemoryState, frame: Pfn, list: LruList, end: 'recent' | 'oldest' = 'recent'): void {
  const { frames, lruLists } = k;
  const recent = end === 'recent';
  const neighbour = recent ? lruLists.first[list]! : lruLists.last[list]!;
  frames.lru[frame] = list + 1;
  frames.lruPrev[frame] = recent ? -1 : neighbour;
  frames.lruNext[frame] = recent ? neighbour : -1;
  if (neighbour >= 0) (recent ? frames.lruPrev : frames.lruNext)[neighbour] = frame;
  if (recent || neighbour < 0) lruLists.first[list] = frame;
  if (!recent || neighbour < 0) lruLists.last[list] = frame;
  lruLists.count[list]!++;
}

/** Takes a frame off its list; nothing where it is on none. */
export function lruRemove(k: MemoryState, frame: Pfn): void {
  const { frames, lruLists } = k;
  const list = frames.lru[frame]! - 1;
  if (list < 0) return;
  const prev = frames.lruPrev[frame]!;
  const next = frames.lruNext[frame]!;
  if (prev >= 0) frames.lruNext[prev] = next;
  else lruLists.first[list] = next;
  if (next >= 0) frames.lruPrev[next] = prev;
  else lruLists.last[list] = prev;
  frames.lru[frame] = 0;
  frames.lruPrev[frame] = -1;
  frames.lruNext[frame] = -1;
  lruLists.count[list]!--;
}

export function lruMove(k: MemoryState, frame: Pfn, list: LruList): void {
  lruRemove(k, frame);
  lruAdd(k, frame, list);
}
