import { assert } from '../base/assert.ts';
import { fail, ok, type SysResult } from '../base/errno.ts';
import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { FRAME, VM } from '../base/flags.ts';
import { PAGE_SIZE, pagesFor, type MmId, type Pfn } from '../base/units.ts';
import { accountPages } from './commit.ts';
import { PRICE } from './costs.ts';
import { claimFrame, getFrame, putFrame } from './page-alloc.ts';
import type { MmapRequest } from './mmap.ts';
import type { MemoryState } from './state.ts';
import { addVma, NO_OBJECT } from './vma.ts';
import { findVmaIndex, overlapsVma, vmaAt, vmaCount } from './vma-list.ts';

/**
 * A machine without protection: no page tables, no TLB, no faults. What a program calls an address is what goes out on
 * the bus, so whoever knows a number can read and write what lies there, be it another program's or the kernel's.
 * Source: Intel SDM vol. 3A 20.1 (real-address mode: no paging, no privilege); the system calls behave as Linux 6.18
 * does on processors without an MMU (mm/nommu.c).
 */
export const isReal = (k: MemoryState): boolean => k.machine.realMode[0] === 1;

/**
 * The frame behind any page number. The bus has only as many lines as RAM needs: larger addresses begin again at 0, as
 * they did at 1 MiB on the 8086 (Intel SDM vol. 3A 20.1.1); simplified: at the end of RAM, whatever its size.
 */
export function busFrame(k: MemoryState, page: number): Pfn {
  const total = k.machine.totalFrames[0]!;
  return (((page % total) + total) % total) as Pfn;
}

/** One load or store; what does not belong to the task is an event of its own, and nothing else. */
export function realAccess(k: MemoryState, mm: MmId, page: number, write: boolean): Pfn {
  const frame = busFrame(k, page);
  if (!ownsFrame(k, mm, frame)) emit(k.events, EVENT.STRAY_ACCESS, page, frame, write ? 1 : 0, k.frames.kind[frame]);
  return frame;
}

/** Does an area of the address space lead to this frame? */
export function ownsFrame(k: MemoryState, mm: MmId, frame: number): boolean {
  if (k.frames.kind[frame] !== FRAME.FLAT) return false;
  for (let i = 0; i < vmaCount(k, mm); i++) {
    const vma = vmaAt(k, mm, i);
    const start = k.vmas.start[vma]!;
    const distance = (frame - busFrame(k, start) + k.machine.totalFrames[0]!) % k.machine.totalFrames[0]!;
    if (distance < k.vmas.end[vma]! - start) return true;
  }
  return false;
}

/** First page of the lowest run of free frames, or null: without page tables frames have to lie in a row. */
export function freeRun(k: MemoryState, pages: number): number | null {
  const total = k.machine.totalFrames[0]!;
  for (let frame = 0, run = 0; frame < total; frame++) {
    run = k.frames.kind[frame] === FRAME.FREE ? run + 1 : 0;
    if (run === pages) return frame - pages + 1;
  }
  return null;
}

/** Are all frames free that these pages lead to? */
function isFreeRun(k: MemoryState, start: number, pages: number): boolean {
  if (pages > k.machine.freeFrames[0]!) return false;
  for (let i = 0; i < pages; i++) if (k.frames.kind[busFrame(k, start + i)] !== FRAME.FREE) return false;
  return true;
}

/**
 * Takes the frames behind [start, start + pages) for an area, cleared, and adds it.
 * @returns ENOMEM when one of them is in use
 */
export function mapFlat(k: MemoryState, mm: MmId, start: number, pages: number, flags: number): SysResult {
  if (!isFreeRun(k, start, pages)) return fail('ENOMEM');
  const charged = (flags & VM.ACCOUNT) !== 0;
  if (charged && !accountPages(k, mm, pages).ok) return fail('ENOMEM');
  for (let i = 0; i < pages; i++) claimFrame(k, busFrame(k, start + i), FRAME.FLAT);
  emit(k.events, EVENT.BLOCK_ALLOC, -1, busFrame(k, start), FRAME.FLAT, pages);
  k.pay(PRICE.zero_frame, pages);
  k.mms.rssAnon[mm]! += pages;
  addVma(k, mm, { start, end: start + pages, flags, object: NO_OBJECT, offset: start });
  return ok(0);
}

/**
 * mmap(2): all frames at once and in a row, or nothing. Source: Linux 6.18 mm/nommu.c validate_mmap_request, do_mmap;
 * simplified: files are not mapped.
 * @returns the first page; EINVAL, ENODEV for a file, ENOMEM
 */
export function realMmap(k: MemoryState, mm: MmId, request: MmapRequest): SysResult<number> {
  const { address, length, sharing, file = null } = request;
  if (request.placement === 'fixed' || sharing === 'none' || length <= 0) return fail('EINVAL');
  if (file !== null) return fail('ENODEV');
  const pages = pagesFor(length);
  const start = Math.floor(address / PAGE_SIZE);
  if (overlapsVma(k, mm, start, start + pages)) return fail('EEXIST');
  const shared = sharing === 'shared' ? VM.SHARED : 0;
  const flags = request.access | shared | (shared === 0 && (request.access & VM.WRITE) !== 0 ? VM.ACCOUNT : 0);
  const made = mapFlat(k, mm, start, pages, flags);
  return made.ok ? ok(start) : made;
}

/**
 * brk(2): the break moves within what the program got at its start. Source: Linux 6.18 mm/nommu.c brk.
 * @returns the break afterwards, bytes
 */
export function realBrk(k: MemoryState, mm: MmId, wanted: number): number {
  const { mms } = k;
  const first = Math.floor(mms.startBrk[mm]! / PAGE_SIZE);
  const index = findVmaIndex(k, mm, first);
  const end = index < vmaCount(k, mm) && k.vmas.start[vmaAt(k, mm, index)]! <= first ? k.vmas.end[vmaAt(k, mm, index)]! : first; // prettier-ignore
  if (wanted >= mms.startBrk[mm]! && wanted <= end * PAGE_SIZE) mms.brk[mm] = wanted;
  return mms.brk[mm]!;
}

/** A child of fork sees its parent's frames, and they are the same for good: there is nothing that could tell two apart. */
export function shareFlat(k: MemoryState, child: MmId, start: number, end: number): void {
  for (let page = start; page < end; page++) getFrame(k, busFrame(k, page));
  k.mms.rssAnon[child]! += end - start;
}

/** The frames of [start, end), areas of this address space, are given up. */
export function releaseFlat(k: MemoryState, mm: MmId, start: number, end: number): void {
  for (let page = start; page < end; page++) {
    const frame = busFrame(k, page);
    assert(k.frames.kind[frame] === FRAME.FLAT, `frame ${frame} belongs to an area`);
    putFrame(k, frame);
  }
  k.mms.rssAnon[mm]! -= end - start;
}

/**
 * What lies at the bottom of a PC's memory: 256 interrupt vectors of four bytes, all to the routine that returns at
 * once, F000:FF53. Source: SeaBIOS src/post.c ivt_init.
 */
export const VECTORS = { count: 256, bytes: [0x53, 0xff, 0x00, 0xf0] } as const;
