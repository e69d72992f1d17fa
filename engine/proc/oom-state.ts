import { transition } from 'xstate';
import { assert } from '../base/assert.ts';
import { countStep } from '../base/compile-machine.ts';
import { OOM_STATES, oomMachine, oomTable, type OomEvent, type OomState } from './oom.machine.ts';
import type { ProcState } from './task.ts';

const snapshots = Object.fromEntries(
  OOM_STATES.map((value) => [value, oomMachine.resolveState({ value, context: {} })]),
) as Record<OomState, ReturnType<typeof oomMachine.resolveState>>;

export const oomState = (k: ProcState): OomState => OOM_STATES[k.machine.oomState[0]!]!;

/** Steps the statechart of the pass; an event that it does not allow is a broken invariant. */
export function sendOom(k: ProcState, event: OomEvent): void {
  const from = oomState(k);
  assert(snapshots[from].can({ type: event }), `oom.machine allows ${event} in ${from}`);
  const [next] = transition(oomMachine, snapshots[from], { type: event });
  k.machine.oomState[0] = OOM_STATES.indexOf(next.value as OomState);
  countStep(oomTable, from, event);
}

/** What the simulated kernel panicked with, or null: nothing can be asked of it any more. Source: Linux kernel/panic.c. */
export const panicOf = (k: ProcState): string | null =>
  oomState(k) === 'panicked' ? 'System is deadlocked on memory' : null;
