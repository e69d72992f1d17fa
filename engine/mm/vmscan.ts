import { EVENT, RECLAIM_REASONS, type ReclaimReason } from '../base/event-kinds.ts';
import { emit, within } from '../base/event-log.ts';
import { FRAME, type FrameKind } from '../base/flags.ts';
import type { EventId } from '../base/units.ts';
import { drainMlockBatch } from './mlock-batch.ts';
import { hopeAgain, sendPressure } from './pressure.ts';
import { shrinkLists } from './shrink.ts';
import type { MemoryState } from './state.ts';
import { finishWrites } from './swap-io.ts';
import { flushPending } from './tlb-flush.ts';
import { reclaimBatch, watermarks } from './watermarks.ts';

/** Rounds look at 1/2^priority of each list, from this on down. Source: Linux include/linux/mmzone.h DEF_PRIORITY. */
const FIRST_PRIORITY = 12;

/**
 * kswapd, once it was woken: takes frames away until more than the high mark is free, or nothing more can be had. One
 * processor: it runs between two accesses of a program, and at the end of a call.
 * Source: Linux 6.18 mm/vmscan.c balance_pgdat, kswapd_shrink_node.
 */
export function runKswapd(k: MemoryState): void {
  const { machine } = k;
  const cause = machine.kswapdDue[0]! as EventId;
  if (cause === 0) return;
  machine.kswapdDue[0] = 0;
  const { high } = watermarks(k);
  if (machine.freeFrames[0]! > high) return sendPressure(k, 'mark.high');
  machine.pageoutrun[0]!++;
  const freed = reclaim(k, 'kswapd', cause, () => machine.freeFrames[0]! > high, Math.max(high, reclaimBatch(k)));
  flushPending(k);
  if (freed > 0) machine.kswapdFailures[0] = 0;
  else machine.kswapdFailures[0]!++;
  sendPressure(k, machine.freeFrames[0]! > high ? 'mark.high' : 'kswapd.failed');
}

/**
 * Too little is free for the allocation that goes on: the task reclaims a few frames itself.
 * Source: Linux 6.18 mm/page_alloc.c __alloc_pages_direct_reclaim, mm/vmscan.c do_try_to_free_pages.
 * @param kind what is allocated: a page of a program or file may lie in the movable zone, which is what is counted
 * @returns whether any frame became free
 */
export function directReclaim(k: MemoryState, kind: FrameKind): boolean {
  const { machine, events } = k;
  const wanted = reclaimBatch(k);
  const { min } = watermarks(k);
  (kind === FRAME.TABLE ? machine.allocstallNormal : machine.allocstallMovable)[0]!++;
  sendPressure(k, 'mark.min');
  const enough = (freed: number): boolean => freed >= wanted && machine.freeFrames[0]! > min;
  const freed = reclaim(k, 'direct reclaim', events.currentCause, enough, wanted);
  sendPressure(k, freed > 0 ? 'room.made' : 'nothing.left');
  if (freed > 0) hopeAgain(k);
  return freed > 0;
}

/** Rounds over the lists, each looking further, until it is enough. Writes under way are waited for. @returns frames freed */
function reclaim(
  k: MemoryState,
  reason: ReclaimReason,
  cause: EventId,
  enough: (freed: number) => boolean,
  wanted: number,
): number {
  const { events } = k;
  let freed = 0;
  drainMlockBatch(k);
  within(events, cause, () => {
    const id = emit(events, EVENT.RECLAIM, -1, -1, RECLAIM_REASONS.indexOf(reason));
    within(events, id, () => {
      for (let priority = FIRST_PRIORITY; priority >= 0 && !enough(freed); priority--) {
        freed += shrinkLists(k, priority, wanted - freed, reason === 'kswapd' ? 'kswapd' : 'direct');
        if (!enough(freed) && k.machine.writesFirst[0]! >= 0) finishWrites(k);
      }
    });
    events.b[id - events.first] = freed;
  });
  return freed;
}
