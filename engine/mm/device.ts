import { DONE, fail, type SysResult } from '../base/errno.ts';
import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { FRAME, PTE, VM, VM_LOCKED_MASK } from '../base/flags.ts';
import { MAX_FRAMES } from '../base/limits.ts';
import { extendRows, isLive } from '../base/table.ts';
import { PAGE_SIZE, type MmId, type ObjectId, type Pfn } from '../base/units.ts';
import { fileName, nameObject } from './file.ts';
import { makeObject } from './object.ts';
import { ensureEntry } from './page-table.ts';
import { mapFrame } from './page-state.ts';
import { PAGE_EVENT } from './page.machine.ts';
import type { MemoryState } from './state.ts';
import { vmaAt, findVmaIndex } from './vma-list.ts';

/**
 * A device's own memory, such as a picture's: it has physical addresses behind those of RAM, and rows in the table of
 * frames so that its bytes and mappings are kept like all others; but no frame of it is ever handed out, counted in a
 * task's RSS, reclaimed or swapped. Source of the idea: Linux VM_PFNMAP, mm/memory.c remap_pfn_range.
 */

/** Are there physical addresses left for so many pages? A frame number has 20 bits here. */
export const deviceFits = (k: MemoryState, pages: number): boolean => k.frames.rows + pages <= MAX_FRAMES;

/** @param name as a file's */
export function makeDevice(k: MemoryState, name: string, pages: number): ObjectId {
  const device = makeObject(k, FRAME.DEVICE, pages, true);
  nameObject(k, device, name);
  const { frames, objects } = k;
  const first = frames.rows;
  objects.firstFrame[device] = first;
  objects.sizeBytes[device] = pages * PAGE_SIZE;
  extendRows(frames, first + pages);
  for (const column of EMPTY) frames[column].fill(-1, first);
  frames.kind.fill(FRAME.DEVICE, first, first + pages);
  frames.refcount.fill(1, first, first + pages);
  frames.flags.fill(0, first);
  frames.lru.fill(0, first);
  emit(k.events, EVENT.DEVICE_MADE, -1, first, device, pages);
  return device;
}
const EMPTY = ['rmap', 'content', 'object', 'prev', 'next', 'hashNext', 'slot', 'lruPrev', 'lruNext'] as const;

/** The device of a name, or null. */
export function deviceNamed(k: MemoryState, name: string): ObjectId | null {
  for (let row = 0; row < k.objects.rows; row++) {
    const found = isLive(k.objects, row) && k.objects.kind[row] === FRAME.DEVICE && fileName(k, row) === name;
    if (found) return row as ObjectId;
  }
  return null;
}

export const isDevice = (k: MemoryState, object: number): boolean =>
  object >= 0 && k.objects.kind[object] === FRAME.DEVICE;

/** Flags of an area on a device. Source: Linux 6.18 mm/memory.c remap_pfn_range_prepare_vma. */
const DEVICE_FLAGS = VM.IO | VM.PFNMAP | VM.DONTEXPAND | VM.DONTDUMP;
/** Locks mean nothing there. Source: Linux 6.18 mm/vma.c __mmap_complete. */
export const deviceFlags = (flags: number): number => (flags & ~VM_LOCKED_MASK) | DEVICE_FLAGS;

/**
 * What a driver asks before it maps: all of the range is the device's, and shared, since a private copy of a register
 * would be no register. Source: Linux 6.18 mm/memory.c vm_iomap_memory; whether private is taken is the driver's to say.
 */
export function deviceAllows(
  k: MemoryState,
  device: ObjectId,
  offset: number,
  pages: number,
  flags: number,
): SysResult {
  const inside = offset + pages <= k.objects.pages[device]!;
  return inside && (flags & VM.SHARED) !== 0 ? DONE : fail('EINVAL');
}

/**
 * All entries of a new area at once: there is no fault to wait for. Source: Linux 6.18 mm/memory.c remap_pfn_range.
 * @returns ENOMEM without frames for page tables
 */
export function mapDevice(k: MemoryState, mm: MmId, start: number, end: number): SysResult {
  const vma = vmaAt(k, mm, findVmaIndex(k, mm, start));
  const first = k.objects.firstFrame[k.vmas.object[vma]!]! + k.vmas.offset[vma]!;
  const writable = (k.vmas.flags[vma]! & VM.WRITE) !== 0;
  for (let page = start; page < end; page++) {
    const entry = ensureEntry(k, mm, page);
    if (entry === null) return fail('ENOMEM');
    const frame = (first + page - start) as Pfn;
    k.frames.refcount[frame]!++;
    mapFrame(k, vma, entry, PAGE_EVENT[writable ? 'fault.mapWritable' : 'fault.mapReadOnly'], frame, PTE.ACCESSED);
  }
  return DONE;
}
