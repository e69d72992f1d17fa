import { fail, type SysResult } from '../base/errno.ts';
import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { VM_SPECIAL } from '../base/flags.ts';
import { MAX_MAP_COUNT } from '../base/limits.ts';
import { freeRow } from '../base/table.ts';
import type { MmId, ObjectId, VmaId } from '../base/units.ts';
import { mayEndAt } from './hugetlb.ts';
import { dropObjectUser } from './object.ts';
import type { MemoryState } from './state.ts';
import { countPages, objectPage, splitVma, vmaPages } from './vma.ts';
import { removeVmaAt, vmaAt, vmaCount } from './vma-list.ts';

/**
 * May two neighbours' anon_vmas become one? Either they are the same, or one side has none and the other's did not
 * come over fork. Source: Linux 6.18 mm/vma.c is_mergeable_anon_vma.
 */
function anonVmasMerge(k: MemoryState, lower: VmaId, upper: VmaId): boolean {
  const { anonVma, inherited } = k.vmas;
  if (anonVma[lower] === anonVma[upper]) return true;
  if (anonVma[lower] === 0) return inherited[upper] === 0;
  if (anonVma[upper] === 0) return inherited[lower] === 0;
  return false;
}

/**
 * Could `lower` up to `page` and `upper` from `page` be one area, had they these flags?
 * Source: Linux 6.18 mm/vma.c is_mergeable_vma, can_vma_merge_after, can_vma_merge_before.
 */
function alike(k: MemoryState, lower: VmaId, upper: VmaId, page: number): boolean {
  const { vmas } = k;
  return (
    vmas.object[lower] === vmas.object[upper] &&
    objectPage(k, lower, page) === objectPage(k, upper, page) &&
    anonVmasMerge(k, lower, upper)
  );
}

/** Merges the area at `index` with the one behind it where both are alike. */
function mergeWithNext(k: MemoryState, mm: MmId, index: number): boolean {
  const { vmas } = k;
  if (index < 0 || index + 1 >= vmaCount(k, mm)) return false;
  const lower = vmaAt(k, mm, index);
  const upper = vmaAt(k, mm, index + 1);
  const page = vmas.end[lower]!;
  // Source: Linux 6.18 mm/vma.c vma_merge_existing_range.
  if ((vmas.flags[lower]! & VM_SPECIAL) !== 0) return false;
  if (page !== vmas.start[upper] || vmas.flags[lower] !== vmas.flags[upper]) return false;
  if (!alike(k, lower, upper, page)) return false;
  vmas.end[lower] = vmas.end[upper]!;
  if (vmas.anonVma[lower] === 0) {
    vmas.anonVma[lower] = vmas.anonVma[upper]!;
    vmas.inherited[lower] = vmas.inherited[upper]!;
  }
  const object = vmas.object[upper]! as ObjectId;
  removeVmaAt(k, mm, index + 1);
  freeRow(vmas, upper);
  if (object >= 0) dropObjectUser(k, object);
  emit(k.events, EVENT.VMA_MERGE, vmas.start[lower]!, -1, vmaPages(k, lower));
  return true;
}

/** Merges a new area with the one below it only, as brk does. @returns its index afterwards */
export function mergeVmaBelow(k: MemoryState, mm: MmId, index: number): number {
  return mergeWithNext(k, mm, index - 1) ? index - 1 : index;
}

/** Merges an area that grew upwards with the one it reached. */
export function mergeVmaAbove(k: MemoryState, mm: MmId, index: number): void {
  mergeWithNext(k, mm, index);
}

/**
 * Merges the area at `index` with its neighbours, the one below first: it wins where the two do not go together.
 * Source: Linux 6.18 mm/vma.c vma_merge_new_range. @returns its index afterwards
 */
export function mergeVma(k: MemoryState, mm: MmId, index: number): number {
  const merged = mergeVmaBelow(k, mm, index);
  mergeWithNext(k, mm, merged);
  return merged;
}

/**
 * Pages [start, end) of the area at `index` get other flags. The part goes over to a neighbour that has these flags
 * already; otherwise it is cut out, which MAX_MAP_COUNT may forbid: a cut that was made before that stays.
 * Source: Linux 6.18 mm/vma.c vma_modify, vma_merge_existing_range.
 * @returns the index of the area that holds the part now; ENOMEM, EINVAL where a huge page of the pool would be cut
 */
export function modifyVma(
  k: MemoryState,
  mm: MmId,
  index: number,
  start: number,
  end: number,
  flags: number,
): SysResult<number> {
  const { vmas } = k;
  const vma = vmaAt(k, mm, index);
  const unlimited = joinsNeighbour(k, mm, index, start, end, flags);
  const mayCut = (): boolean => unlimited || vmaCount(k, mm) < MAX_MAP_COUNT;
  if (!mayEndAt(vmas.flags[vma]!, start) || !mayEndAt(vmas.flags[vma]!, end)) return fail('EINVAL');
  let target = index;
  if (vmas.start[vma]! < start) {
    if (!mayCut()) return fail('ENOMEM');
    target = splitVma(k, mm, index, start);
  }
  const part = vmaAt(k, mm, target);
  if (vmas.end[part]! > end) {
    if (!mayCut()) return fail('ENOMEM');
    splitVma(k, mm, target, end);
  }
  countPages(k, mm, vmas.flags[part]!, start - end);
  countPages(k, mm, flags, end - start);
  vmas.flags[part] = flags;
  return { ok: true, value: mergeVma(k, mm, target) };
}

function joinsNeighbour(k: MemoryState, mm: MmId, index: number, start: number, end: number, flags: number): boolean {
  const { vmas } = k;
  const vma = vmaAt(k, mm, index);
  if (start === vmas.start[vma] && index > 0) {
    const below = vmaAt(k, mm, index - 1);
    if (vmas.end[below] === start && vmas.flags[below] === flags && alike(k, below, vma, start)) return true;
  }
  if (end !== vmas.end[vma] || index + 1 >= vmaCount(k, mm)) return false;
  const above = vmaAt(k, mm, index + 1);
  return vmas.start[above] === end && vmas.flags[above] === flags && alike(k, vma, above, end);
}
