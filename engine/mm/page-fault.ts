import { assert } from '../base/assert.ts';
import { EVENT } from '../base/event-kinds.ts';
import { beginCause, emit, endCause } from '../base/event-log.ts';
import { FRAME, PG, PTE, VM } from '../base/flags.ts';
import type { EntryId, MmId, Pfn, VmaId } from '../base/units.ts';
import { prepareAnonVma } from './anon-vma.ts';
import { faultAround, mapsWritable, objectFrame, type FoundPage } from './file-fault.ts';
import { copyFrameBytes } from './frame-bytes.ts';
import { hugeFault } from './huge-fault.ts';
import { hugetlbFault, isHugetlb } from './hugetlb.ts';
import { allocFrameOrKill, getFrame, putFrame } from './page-alloc.ts';
import { markDirty } from './page-cache.ts';
import { ensureEntry, findEntry, frameOfLow, lowWord } from './page-table.ts';
import { isGuard, mapFrame, mapZeroPage, replaceFrame, reuseFrame, shareWrite, stateOfLow } from './page-state.ts';
import { servePartner } from './page-unit.ts';
import { PAGE_EVENT, pageTable } from './page.machine.ts';
import type { MemoryState } from './state.ts';
import { freeSwapOf } from './swap-cache.ts';
import { isSwapped } from './swap-entry.ts';
import { swapIn } from './swap-in.ts';
import { isAnonymous } from './vma.ts';
import { PRICE } from './costs.ts';

/**
 * How a fault ended. `nomem`: no frame could be had, the task is about to die; `bus`: behind the object's end; `guard`:
 * the page is a guard.
 */
export type FaultResult =
  /** `restarted`: a file was read, and the fault was taken once more after it. */
  | { readonly kind: 'done'; readonly major: boolean; readonly restarted?: boolean }
  | { readonly kind: 'nomem' }
  | { readonly kind: 'bus' }
  | { readonly kind: 'guard' };

const MINOR: FaultResult = { kind: 'done', major: false };
const MAJOR: FaultResult = { kind: 'done', major: true };
const MAJOR_RESTARTED: FaultResult = { kind: 'done', major: true, restarted: true };
/** After a file was read the fault starts over; shared memory that comes from swap is waited for. */
const outcomeOf = ({ major, again }: FoundPage): FaultResult => (!major ? MINOR : again ? MAJOR_RESTARTED : MAJOR);
const NOMEM: FaultResult = { kind: 'nomem' };
const BUS: FaultResult = { kind: 'bus' };
const GUARD: FaultResult = { kind: 'guard' };
const HUGETLB_RESULTS = { done: MINOR, nomem: NOMEM, bus: BUS } as const;

/** What is faulted on: the VMA allows the access, the entry exists and does not. */
interface Fault {
  readonly vma: VmaId;
  readonly entry: EntryId;
  readonly page: number;
}

/**
 * Makes a page usable for a load or store that its VMA permits. Every branch stands here; each leaf does one thing.
 * On entry the VMA covers the page and permits the access; on exit `done` the entry permits it too, and the fault is
 * counted. Source: Linux 6.18 mm/memory.c handle_mm_fault, handle_pte_fault, do_fault; mm_account_fault: a fault that
 * fails is not counted.
 */
export function handlePageFault(
  k: MemoryState,
  mm: MmId,
  vma: VmaId,
  page: number,
  write: boolean,
  by: 'an access' | 'populate' = 'an access',
): FaultResult {
  const id = emit(k.events, EVENT.FAULT, page, -1, write ? 1 : 0);
  const outer = beginCause(k.events, id);
  const result = serveFault(k, mm, vma, page, write);
  if (result.kind === 'done') servePartner(k, mm, vma, page, write ? STORE : LOAD);
  // Populate starts anew after a file was read, and forgets that it had to wait. Source: mm/gup.c __mm_populate.
  const forgotten = by === 'populate' && result.kind === 'done' && result.restarted === true;
  if (result.kind === 'done') k.countFault(mm, result.major && !forgotten, id);
  // A fault that fails counts for the machine and for no task. Source: mm/memory.c mm_account_fault.
  else k.machine.pgfault[0]!++;
  endCause(k.events, outer);
  return result;
}

/** The other page of a pair, where the access would have faulted on it too; if it cannot be had, that is a fault of its own. */
const LOAD = (k: MemoryState, mm: MmId, vma: VmaId, page: number): void => serveIfNeeded(k, mm, vma, page, false);
const STORE = (k: MemoryState, mm: MmId, vma: VmaId, page: number): void => serveIfNeeded(k, mm, vma, page, true);

function serveIfNeeded(k: MemoryState, mm: MmId, vma: VmaId, page: number, write: boolean): void {
  const entry = findEntry(k, mm, page);
  const low = entry < 0 ? 0 : lowWord(k, entry);
  if ((low & PTE.PRESENT) === 0 || (write && (low & PTE.RW) === 0)) serveFault(k, mm, vma, page, write);
}

function serveFault(k: MemoryState, mm: MmId, vma: VmaId, page: number, write: boolean): FaultResult {
  if (isHugetlb(k.vmas.flags[vma]!)) return HUGETLB_RESULTS[hugetlbFault(k, mm, vma, page, write)];
  const huge = hugeFault(k, mm, vma, page, write);
  if (huge === 'nomem') return NOMEM;
  if (huge === 'done') return MINOR;
  const entry = ensureEntry(k, mm, page);
  return entry === null ? NOMEM : dispatch(k, { vma, entry, page }, write);
}

function dispatch(k: MemoryState, fault: Fault, write: boolean): FaultResult {
  const low = lowWord(k, fault.entry);
  if (low === 0) {
    if (isAnonymous(k, fault.vma)) return doAnonymousPage(k, fault, write);
    if (!write) return doReadFault(k, fault);
    return (k.vmas.flags[fault.vma]! & VM.SHARED) !== 0 ? doSharedFault(k, fault) : doCowFault(k, fault);
  }
  if (isGuard(low)) return GUARD;
  if (isSwapped(low)) return doSwapPage(k, fault, write);
  assert((low & PTE.PRESENT) !== 0, 'a PROT_NONE page is refused before it faults');
  return write ? doWpPage(k, fault) : MINOR;
}

const access = (write: boolean): number => (write ? PTE.ACCESSED | PTE.DIRTY : PTE.ACCESSED);

/**
 * First touch of anonymous memory: a read maps the zero page, a write gets a zeroed frame.
 * Source: Linux mm/memory.c do_anonymous_page.
 */
function doAnonymousPage(k: MemoryState, { vma, entry }: Fault, write: boolean): FaultResult {
  if (!write && !k.rules.zeroPageTakesFrame) {
    mapZeroPage(k, vma, entry, PAGE_EVENT['fault.readAnon']);
    return MINOR;
  }
  prepareAnonVma(k, vma);
  const frame = allocFrameOrKill(k, FRAME.ANON);
  if (frame === null) return NOMEM;
  k.pay(PRICE.zero_frame, 1);
  k.frames.flags[frame]! |= PG.ANON_EXCLUSIVE;
  const writable = (k.vmas.flags[vma]! & VM.WRITE) !== 0 && write;
  mapFrame(
    k,
    vma,
    entry,
    writable ? PAGE_EVENT['fault.mapWritable'] : PAGE_EVENT['fault.mapReadOnly'],
    frame,
    access(write),
  );
  return MINOR;
}

/**
 * Read of a file's or shared memory's page: neighbours that are cached are mapped along.
 * Source: Linux mm/memory.c do_read_fault, do_fault_around.
 */
function doReadFault(k: MemoryState, fault: Fault): FaultResult {
  const { vma, entry, page } = fault;
  faultAround(k, vma, page);
  if (lowWord(k, entry) !== 0) return arrived(k, entry, MINOR);
  const found = objectFrame(k, vma, page, allocFrameOrKill);
  if (found === 'bus') return BUS;
  if (found === null) return NOMEM;
  if (found.again) faultAround(k, vma, page);
  const done = outcomeOf(found);
  if (lowWord(k, entry) !== 0) return arrived(k, entry, done);
  k.frames.refcount[found.frame]!++;
  const event = mapsWritable(k, vma) ? PAGE_EVENT['fault.mapWritable'] : PAGE_EVENT['fault.mapReadOnly'];
  mapFrame(k, vma, entry, event, found.frame, PTE.ACCESSED);
  return done;
}

/** The page came with its neighbours. */
function arrived(k: MemoryState, entry: EntryId, result: FaultResult): FaultResult {
  k.tables.words[entry * 2]! |= PTE.ACCESSED;
  return result;
}

/**
 * Write to a page of shared memory or of a shared file that this task has not mapped; the file's page is dirty then.
 * Source: Linux mm/memory.c do_shared_fault, do_page_mkwrite.
 */
function doSharedFault(k: MemoryState, { vma, entry, page }: Fault): FaultResult {
  const found = objectFrame(k, vma, page, allocFrameOrKill);
  if (found === 'bus') return BUS;
  if (found === null) return NOMEM;
  k.frames.refcount[found.frame]!++;
  if (k.frames.kind[found.frame] === FRAME.FILE) markDirty(k, found.frame);
  mapFrame(k, vma, entry, PAGE_EVENT['fault.mapWritable'], found.frame, access(true));
  return outcomeOf(found);
}

/** First touch of a private file page is a write: the copy is made at once. Source: Linux mm/memory.c do_cow_fault. */
function doCowFault(k: MemoryState, { vma, entry, page }: Fault): FaultResult {
  prepareAnonVma(k, vma);
  const copy = allocFrameOrKill(k, FRAME.ANON, 'copy');
  if (copy === null) return NOMEM;
  const found = objectFrame(k, vma, page, allocFrameOrKill);
  if (found === 'bus' || found === null) {
    putFrame(k, copy);
    return found === null ? NOMEM : BUS;
  }
  copyFrame(k, page, found.frame, copy);
  mapFrame(k, vma, entry, PAGE_EVENT['fault.mapWritable'], copy, access(true));
  return outcomeOf(found);
}

/**
 * The page is in swap. A write to one that is shared copies it at once, in the same fault.
 * Source: Linux 6.18 mm/memory.c do_swap_page.
 */
function doSwapPage(k: MemoryState, fault: Fault, write: boolean): FaultResult {
  const came = swapIn(k, fault.vma, fault.entry, fault.page, write);
  if (came === null) return NOMEM;
  if (write && (lowWord(k, fault.entry) & PTE.RW) === 0) {
    const copied = doWpPage(k, fault);
    if (copied.kind !== 'done') return copied;
  }
  return came.major ? MAJOR : MINOR;
}

/**
 * Write to a present page without write permission in its entry: the zero page, a file's page, or a page shared by
 * fork. The last one who maps an anonymous frame keeps it. Source: Linux mm/memory.c do_wp_page, wp_page_copy,
 * wp_can_reuse_anon_folio; simplified: no reference but the entries' and the caches' ever holds a frame.
 */
function doWpPage(k: MemoryState, { vma, entry, page }: Fault): FaultResult {
  const low = lowWord(k, entry);
  const frame = frameOfLow(low);
  if ((k.vmas.flags[vma]! & VM.SHARED) !== 0) {
    if (k.frames.kind[frame] === FRAME.FILE) markDirty(k, frame);
    shareWrite(k, entry);
    return MINOR;
  }
  if (stateOfLow(low) === pageTable.stateIndex.zero) return writeFreshPage(k, vma, entry);
  const sharers = k.frames.mapcount[frame]!;
  if ((mayReuse(k, frame) && !k.rules.reuseCopies) || k.rules.cowNeverCopies) {
    k.frames.flags[frame]! |= PG.ANON_EXCLUSIVE;
    reuseFrame(k, entry);
    return MINOR;
  }
  const why = emit(k.events, EVENT.COW_SHARED, page, frame, sharers);
  const outer = beginCause(k.events, why);
  const result = copySharedPage(k, vma, entry, page, frame);
  endCause(k.events, outer);
  return result;
}

/** Source: Linux mm/memory.c wp_page_copy. */
function copySharedPage(k: MemoryState, vma: VmaId, entry: EntryId, page: number, frame: Pfn): FaultResult {
  prepareAnonVma(k, vma);
  // Held, so that making room does not take away what is to be copied.
  getFrame(k, frame);
  const copy = allocFrameOrKill(k, FRAME.ANON, 'copy');
  if (copy !== null) {
    copyFrame(k, page, frame, copy);
    replaceFrame(k, vma, entry, PAGE_EVENT['write.copy'], copy);
  }
  putFrame(k, frame);
  return copy === null ? NOMEM : MINOR;
}

/** Is the entry the only one that will ever lead to the frame? Source: Linux 6.18 mm/memory.c wp_can_reuse_anon_folio. */
function mayReuse(k: MemoryState, frame: Pfn): boolean {
  const { frames } = k;
  if (frames.kind[frame] !== FRAME.ANON) return false;
  if ((frames.flags[frame]! & PG.ANON_EXCLUSIVE) !== 0) return true;
  return frames.mapcount[frame] === 1 && (frames.slot[frame]! < 0 || freeSwapOf(k, frame));
}

/** The zero page is written to: a zeroed frame takes its place; nothing is copied. */
function writeFreshPage(k: MemoryState, vma: VmaId, entry: EntryId): FaultResult {
  prepareAnonVma(k, vma);
  const fresh = allocFrameOrKill(k, FRAME.ANON);
  if (fresh === null) return NOMEM;
  k.pay(PRICE.zero_frame, 1);
  k.frames.flags[fresh]! |= PG.ANON_EXCLUSIVE;
  replaceFrame(k, vma, entry, PAGE_EVENT['write.fresh'], fresh);
  return MINOR;
}

/** All bytes of a frame into a fresh private one. */
export function copyFrame(k: MemoryState, page: number, from: number, to: Pfn): void {
  copyFrameBytes(k, from, to);
  k.frames.flags[to]! |= PG.ANON_EXCLUSIVE;
  k.machine.copies[0]!++;
  emit(k.events, EVENT.FRAME_COPY, page, to, from);
  k.pay(PRICE.copy_frame, 1);
}
