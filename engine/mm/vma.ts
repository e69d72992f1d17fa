import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { VM, VM_ACCESS } from '../base/flags.ts';
import { allocRow, freeRow } from '../base/table.ts';
import type { MmId, ObjectId, VmaId } from '../base/units.ts';
import { dropObjectUser, useObject } from './object.ts';
import type { MemoryState } from './state.ts';
import { findVmaIndex, insertVma, removeVmaAt, vmaAt, vmaCount } from './vma-list.ts';

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
  countPages(k, mm, vmas.flags[vma]!, -pages);
  emit(k.events, EVENT.VMA_REMOVE, vmas.start[vma]!, -1, pages);
  const object = vmas.object[vma]! as ObjectId;
  removeVmaAt(k, mm, index);
  freeRow(vmas, vma);
  if (object >= 0) dropObjectUser(k, object);
}

/**
 * Cuts the area at `index` in two at `page`; both parts keep flags, object and anon_vma.
 * Source: Linux mm/vma.c __split_vma. @returns index of the upper part
 */
export function splitVma(k: MemoryState, mm: MmId, index: number, page: number): number {
  const { vmas } = k;
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
  vmas.end[lower] = page;
  if (vmas.object[upper]! >= 0) useObject(k, vmas.object[upper]! as ObjectId);
  insertVma(k, mm, index + 1, upper);
  emit(k.events, EVENT.VMA_SPLIT, page, -1, vmaPages(k, lower), vmaPages(k, upper));
  return index + 1;
}

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

/** Source: Linux 6.18 mm/vma.c is_mergeable_vma, can_vma_merge_after. */
function canMerge(k: MemoryState, lower: VmaId, upper: VmaId): boolean {
  const { vmas } = k;
  return (
    vmas.end[lower] === vmas.start[upper] &&
    vmas.flags[lower] === vmas.flags[upper] &&
    vmas.object[lower] === vmas.object[upper] &&
    objectPage(k, lower, vmas.start[upper]!) === vmas.offset[upper]! &&
    anonVmasMerge(k, lower, upper)
  );
}

/** Merges the area at `index` with the one behind it where both are alike. */
function mergeWithNext(k: MemoryState, mm: MmId, index: number): boolean {
  const { vmas } = k;
  if (index < 0 || index + 1 >= vmaCount(k, mm)) return false;
  const lower = vmaAt(k, mm, index);
  const upper = vmaAt(k, mm, index + 1);
  if (!canMerge(k, lower, upper)) return false;
  vmas.end[lower] = vmas.end[upper]!;
  vmas.inherited[lower] = vmas.anonVma[lower] === 0 ? vmas.inherited[upper]! : vmas.inherited[lower]!;
  if (vmas.anonVma[lower] === 0) vmas.anonVma[lower] = vmas.anonVma[upper]!;
  const object = vmas.object[upper]! as ObjectId;
  removeVmaAt(k, mm, index + 1);
  freeRow(vmas, upper);
  if (object >= 0) dropObjectUser(k, object);
  emit(k.events, EVENT.VMA_MERGE, vmas.start[lower]!, -1, vmaPages(k, lower));
  return true;
}

/** Merges the area at `index` with its neighbours on both sides. @returns its index afterwards */
export function mergeVma(k: MemoryState, mm: MmId, index: number): number {
  mergeWithNext(k, mm, index);
  return mergeWithNext(k, mm, index - 1) ? index - 1 : index;
}

/**
 * The area gets an anon_vma before its first private page; a neighbour's is shared where the two could still become
 * one area. Source: Linux mm/rmap.c __anon_vma_prepare, mm/vma.c find_mergeable_anon_vma.
 */
export function prepareAnonVma(k: MemoryState, vma: VmaId): void {
  const { vmas, machine } = k;
  if (vmas.anonVma[vma] !== 0) return;
  const mm = vmas.mm[vma]! as MmId;
  const index = findVmaIndex(k, mm, vmas.start[vma]!);
  const above = index + 1 < vmaCount(k, mm) ? vmaAt(k, mm, index + 1) : null;
  const below = index > 0 ? vmaAt(k, mm, index - 1) : null;
  let shared = above === null ? 0 : reusableAnonVma(k, vma, above, above);
  if (shared === 0 && below !== null) shared = reusableAnonVma(k, below, vma, below);
  vmas.anonVma[vma] = shared !== 0 ? shared : machine.nextAnonVma[0]!++;
}

/** The neighbour's anon_vma where it may serve both, else 0. Source: mm/vma.c anon_vma_compatible, reusable_anon_vma. */
function reusableAnonVma(k: MemoryState, lower: VmaId, upper: VmaId, neighbour: VmaId): number {
  const { vmas } = k;
  const alike =
    vmas.end[lower] === vmas.start[upper] &&
    vmas.object[lower] === vmas.object[upper] &&
    ((vmas.flags[lower]! ^ vmas.flags[upper]!) & ~VM_ACCESS) === 0 &&
    objectPage(k, lower, vmas.start[upper]!) === vmas.offset[upper]!;
  return alike && vmas.inherited[neighbour] === 0 ? vmas.anonVma[neighbour]! : 0;
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
