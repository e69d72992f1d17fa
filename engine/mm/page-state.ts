import { assert } from '../base/assert.ts';
import { NOT_ALLOWED } from '../base/compile-machine.ts';
import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { PTE, PTE_HIGH, VM, VM_ACCESS } from '../base/flags.ts';
import type { EntryId, Pfn, SlotId, VmaId } from '../base/units.ts';
import { putFrame } from './page-alloc.ts';
import { markHuge } from './huge-entry.ts';
import { HUGE } from './page-entry.ts';
import { entryId, frameOfLow, highWord, lowWord, pageOfEntry, tableOfEntry, writeWords } from './page-table.ts';
import { PAGE_EVENT, PAGE_EVENTS, PAGE_STATES, pageTable, type PageStateName, type PageStep } from './page.machine.ts';
import { addRmap, addSlotName, removeRmap, removeSlotName } from './rmap.ts';
import { lruMapped, lruRescue } from './lru.ts';
import type { MemoryState } from './state.ts';
import { staleEntry } from './tlb-flush.ts';
import { dropIdleFrame, freeUnnamedSlot } from './swap-cache.ts';
import { isSwapped, namesFrame, slotOfEntry } from './swap-entry.ts';

/**
 * The only place that changes a page table entry that holds a page, with page-runs.ts, which changes many at once. Each function asks the table compiled from
 * page.machine for the state after, and writes the entry that this state means: an event the statechart does not
 * allow stops the lab.
 */
const S = pageTable.stateIndex;

/** A guard's entry names no frame: whoever looks for one asks this first. */
export const isGuard = (low: number): boolean => (low & (PTE.PRESENT | PTE.GUARD)) === PTE.GUARD;

/** The state an entry's low word stands for. Zero stands for `reserved`: whether a VMA is there, the caller knows. */
export function stateOfLow(low: number): number {
  if (low === 0) return S.reserved;
  if (isSwapped(low)) return S.swapped;
  if ((low & PTE.SPECIAL) !== 0) return S.zero;
  if (isGuard(low)) return S.guard;
  if ((low & PTE.PRESENT) === 0) return S.noAccess;
  return (low & PTE.RW) !== 0 ? S.resident : S.readOnly;
}

export const pageStateName = (state: number): PageStateName => PAGE_STATES[state]!;

/** The state after an event, from the compiled statechart. */
export function after(state: number, event: PageStep): number {
  const cell = state * PAGE_EVENTS.length + event;
  const next = pageTable.next[cell]!;
  if (next === NOT_ALLOWED) assert(false, `page.machine allows ${PAGE_EVENTS[event]!} in ${PAGE_STATES[state]!}`);
  pageTable.taken[cell]!++;
  return next;
}

/** Is it written as part of a huge page, for which one event speaks? */
const isOneOfMany = (k: MemoryState, entry: EntryId): boolean => k.tables.huge[tableOfEntry(entry)] === HUGE.CHANGING;

/** The pages of a new area: all of them take the same step, so the statechart is asked once. */
export function areaAppears(): void {
  after(S.unmapped, PAGE_EVENT['vma.map']);
}

/** The untouched pages of an area that goes; pages with an entry were asked for one by one. */
export function areaGoes(): void {
  after(S.reserved, PAGE_EVENT['vma.unmap']);
}

export const highFor = (k: MemoryState, vma: VmaId): number => ((k.vmas.flags[vma]! & VM.EXEC) !== 0 ? 0 : PTE_HIGH.NX);

/** The low word for a state that names no slot; `bits` are the accessed and dirty bits to carry over. */
export function lowFor(state: number, frame: number, bits: number): number {
  const base = (frame << 12) | PTE.USER | bits;
  switch (state) {
    case S.zero:
      return (base | PTE.PRESENT | PTE.SPECIAL) >>> 0;
    case S.resident:
      return (base | PTE.PRESENT | PTE.RW) >>> 0;
    case S.readOnly:
      return (base | PTE.PRESENT) >>> 0;
    case S.noAccess:
      return (base | PTE.PROTNONE) >>> 0;
    case S.guard:
      return PTE.GUARD;
    default:
      return 0;
  }
}

/** The zero page keeps its state under PROT_NONE, but the hardware must refuse it. */
function refuseWithoutAccess(k: MemoryState, vma: VmaId, word: number): number {
  return (k.vmas.flags[vma]! & VM_ACCESS) === 0 ? ((word & ~PTE.PRESENT) | PTE.PROTNONE) >>> 0 : word;
}

/** An untouched page gets the zero page: not in RSS, no reverse map. */
export function mapZeroPage(
  k: MemoryState,
  vma: VmaId,
  entry: EntryId,
  event: PageStep<'fault.readAnon' | 'fork.copyZero'>,
): void {
  const next = after(stateOfLow(lowWord(k, entry)), event);
  const bits = event === PAGE_EVENT['fault.readAnon'] ? PTE.ACCESSED : 0;
  const word = lowFor(next, k.machine.zeroFrame[0]!, bits);
  writeWords(k, entry, refuseWithoutAccess(k, vma, word), highFor(k, vma));
  if (event === PAGE_EVENT['fault.readAnon'] && !isOneOfMany(k, entry))
    emit(k.events, EVENT.ZERO_MAPPED, pageOfEntry(k, entry), k.machine.zeroFrame[0]!);
}

/**
 * An empty entry gets a frame, whose reference passes to the entry.
 * @param bits accessed and dirty bits to start with
 */
export function mapFrame(
  k: MemoryState,
  vma: VmaId,
  entry: EntryId,
  event: PageStep<
    'fault.mapWritable' | 'fault.mapReadOnly' | 'fork.copyReadOnly' | 'fork.copyNoAccess' | 'fork.copyWritable'
  >,
  frame: Pfn,
  bits: number,
): void {
  const next = after(stateOfLow(lowWord(k, entry)), event);
  writeWords(k, entry, lowFor(next, frame, bits), highFor(k, vma));
  addRmap(k, entry, frame);
  lruMapped(k, frame, k.vmas.flags[vma]!);
  if (
    (event === PAGE_EVENT['fault.mapWritable'] || event === PAGE_EVENT['fault.mapReadOnly']) &&
    !isOneOfMany(k, entry)
  ) {
    emit(k.events, EVENT.PAGE_MAPPED, pageOfEntry(k, entry), frame, next === S.resident ? 1 : 0);
  }
}

/** A written page gets a frame of its own in the place of the zero page or a shared frame. */
export function replaceFrame(
  k: MemoryState,
  vma: VmaId,
  entry: EntryId,
  event: PageStep<'write.fresh' | 'write.copy'>,
  frame: Pfn,
): void {
  const low = lowWord(k, entry);
  const next = after(stateOfLow(low), event);
  if (event === PAGE_EVENT['write.copy']) {
    const old = frameOfLow(low);
    removeRmap(k, entry, old);
    lruRescue(k, old);
    dropIdleFrame(k, old);
    putFrame(k, old);
  }
  staleEntry(k, entry, 'copy');
  writeWords(k, entry, lowFor(next, frame, PTE.ACCESSED | PTE.DIRTY), highFor(k, vma));
  addRmap(k, entry, frame);
  lruMapped(k, frame, k.vmas.flags[vma]!);
  if (!isOneOfMany(k, entry)) emit(k.events, EVENT.PAGE_MAPPED, pageOfEntry(k, entry), frame, 1);
}

/** The last sharer of a frame may write to it from now on. */
export function reuseFrame(k: MemoryState, entry: EntryId): void {
  const low = lowWord(k, entry);
  const next = after(stateOfLow(low), PAGE_EVENT['write.reuse']);
  writeWords(k, entry, lowFor(next, frameOfLow(low), PTE.ACCESSED | PTE.DIRTY), highWord(k, entry));
  k.machine.pgreuse[0]!++;
  if (!isOneOfMany(k, entry)) emit(k.events, EVENT.COW_REUSE, pageOfEntry(k, entry), frameOfLow(low));
}

/** A shared mapping may write to the frame from now on. Source: Linux mm/memory.c wp_page_shared, wp_page_reuse. */
export function shareWrite(k: MemoryState, entry: EntryId): void {
  const low = lowWord(k, entry);
  const next = after(stateOfLow(low), PAGE_EVENT['write.reuse']);
  writeWords(k, entry, lowFor(next, frameOfLow(low), PTE.ACCESSED | PTE.DIRTY), highWord(k, entry));
  emit(k.events, EVENT.PAGE_MAPPED, pageOfEntry(k, entry), frameOfLow(low), 1);
}

/**
 * A file's page is written back: its entries become clean, and a store faults again.
 * Source: Linux 6.18 mm/rmap.c page_vma_mkclean_one.
 */
export function cleanPage(k: MemoryState, entry: EntryId): void {
  const low = lowWord(k, entry);
  const next = after(stateOfLow(low), PAGE_EVENT['cache.clean']);
  writeWords(k, entry, lowFor(next, frameOfLow(low), low & PTE.ACCESSED), highWord(k, entry));
  staleEntry(k, entry, 'protect');
  if (next !== stateOfLow(low)) emit(k.events, EVENT.PAGE_PROTECTED, pageOfEntry(k, entry), frameOfLow(low), next);
}

/** fork takes the write permission of a private page away. The frame stays. */
export function shareForFork(k: MemoryState, entry: EntryId): void {
  const low = lowWord(k, entry);
  const next = after(stateOfLow(low), PAGE_EVENT['fork.share']);
  if (next === S.zero) return;
  writeWords(k, entry, lowFor(next, frameOfLow(low), low & (PTE.ACCESSED | PTE.DIRTY)), highWord(k, entry));
}

/** mprotect changed the VMA's permissions; `event` says what that means for this page. */
export function protectPage(
  k: MemoryState,
  vma: VmaId,
  entry: EntryId,
  event: PageStep<'protect.read' | 'protect.write' | 'protect.upgrade' | 'protect.none'>,
): void {
  const low = lowWord(k, entry);
  const before = stateOfLow(low);
  const next = after(before, event);
  const word = lowFor(next, frameOfLow(low), low & (PTE.ACCESSED | PTE.DIRTY));
  writeWords(k, entry, next === S.zero ? refuseWithoutAccess(k, vma, word) : word, highFor(k, vma));
  staleEntry(k, entry, 'protect');
  if (next !== before) emit(k.events, EVENT.PAGE_PROTECTED, pageOfEntry(k, entry), frameOfLow(low), next);
}

/** An entry that named a slot is empty. Source: Linux 6.18 mm/memory.c zap_nonpresent_ptes. */
export function dropSwapEntry(k: MemoryState, entry: EntryId): void {
  const slot = slotOfEntry(k, entry);
  writeWords(k, entry, 0, 0);
  removeSlotName(k, entry, slot);
  freeUnnamedSlot(k, slot);
}

/** An empty entry becomes a guard. */
export function guardPage(
  k: MemoryState,
  entry: EntryId,
  event: PageStep<'guard.install' | 'fork.copyGuard'> = PAGE_EVENT['guard.install'],
): void {
  const next = after(stateOfLow(lowWord(k, entry)), event);
  writeWords(k, entry, lowFor(next, 0, 0), 0);
  if (event === PAGE_EVENT['guard.install']) emit(k.events, EVENT.GUARD_INSTALLED, pageOfEntry(k, entry), -1);
}

export function unguardPage(k: MemoryState, entry: EntryId): void {
  after(stateOfLow(lowWord(k, entry)), PAGE_EVENT['guard.remove']);
  writeWords(k, entry, 0, 0);
  emit(k.events, EVENT.GUARD_REMOVED, pageOfEntry(k, entry), -1);
}

const ARRIVALS = {
  zero: PAGE_EVENT['move.zero'],
  resident: PAGE_EVENT['move.resident'],
  readOnly: PAGE_EVENT['move.readOnly'],
  noAccess: PAGE_EVENT['move.noAccess'],
  guard: PAGE_EVENT['move.guard'],
  swapped: PAGE_EVENT['move.swapped'],
} as const;

/** An entry goes over to an empty one, word for word, with its frame. Source: Linux 6.18 mm/mremap.c move_ptes. */
export function movePage(k: MemoryState, from: EntryId, to: EntryId): void {
  const low = lowWord(k, from);
  const high = highWord(k, from);
  const state = stateOfLow(low);
  after(state, PAGE_EVENT['move.away']);
  after(stateOfLow(lowWord(k, to)), ARRIVALS[PAGE_STATES[state] as keyof typeof ARRIVALS]);
  const frame = namesFrame(low) ? frameOfLow(low) : -1;
  const slot = state === S.swapped ? slotOfEntry(k, from) : (-1 as SlotId);
  if (frame >= 0) removeRmap(k, from, frame as Pfn);
  if (slot >= 0) removeSlotName(k, from, slot);
  writeWords(k, from, 0, 0);
  writeWords(k, to, low, high);
  if (state !== S.guard) staleEntry(k, from, 'unmap');
  if (frame >= 0) addRmap(k, to, frame as Pfn);
  if (slot >= 0) addSlotName(k, to, slot);
  emit(k.events, EVENT.PAGE_MOVED, pageOfEntry(k, to), frame, pageOfEntry(k, from));
}

/** The MMU notes an access that needed no fault. */
export function markAccess(k: MemoryState, entry: EntryId, write: boolean): void {
  const bits = write ? PTE.ACCESSED | PTE.DIRTY : PTE.ACCESSED;
  const table = tableOfEntry(entry);
  if (k.tables.huge[table] === HUGE.NO) k.tables.words[entry * 2]! |= bits;
  // The first of the 512 stands for the entry above: reclaim may have aged it and not this one.
  else if ((lowWord(k, entry) & lowWord(k, entryId(table, 0)) & bits) !== bits) markHuge(k, table, bits);
}

/**
 * Bits that the MMU set are forgotten, to see whether it sets them again: it has to walk for that. Linux on x86 does
 * not flush for the accessed bit (ptep_clear_flush_young), because every translation leaves its TLB before long.
 */
export function ageEntry(k: MemoryState, entry: EntryId, bits: number = PTE.ACCESSED): void {
  if ((lowWord(k, entry) & bits) === 0) return;
  staleEntry(k, entry, 'protect');
  k.tables.words[entry * 2] = (lowWord(k, entry) & ~bits) >>> 0;
}
