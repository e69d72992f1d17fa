import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { FRAME, PG, PTE, VM } from '../base/flags.ts';
import type { MmId, Pfn, VmaId } from '../base/units.ts';
import { allocFrameOrKill } from './page-alloc.ts';
import { copyFrame } from './page-fault.ts';
import { ensureEntry, entryId, forEachTable, frameOfLow, lowWord } from './page-table.ts';
import { mapFrame, mapZeroPage, shareForFork, stateOfLow } from './page-state.ts';
import { pageTable } from './page.machine.ts';
import type { MemoryState } from './state.ts';

/**
 * fork's part for one VMA: the child's entries name the parent's frames, and on both sides a private page loses its
 * write permission. Page tables are copied only for areas that ever had a private page; all others the child faults in
 * again. Source: Linux 6.18 mm/memory.c vma_needs_copy, copy_pte_range, copy_present_ptes.
 * @returns false when no frame could be had for one of the child's page tables: the parent is about to die
 */
export function copyPageRange(k: MemoryState, child: MmId, parentVma: VmaId, childVma: VmaId): boolean {
  const { vmas } = k;
  if (vmas.anonVma[parentVma] === 0 || (vmas.flags[parentVma]! & VM.WIPEONFORK) !== 0) return true;
  let shared = 0;
  let zero = 0;
  let complete = true;
  const start = vmas.start[parentVma]!;
  forEachTable(k, vmas.mm[parentVma]! as MmId, start, vmas.end[parentVma]!, (table, from, to) => {
    for (let page = from; page < to && complete; page++) {
      const entry = entryId(table, page % 512);
      if (lowWord(k, entry) === 0) continue;
      const copy = ensureEntry(k, child, page);
      if (copy === null) {
        complete = false;
        return;
      }
      shareForFork(k, entry);
      const low = lowWord(k, entry);
      const state = stateOfLow(low);
      if (state === pageTable.stateIndex.zero) {
        mapZeroPage(k, childVma, copy, 'fork.copyZero');
        zero++;
        continue;
      }
      const event = state === pageTable.stateIndex.noAccess ? 'fork.copyNoAccess' : 'fork.copyReadOnly';
      const frame = k.rules.forkCopiesEagerly ? eagerCopy(k, page, frameOfLow(low)) : shareFrame(k, frameOfLow(low));
      if (frame === null) {
        complete = false;
        return;
      }
      mapFrame(k, childVma, copy, event, frame, low & PTE.DIRTY);
      shared++;
    }
  });
  if (shared + zero > 0) emit(k.events, EVENT.PAGES_SHARED, start, -1, shared, zero);
  return complete;
}

/** One more reference to the parent's frame, which is nobody's alone from now on. */
function shareFrame(k: MemoryState, frame: Pfn): Pfn {
  k.frames.refcount[frame]!++;
  k.frames.flags[frame]! &= ~PG.ANON_EXCLUSIVE;
  return frame;
}

function eagerCopy(k: MemoryState, page: number, from: Pfn): Pfn | null {
  const copy = allocFrameOrKill(k, FRAME.ANON);
  if (copy !== null) copyFrame(k, page, from, copy);
  return copy;
}
