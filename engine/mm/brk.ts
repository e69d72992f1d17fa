import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { VM } from '../base/flags.ts';
import { MAX_MAP_COUNT, TASK_SIZE } from '../base/limits.ts';
import { PAGE_SIZE, pagesFor, type MmId } from '../base/units.ts';
import { accountPages } from './commit.ts';
import { mayExpand } from './mmap.ts';
import { lockLimitAllows } from './mlock.ts';
import { unmapRange } from './munmap.ts';
import { PAGE_UNITS, pageUnit } from './page-unit.ts';
import { populatePages } from './populate.ts';
import { isReal, realBrk } from './real-mode.ts';
import type { MemoryState } from './state.ts';
import { addVma, NO_OBJECT } from './vma.ts';
import { mergeVmaBelow } from './vma-merge.ts';
import { findVmaIndex, vmaAt, vmaCount } from './vma-list.ts';

/** Pages left free below a stack that grows down. Source: Linux mm/mmap.c stack_guard_gap. */
export const STACK_GUARD_PAGES = 256;

/**
 * The raw system call: moves the break, or leaves it where it is; never an error number.
 * Source: Linux 6.18 mm/mmap.c SYSCALL_DEFINE1(brk), mm/vma.c do_brk_flags.
 * @param wanted address in bytes
 * @returns the break afterwards, in bytes
 */
export function sysBrk(k: MemoryState, mm: MmId, wanted: number): number {
  if (isReal(k)) return realBrk(k, mm, wanted);
  const { mms } = k;
  const old = mms.brk[mm]!;
  const startBrk = mms.startBrk[mm]!;
  if (wanted < startBrk || wanted > TASK_SIZE) return old;
  // check_data_rlimit: also asked when the heap shrinks to a size that is still too large.
  if (wanted - startBrk > mms.rlimitData[mm]!) return old;
  const newEnd = heapEnd(k, mm, wanted);
  const oldEnd = heapEnd(k, mm, old);
  if (newEnd < oldEnd && !shrink(k, mm, newEnd, oldEnd)) return old;
  if (newEnd > oldEnd && !grow(k, mm, oldEnd, newEnd)) return old;
  mms.brk[mm] = wanted;
  if (newEnd > oldEnd && (mms.defFlags[mm]! & VM.LOCKED) !== 0) {
    populatePages(k, mm, oldEnd, newEnd, 'go on after errors');
  }
  if (newEnd !== oldEnd) emit(k.events, EVENT.BREAK_MOVED, newEnd, -1, newEnd - oldEnd);
  return wanted;
}

/** Page behind the heap for a break: whole pages of the size that is set, counted from where the heap starts. */
function heapEnd(k: MemoryState, mm: MmId, breakBytes: number): number {
  const pages = pagesFor(breakBytes);
  if (pageUnit(k) !== PAGE_UNITS['8k']) return pages;
  const start = pagesFor(k.mms.startBrk[mm]!);
  return start + Math.ceil((pages - start) / 2) * 2;
}

function shrink(k: MemoryState, mm: MmId, newEnd: number, oldEnd: number): boolean {
  const index = findVmaIndex(k, mm, newEnd);
  if (index === vmaCount(k, mm) || k.vmas.start[vmaAt(k, mm, index)]! >= oldEnd) return false;
  return unmapRange(k, mm, newEnd, oldEnd).ok;
}

function grow(k: MemoryState, mm: MmId, oldEnd: number, newEnd: number): boolean {
  // The next mapping must stay a page away, a stack its guard gap more.
  const next = findVmaIndex(k, mm, oldEnd);
  if (next < vmaCount(k, mm)) {
    const vma = vmaAt(k, mm, next);
    const gap = (k.vmas.flags[vma]! & VM.GROWSDOWN) !== 0 ? STACK_GUARD_PAGES : 0;
    if (newEnd + 1 > k.vmas.start[vma]! - gap) return false;
  }
  const flags = VM.READ | VM.WRITE | VM.ACCOUNT | k.mms.defFlags[mm]!;
  const pages = newEnd - oldEnd;
  if (!lockLimitAllows(k, mm, flags, pages)) return false;
  if (!mayExpand(k, mm, flags, pages) || vmaCount(k, mm) > MAX_MAP_COUNT) return false;
  if (newEnd * PAGE_SIZE > TASK_SIZE || !accountPages(k, mm, pages).ok) return false;
  addVma(k, mm, { start: oldEnd, end: newEnd, flags, object: NO_OBJECT, offset: oldEnd });
  // The first growth starts an area of its own, whatever lies below the heap.
  if (oldEnd * PAGE_SIZE > k.mms.startBrk[mm]!) mergeVmaBelow(k, mm, findVmaIndex(k, mm, oldEnd));
  return true;
}
