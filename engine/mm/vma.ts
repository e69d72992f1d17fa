import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { VM } from '../base/flags.ts';
import { HUGE_PAGES } from '../base/limits.ts';
import { allocRow, freeRow } from '../base/table.ts';
import type { MmId, ObjectId, VmaId } from '../base/units.ts';
import { splitHugeAt } from './huge-entry.ts';
import { dropHugePromises } from './huge-pool.ts';
import { dropObjectUser, useObject } from './object.ts';
import type { MemoryState } from './state.ts';
import { areaAppears, areaGoes } from './page-state.ts';
import { findVmaIndex, insertVma, removeVmaAt, vmaAt } from './vma-list.ts';

/** What a new area is made of. Pages; `offset` is the object's page at start, for anonymous memory start itself. */
export interface VmaShape {
  readonly start: number;
  readonly end: number;
  readonly flags: number;
  readonly object: ObjectId;
  readonly offset: number;
}

export const NO_OBJECT = -1 as ObjectId;

const isData = (flags: number): boolean => (flags & (VM.WRITE | VM.SHARED | VM.GROWSDOWN)) === VM.WRITE;
export const isAnonymous = (k: MemoryState, vma: VmaId): boolean => k.vmas.object[vma]! < 0;
export const vmaPages = (k: MemoryState, vma: VmaId): number => k.vmas.end[vma]! - k.vmas.start[vma]!;
/** The page of its object that a page of the VMA maps. */
export const objectPage = (k: MemoryState, vma: VmaId, page: number): number =>
  k.vmas.offset[vma]! + (page - k.vmas.start[vma]!);

/** Source: Linux mm/mmap.c vm_stat_account. */
export function countPages(k: MemoryState, mm: MmId, flags: number, pages: number): void {
  k.mms.totalVm[mm]! += pages;
  if ((flags & VM.LOCKED) !== 0) k.mms.lockedVm[mm]! += pages;
  if (isData(flags)) k.mms.dataVm[mm]! += pages;
}

/** Puts a new area into the list; it holds its object. */
export function addVma(k: MemoryState, mm: MmId, shape: VmaShape): VmaId {
  const { vmas } = k;
  const vma = allocRow(vmas) as VmaId;
  vmas.mm[vma] = mm;
  vmas.start[vma] = shape.start;
  vmas.end[vma] = shape.end;
  vmas.flags[vma] = shape.flags;
  vmas.object[vma] = shape.object;
  vmas.offset[vma] = shape.offset;
  if (shape.object >= 0) useObject(k, shape.object);
  areaAppears();
  insertVma(k, mm, findVmaIndex(k, mm, shape.start), vma);
  countPages(k, mm, shape.flags, shape.end - shape.start);
  emit(k.events, EVENT.VMA_ADD, shape.start, -1, shape.end - shape.start, shape.flags);
  return vma;
}

/** Takes the area at `index` out of the list. Its pages must be gone. */
export function removeVma(k: MemoryState, mm: MmId, index: number): void {
  const vma = vmaAt(k, mm, index);
  const { vmas } = k;
  const pages = vmaPages(k, vma);
  areaGoes();
  countPages(k, mm, vmas.flags[vma]!, -pages);
  emit(k.events, EVENT.VMA_REMOVE, vmas.start[vma]!, -1, pages);
  const object = vmas.object[vma]! as ObjectId;
  if (vmas.hugeOwner[vma] === 1) dropPromises(k, vma, object);
  removeVmaAt(k, mm, index);
  freeRow(vmas, vma);
  if (object >= 0) dropObjectUser(k, object);
}

/** What was promised to an area that goes. Source: Linux 6.18 mm/hugetlb.c hugetlb_vm_op_close. */
function dropPromises(k: MemoryState, vma: VmaId, object: ObjectId): void {
  const from = k.vmas.offset[vma]! / HUGE_PAGES;
  dropHugePromises(k, object, from, from + vmaPages(k, vma) / HUGE_PAGES);
}

/**
 * Cuts the area at `index` in two at `page`; both parts keep flags, object and anon_vma.
 * Source: Linux mm/vma.c __split_vma. @returns index of the upper part
 */
export function splitVma(k: MemoryState, mm: MmId, index: number, page: number): number {
  const { vmas } = k;
  splitHugeAt(k, mm, page);
  const lower = vmaAt(k, mm, index);
  const upper = allocRow(vmas) as VmaId;
  vmas.mm[upper] = mm;
  vmas.start[upper] = page;
  vmas.end[upper] = vmas.end[lower]!;
  vmas.flags[upper] = vmas.flags[lower]!;
  vmas.object[upper] = vmas.object[lower]!;
  vmas.offset[upper] = objectPage(k, lower, page);
  vmas.anonVma[upper] = vmas.anonVma[lower]!;
  vmas.inherited[upper] = vmas.inherited[lower]!;
  vmas.hugeOwner[upper] = vmas.hugeOwner[lower]!;
  vmas.hugeLost[upper] = vmas.hugeLost[lower]!;
  vmas.swapRaPage[upper] = vmas.swapRaPage[lower]!;
  vmas.swapRaWindow[upper] = vmas.swapRaWindow[lower]!;
  vmas.swapRaHits[upper] = vmas.swapRaHits[lower]!;
  vmas.end[lower] = page;
  if (vmas.object[upper]! >= 0) useObject(k, vmas.object[upper]! as ObjectId);
  insertVma(k, mm, index + 1, upper);
  emit(k.events, EVENT.VMA_SPLIT, page, -1, vmaPages(k, lower), vmaPages(k, upper));
  return index + 1;
}

/** `rw-p` as /proc/PID/maps prints it. */
export function permsText(flags: number): string {
  return (
    ((flags & VM.READ) !== 0 ? 'r' : '-') +
    ((flags & VM.WRITE) !== 0 ? 'w' : '-') +
    ((flags & VM.EXEC) !== 0 ? 'x' : '-') +
    ((flags & VM.SHARED) !== 0 ? 's' : 'p')
  );
}
