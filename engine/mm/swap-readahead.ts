import { SWAP_KINDS } from '../base/event-kinds.ts';
import { PG } from '../base/flags.ts';
import type { EntryId, MmId, Pfn, SlotId, VmaId } from '../base/units.ts';
import { allocFrameAhead } from './page-alloc.ts';
import { ENTRIES } from './page-entry.ts';
import { findEntry, lowWord } from './page-table.ts';
import type { MemoryState } from './state.ts';
import { isSwapped, slotOfEntry } from './swap-entry.ts';
import { readAhead } from './swap-cache-read.ts';
import { slotTable } from './slot.machine.ts';

/**
 * What is read from swap along with a page that somebody waits for: at most 2^page-cluster pages, more as those read
 * before turn out to be needed. Where every device answers from any place equally fast, the neighbours of the page in its
 * area; as soon as one has to seek, the neighbours of its slot.
 * Source: Linux 6.18 mm/swap_state.c swapin_readahead, swap_vma_readahead, swap_cluster_readahead.
 */
export function readSwapNeighbours(k: MemoryState, vma: VmaId, page: number, slot: SlotId): void {
  const most = 2 ** Math.min(k.machine.pageCluster[0]!, MOST_ORDER);
  if (most === 1) return;
  if (anyDeviceSeeks(k)) readSlotsAround(k, slot, most);
  else readPagesAround(k, vma, page, most);
}

/** Windows of areas are at most 2^5 pages. Source: mm/swap_state.c SWAP_RA_ORDER_CEILING. */
const MOST_ORDER = 5;
/** A window that nobody has tried yet is taken for one that was of use so often. Source: GET_SWAP_RA_VAL, swapin_readahead_hits. */
export const FIRST_HITS = 4;

/** Source: mm/swapfile.c nr_rotate_swap. */
function anyDeviceSeeks(k: MemoryState): boolean {
  const { kind, rows } = k.swapDevices;
  return kind.subarray(0, rows).includes(SWAP_KINDS.indexOf('file'));
}

/**
 * How many pages to read: as many as were of use of the last ones, and two, rounded up to a power of two; of none that was
 * of use, two for a neighbour of the last fault, else one. It shrinks by half at most. Source: __swapin_nr_pages.
 */
export function swapWindow(before: number, now: number, hits: number, most: number, last: number): number {
  let pages = hits + 2;
  if (pages === 2) pages = Math.abs(now - before) === 1 ? 2 : 1;
  else pages = Math.max(4, 2 ** Math.ceil(Math.log2(pages)));
  return Math.max(Math.min(pages, most), Math.floor(last / 2));
}

/** Source: swap_vma_ra_win, swap_vma_readahead. */
function readPagesAround(k: MemoryState, vma: VmaId, page: number, most: number): void {
  const { vmas } = k;
  const known = vmas.swapRaPage[vma]! > 0;
  const before = known ? vmas.swapRaPage[vma]! - 1 : 0;
  const hits = known ? vmas.swapRaHits[vma]! : FIRST_HITS;
  const pages = swapWindow(before, page, hits, most, vmas.swapRaWindow[vma]!);
  noteWindow(k, vma, page, pages, 0);
  if (pages === 1) return;
  let start = page - Math.floor((pages - 1) / 2);
  if (page === before + 1) start = page;
  else if (page === before - 1) start = page - pages + 1;
  const table = page - (page % ENTRIES);
  const from = Math.max(start, vmas.start[vma]!, table);
  const behind = Math.min(start + pages, vmas.end[vma]!, table + ENTRIES);
  const mm = vmas.mm[vma]! as MmId;
  for (let at = from; at < behind; at++) {
    const entry = at === page ? (-1 as EntryId) : findEntry(k, mm, at);
    if (entry >= 0 && isSwapped(lowWord(k, entry))) bring(k, slotOfEntry(k, entry));
  }
}

function noteWindow(k: MemoryState, vma: VmaId, page: number, window: number, hits: number): void {
  k.vmas.swapRaPage[vma] = page + 1;
  k.vmas.swapRaWindow[vma] = window;
  k.vmas.swapRaHits[vma] = hits;
}

/** Slots of one aligned stretch of the device. Source: swapin_nr_pages, swap_cluster_readahead. */
function readSlotsAround(k: MemoryState, slot: SlotId, most: number): void {
  const { machine, swapDevices, swapSlots } = k;
  const device = swapSlots.device[slot]!;
  const first = swapDevices.firstSlot[device]!;
  const offset = slot - first;
  const hits = machine.swapRaHits[0]!;
  machine.swapRaHits[0] = 0;
  const pages = swapWindow(machine.swapRaOffset[0]!, offset, hits, most, machine.swapRaWindow[0]!);
  if (hits === 0) machine.swapRaOffset[0] = offset;
  machine.swapRaWindow[0] = pages;
  const start = Math.max(1, offset - (offset % pages));
  const last = Math.min(offset - (offset % pages) + pages - 1, swapDevices.pages[device]!);
  for (let at = start; at <= last; at++) {
    const inUse = swapSlots.state[first + at] !== slotTable.stateIndex.free;
    if (pages > 1 && at !== offset && inUse) bring(k, (first + at) as SlotId);
  }
}

/** A neighbour comes into the swap cache, marked so that its use can be noticed. Nobody is killed for it. */
function bring(k: MemoryState, slot: SlotId): void {
  if (k.swapSlots.count[slot] === 0 || k.swapSlots.frame[slot]! >= 0) return;
  readAhead(k, slot, allocFrameAhead);
  const frame = k.swapSlots.frame[slot]!;
  if (frame < 0) return;
  k.frames.flags[frame]! |= PG.READAHEAD;
  k.machine.swapRa[0]!++;
}

/** A page was found in the swap cache: was it read ahead? Source: swap_update_readahead. */
export function noteSwapHit(k: MemoryState, vma: VmaId, page: number, frame: Pfn): void {
  const { frames, machine, vmas } = k;
  const ahead = (frames.flags[frame]! & PG.READAHEAD) !== 0;
  frames.flags[frame]! &= ~PG.READAHEAD;
  if (machine.pageCluster[0] !== 0 && !anyDeviceSeeks(k)) {
    const hits = vmas.swapRaPage[vma] === 0 ? FIRST_HITS : vmas.swapRaHits[vma]!;
    noteWindow(k, vma, page, vmas.swapRaWindow[vma]!, Math.min(MOST_HITS, hits + (ahead ? 1 : 0)));
  } else if (ahead) {
    machine.swapRaHits[0]!++;
  }
  if (ahead) machine.swapRaHit[0]!++;
}

/** Source: mm/swap_state.c SWAP_RA_HITS_MAX, the bits of a page's offset less those of the window. */
const MOST_HITS = 2 ** 6 - 1;
