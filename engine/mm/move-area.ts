import { fail, ok, type SysResult } from '../base/errno.ts';
import { VM, VM_LOCKED_MASK } from '../base/flags.ts';
import type { MmId, ObjectId, TableId, VmaId } from '../base/units.ts';
import { HUGE_PAGES } from '../base/limits.ts';
import { unaccountPages } from './commit.ts';
import { emptyHuge, isHugeZero, makeHuge } from './huge-entry.ts';
import { isHuge } from './page-entry.ts';
import { cutForUnmap, removeAreas } from './munmap.ts';
import {
  ensureEntry,
  entryId,
  forEachTable,
  freeTable,
  freeUnusedTables,
  lowWord,
  tableOfEntry,
} from './page-table.ts';
import { movePage } from './page-state.ts';
import type { MemoryState } from './state.ts';
import { addVma, isAnonymous, objectPage } from './vma.ts';
import { mergeVma } from './vma-merge.ts';
import { findVmaIndex, vmaAt, vmaOf } from './vma-list.ts';

/** Pages. */
export interface AreaMove {
  readonly page: number;
  readonly length: number;
  readonly target: number;
  readonly newLength: number;
  /** MREMAP_DONTUNMAP: the old area stays, empty. */
  readonly keep: boolean;
  /** Pages charged for the move, to give back when it fails. */
  readonly charge: number;
}

/**
 * A copy of the area at the new place takes over the page table entries; then the old one goes, or stays empty.
 * On entry the new place is free and the charge is taken. Source: Linux 6.18 mm/mremap.c move_vma,
 * copy_vma_and_data, unmap_source_vma, dontunmap_complete; mm/vma.c copy_vma.
 * @returns the new place, or ENOMEM when no frame could be had for its page tables: the task is about to die
 */
export function moveArea(k: MemoryState, mm: MmId, move: AreaMove): SysResult<number> {
  const { page, length, target, newLength } = move;
  copyArea(k, mm, vmaOf(k, mm, page), page, target, newLength);
  if (!moveEntries(k, mm, page, page + length, target)) {
    moveEntries(k, mm, target, target + length, page);
    // Its charge is what the move was charged; the old area keeps its own.
    cutForUnmap(k, mm, target, target + newLength);
    removeAreas(k, mm, target, target + newLength, 'charge kept');
    unaccountPages(k, move.charge);
    return fail('ENOMEM');
  }
  if (move.keep) emptyOldArea(k, mm, page, length);
  else if (length > 0) removeOldArea(k, mm, page, page + length, target);
  return ok(target);
}

/** An area that was never written is numbered anew, so that it may merge where it arrives. */
function copyArea(k: MemoryState, mm: MmId, source: VmaId, page: number, target: number, length: number): void {
  const { vmas } = k;
  const fresh = isAnonymous(k, source) && vmas.anonVma[source] === 0;
  const anonVma = vmas.anonVma[source]!;
  const inherited = vmas.inherited[source]!;
  const offset = fresh ? target : objectPage(k, source, page);
  const flags = vmas.flags[source]!;
  const object = vmas.object[source]! as ObjectId;
  const copy = addVma(k, mm, { start: target, end: target + length, flags, object, offset });
  vmas.anonVma[copy] = anonVma;
  vmas.inherited[copy] = inherited;
  vmas.hugeLost[copy] = vmas.hugeLost[source]!;
  mergeVma(k, mm, findVmaIndex(k, mm, target));
}

/** @returns false when a page table at the new place found no frame */
function moveEntries(k: MemoryState, mm: MmId, start: number, end: number, target: number): boolean {
  let complete = true;
  forEachTable(k, mm, start, end, (table, from, to) => {
    if (!complete) return;
    if (isHuge(k, table) && to - from === HUGE_PAGES && (target - start) % HUGE_PAGES === 0) {
      complete = moveHuge(k, mm, table, target + (from - start));
      return;
    }
    for (let page = from; page < to && complete; page++) {
      const entry = entryId(table, page % 512);
      if (lowWord(k, entry) === 0) continue;
      const arrival = ensureEntry(k, mm, target + (page - start));
      if (arrival === null) complete = false;
      else movePage(k, entry, arrival);
    }
  });
  return complete;
}

/**
 * To a place that is aligned alike, a huge page moves as one. Source: Linux 6.18 mm/huge_memory.c move_huge_pmd.
 * @returns false when the page table at the new place found no frame
 */
function moveHuge(k: MemoryState, mm: MmId, table: TableId, target: number): boolean {
  const first = ensureEntry(k, mm, target);
  if (first === null) return false;
  const arrival = tableOfEntry(first);
  const event = isHugeZero(k, table) ? 'move.hugeZero' : 'move.huge';
  makeHuge(k, arrival, event, () => {
    emptyHuge(k, table, () => {
      for (let i = 0; i < HUGE_PAGES; i++) movePage(k, entryId(table, i), entryId(arrival, i));
    });
  });
  freeTable(k, table);
  return true;
}

/** The charge of the old area went over to the new one, and what it was promised of the pool of huge pages. */
function removeOldArea(k: MemoryState, mm: MmId, start: number, end: number, target: number): void {
  cutForUnmap(k, mm, start, end);
  const old = vmaOf(k, mm, start);
  // Source: Linux 6.18 mm/hugetlb.c clear_vma_resv_huge_pages.
  k.vmas.hugeOwner[vmaOf(k, mm, target)] = k.vmas.hugeOwner[old]!;
  k.vmas.hugeOwner[old] = 0;
  removeAreas(k, mm, start, end, 'charge kept');
  freeUnusedTables(k, mm, start, end);
}

/**
 * The old area stays: unlocked as a whole, and, moved as a whole, without its anon_vma. Linux leaves locked_vm as it is
 * then, so the pages that lost their lock go on counting against RLIMIT_MEMLOCK; and what the move left behind in the
 * area stays unevictable until it is unmapped.
 */
function emptyOldArea(k: MemoryState, mm: MmId, page: number, length: number): void {
  const { vmas, mms } = k;
  const index = findVmaIndex(k, mm, page);
  const vma = vmaAt(k, mm, index);
  if ((vmas.flags[vma]! & VM.LOCKED) !== 0) mms.lockedStale[mm]! += vmas.end[vma]! - vmas.start[vma]!;
  vmas.flags[vma]! &= ~VM_LOCKED_MASK;
  if (vmas.start[vma] === page && vmas.end[vma] === page + length) {
    vmas.anonVma[vma] = 0;
    vmas.inherited[vma] = 0;
  }
}
