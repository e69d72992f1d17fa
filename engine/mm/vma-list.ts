import { assert } from '../base/assert.ts';
import { MAX_MAP_COUNT } from '../base/limits.ts';
import { extendRows } from '../base/table.ts';
import type { MmId, VmaId } from '../base/units.ts';
import type { MemoryState } from './state.ts';

/**
 * An address space's VMAs, sorted, as a vector in one shared pool: a search is a binary search, and an insertion moves
 * at most a few hundred kilobytes. Vectors have capacities 2^2 … 2^16; a freed one waits in `vmaListFree` by capacity.
 * Linux keeps them in a maple tree (lib/maple_tree.c); what can be observed is the same.
 */
const SMALLEST_ORDER = 2;

function takeVector(k: MemoryState, order: number): number {
  const { vmaLists, vmaListFree, machine } = k;
  const freed = vmaListFree.first[order]!;
  if (freed >= 0) {
    vmaListFree.first[order] = vmaLists.id[freed]!;
    return freed;
  }
  const base = machine.nextVmaList[0]!;
  machine.nextVmaList[0] = base + 2 ** order;
  extendRows(vmaLists, base + 2 ** order);
  return base;
}

function giveVector(k: MemoryState, base: number, order: number): void {
  k.vmaLists.id[base] = k.vmaListFree.first[order]!;
  k.vmaListFree.first[order] = base;
}

export function makeVmaList(k: MemoryState, mm: MmId): void {
  k.mms.vmaBase[mm] = takeVector(k, SMALLEST_ORDER);
  k.mms.vmaOrder[mm] = SMALLEST_ORDER;
  k.mms.vmaCount[mm] = 0;
}

export function freeVmaList(k: MemoryState, mm: MmId): void {
  assert(k.mms.vmaCount[mm] === 0, 'an address space without VMAs is freed');
  giveVector(k, k.mms.vmaBase[mm]!, k.mms.vmaOrder[mm]!);
}

export const vmaCount = (k: MemoryState, mm: MmId): number => k.mms.vmaCount[mm]!;
export const vmaAt = (k: MemoryState, mm: MmId, index: number): VmaId =>
  k.vmaLists.id[k.mms.vmaBase[mm]! + index]! as VmaId;

/** Index of the first VMA that ends behind `page`; vmaCount when there is none. Source: Linux mm/mmap.c find_vma. */
export function findVmaIndex(k: MemoryState, mm: MmId, page: number): number {
  const base = k.mms.vmaBase[mm]!;
  let low = 0;
  let high = k.mms.vmaCount[mm]!;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (k.vmas.end[k.vmaLists.id[base + middle]!]! > page) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The VMA a page lies in, or −1. */
export function vmaOf(k: MemoryState, mm: MmId, page: number): VmaId {
  const index = findVmaIndex(k, mm, page);
  if (index === k.mms.vmaCount[mm]!) return -1 as VmaId;
  const vma = vmaAt(k, mm, index);
  return (k.vmas.start[vma]! <= page ? vma : -1) as VmaId;
}

export function overlapsVma(k: MemoryState, mm: MmId, start: number, end: number): boolean {
  const index = findVmaIndex(k, mm, start);
  return index < k.mms.vmaCount[mm]! && k.vmas.start[vmaAt(k, mm, index)]! < end;
}

export function insertVma(k: MemoryState, mm: MmId, index: number, vma: VmaId): void {
  const { mms, vmaLists } = k;
  const count = mms.vmaCount[mm]!;
  assert(count < MAX_MAP_COUNT + 3, 'an address space has at most MAX_MAP_COUNT areas, and three while some are cut');
  if (count === 2 ** mms.vmaOrder[mm]!) {
    const order = mms.vmaOrder[mm]!;
    const base = mms.vmaBase[mm]!;
    const wider = takeVector(k, order + 1);
    vmaLists.id.copyWithin(wider, base, base + count);
    giveVector(k, base, order);
    mms.vmaBase[mm] = wider;
    mms.vmaOrder[mm] = order + 1;
  }
  const at = mms.vmaBase[mm]! + index;
  vmaLists.id.copyWithin(at + 1, at, mms.vmaBase[mm]! + count);
  vmaLists.id[at] = vma;
  mms.vmaCount[mm] = count + 1;
}

export function removeVmaAt(k: MemoryState, mm: MmId, index: number): void {
  const { mms, vmaLists } = k;
  const at = mms.vmaBase[mm]! + index;
  vmaLists.id.copyWithin(at, at + 1, mms.vmaBase[mm]! + mms.vmaCount[mm]!);
  mms.vmaCount[mm]!--;
}
