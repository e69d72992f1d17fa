import { createActor, type AnyStateMachine } from 'xstate';
import { assert } from './assert.ts';

/** What the table holds where the statechart has no transition. */
export const NOT_ALLOWED = 0xff;

/** The number of an event; which one it is, the compiler knows. */
export type EventNumber<Event extends string> = number & { readonly event: Event };

/**
 * A flat XState machine as a table: `next[state × events.length + event]` is the state after, or NOT_ALLOWED.
 * A lookup costs nanoseconds where `transition()` costs microseconds, and means the same: a test compares every cell.
 */
export interface CompiledMachine<State extends string, Event extends string> {
  readonly id: string;
  readonly states: readonly State[];
  readonly events: readonly Event[];
  readonly initial: number;
  readonly next: Uint8Array;
  /**
   * How often each cell of `next` was taken since the program started, modulo 2^32. No state of the simulation: whoever
   * wants to know what a step took, looks before and after it.
   */
  readonly taken: Uint32Array;
  readonly stateIndex: Readonly<Record<State, number>>;
  readonly eventIndex: { readonly [E in Event]: EventNumber<E> };
}

/**
 * Compiles a machine without context, guards, delays or invocations; those would need more than (state, event).
 * @param states all states, in the order of their numbers
 * @param events all events, in the order of their numbers
 * @throws BrokenInvariant when the lists and the machine name different states or events
 */
export function compileMachine<State extends string, Event extends string>(
  machine: AnyStateMachine,
  states: readonly State[],
  events: readonly Event[],
): CompiledMachine<State, Event> {
  const declared = Object.keys(machine.states);
  assert(
    declared.length === states.length && states.every((s) => declared.includes(s)),
    `${machine.id}: the list of states is the machine's`,
  );
  const next = new Uint8Array(states.length * events.length).fill(NOT_ALLOWED);
  states.forEach((state, s) => {
    const node = machine.states[state]!;
    for (const own of node.ownEvents) {
      const e = events.indexOf(own as Event);
      assert(e >= 0, `${machine.id}: event ${own} is listed`);
      const transitions = node.transitions.get(own) ?? [];
      assert(transitions.length === 1, `${machine.id}: ${state} has one transition for ${own}`);
      const transition = transitions[0]!;
      assert(transition.guard === undefined, `${machine.id}: ${state} ${own} has no guard`);
      const target = transition.target?.[0]?.key ?? state;
      next[s * events.length + e] = states.indexOf(target as State);
    }
  });
  const initial = createActor(machine).getSnapshot().value as State;
  return {
    id: machine.id,
    states,
    events,
    initial: states.indexOf(initial),
    next,
    taken: new Uint32Array(next.length),
    stateIndex: Object.fromEntries(states.map((s, i) => [s, i])) as Record<State, number>,
    eventIndex: Object.fromEntries(events.map((e, i) => [e, i])) as unknown as { [E in Event]: EventNumber<E> },
  };
}

/** Counts a step of a machine that XState itself carries out. */
export function countStep<State extends string, Event extends string>(
  { taken, events, stateIndex, eventIndex }: CompiledMachine<State, Event>,
  from: State,
  event: Event,
): void {
  taken[stateIndex[from] * events.length + eventIndex[event]]!++;
}
