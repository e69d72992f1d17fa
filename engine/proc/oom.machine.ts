import { setup } from 'xstate';
import { compileMachine } from '../base/compile-machine.ts';

/**
 * One pass of the out-of-memory killer. The kernel steps it with XState itself: it comes once a kill. Between commands
 * it is idle, or has panicked for good.
 * Source: Linux 6.18 mm/oom_kill.c out_of_memory, select_bad_process, oom_kill_process, oom_reap_task.
 */
export const oomMachine = setup({
  types: { events: {} as { type: OomEvent } },
}).createMachine({
  id: 'oom',
  initial: 'idle',
  states: {
    idle: { on: { 'oom.invoked': 'selecting' } },
    selecting: {
      on: {
        'victim.found': 'killing',
        // every task is gone, exempt (oom_score_adj −1000), or has nothing left to take
        'victim.none': 'panicked',
      },
    },
    killing: {
      on: {
        'victim.exits': 'freed',
        // the victim is the task that asks: its operation ends first
        'victim.asks': 'returning',
        // it waits for a device that no signal interrupts
        'victim.blocked': 'reaping',
      },
    },
    returning: { on: { 'victim.exits': 'freed' } },
    reaping: { on: { 'memory.reaped': 'freed' } },
    freed: { on: { 'pass.ends': 'idle' } },
    panicked: { type: 'final' },
  },
});

/** In the order of their numbers in the state. */
export const OOM_STATES = ['idle', 'selecting', 'killing', 'returning', 'reaping', 'freed', 'panicked'] as const;
export type OomState = (typeof OOM_STATES)[number];
export const OOM_EVENTS = [
  'oom.invoked',
  'victim.found',
  'victim.none',
  'victim.exits',
  'victim.asks',
  'victim.blocked',
  'memory.reaped',
  'pass.ends',
] as const;
export type OomEvent = (typeof OOM_EVENTS)[number];

/** What the statechart's picture is drawn from, and where its steps are counted. */
export const oomTable = compileMachine(oomMachine, OOM_STATES, OOM_EVENTS);
