import { setup } from 'xstate';
import { compileMachine } from '../base/compile-machine.ts';

/**
 * How short memory is, as the watermarks tell.
 *
 *   balanced  more is free than the high mark, or nobody asked yet
 *   kswapd    an allocation found less than the low mark and woke kswapd
 *   direct    an allocation found less than the min mark: the task itself reclaims and stands still meanwhile
 *   oom       reclaim found nothing: somebody has to be killed
 *
 * Source: Linux 6.18 mm/page_alloc.c get_page_from_freelist, __alloc_pages_slowpath; mm/vmscan.c balance_pgdat.
 */
export const pressureMachine = setup({
  types: { events: {} as { type: PressureEvent } },
}).createMachine({
  id: 'pressure',
  initial: 'balanced',
  states: {
    balanced: {
      on: {
        'mark.low': 'kswapd',
        // kswapd gave up: nobody wakes it any more
        'mark.min': 'direct',
      },
    },
    kswapd: {
      on: {
        'mark.min': 'direct',
        'mark.high': 'balanced',
        // nothing more to be had: it sleeps until it is woken again
        'kswapd.failed': 'balanced',
      },
    },
    direct: {
      on: {
        'room.made': 'kswapd',
        'nothing.left': 'oom',
      },
    },
    oom: { on: { 'task.chosen': 'kswapd' } },
  },
});

/** In the order of their numbers. */
export const PRESSURE_STATES = ['balanced', 'kswapd', 'direct', 'oom'] as const;
export type PressureName = (typeof PRESSURE_STATES)[number];

export const PRESSURE_EVENTS = [
  'mark.low',
  'mark.min',
  'mark.high',
  'kswapd.failed',
  'room.made',
  'nothing.left',
  'task.chosen',
] as const;
export type PressureEvent = (typeof PRESSURE_EVENTS)[number];

/** The table the kernel looks into. */
export const pressureTable = compileMachine(pressureMachine, PRESSURE_STATES, PRESSURE_EVENTS);
