import { assert } from '../base/assert.ts';
import { NOT_ALLOWED } from '../base/compile-machine.ts';
import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { PRESSURE_STATES, pressureTable, type PressureEvent, type PressureName } from './pressure.machine.ts';
import type { AllocationFor, MemoryState } from './state.ts';
import { watermarks } from './watermarks.ts';

/** After so many vain runs kswapd sleeps on. Source: Linux mm/internal.h MAX_RECLAIM_RETRIES. */
const MAX_FAILURES = 16;

/** kswapd has given up until something becomes free. Source: Linux 6.18 mm/show_mem.c, kswapd_failures. */
export const kswapdIsHopeless = (k: MemoryState): boolean => k.machine.kswapdFailures[0]! >= MAX_FAILURES;

export const pressureName = (k: MemoryState): PressureName => PRESSURE_STATES[k.machine.pressure[0]!]!;

/** The only place that changes the machine's pressure. */
export function sendPressure(k: MemoryState, event: PressureEvent): void {
  const state = k.machine.pressure[0]!;
  const cell = state * pressureTable.events.length + pressureTable.eventIndex[event];
  const next = pressureTable.next[cell]!;
  if (next === NOT_ALLOWED) assert(false, `pressure.machine allows ${event} in ${PRESSURE_STATES[state]!}`);
  pressureTable.taken[cell]!++;
  k.machine.pressure[0] = next;
}

/**
 * Free frames are at the low mark: kswapd will run as soon as what goes on now has ended.
 * Source: Linux 6.18 mm/vmscan.c wakeup_kswapd.
 */
export function wakeKswapd(k: MemoryState): void {
  const { machine, events } = k;
  if (kswapdIsHopeless(k)) return;
  const sleeps = pressureName(k) === 'balanced';
  if (sleeps || machine.kswapdDue[0] === 0) {
    machine.kswapdDue[0] = emit(events, EVENT.KSWAPD_WOKEN, -1, -1, machine.freeFrames[0]!, watermarks(k).low);
  }
  if (sleeps) sendPressure(k, 'mark.low');
}

/**
 * Reclaim found nothing, so the owner of the tasks kills one.
 * @returns false when the task that asks is the one to die
 */
export function makeRoomByKilling(k: MemoryState, wanted: AllocationFor): boolean {
  const goesOn = k.outOfMemory(wanted);
  if (pressureName(k) === 'oom') {
    sendPressure(k, 'task.chosen');
    hopeAgain(k);
  }
  return goesOn;
}

/** Something became free: kswapd is worth waking. */
export function hopeAgain(k: MemoryState): void {
  k.machine.kswapdFailures[0] = 0;
  wakeKswapd(k);
}
