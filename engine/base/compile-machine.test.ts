import { createMachine, transition } from 'xstate';
import { describe, expect, it } from 'vitest';
import { compileMachine, NOT_ALLOWED } from './compile-machine.ts';

const door = createMachine({
  id: 'door',
  initial: 'shut',
  states: { shut: { on: { open: 'wide', knock: 'shut' } }, wide: { on: { close: 'shut' } } },
});

describe('a compiled machine', () => {
  it('agrees with XState in every cell', () => {
    const compiled = compileMachine(door, ['shut', 'wide'], ['open', 'close', 'knock']);
    expect(compiled.states[compiled.initial]).toBe('shut');
    for (const [s, state] of compiled.states.entries()) {
      for (const [e, event] of compiled.events.entries()) {
        const snapshot = door.resolveState({ value: state });
        const cell = compiled.next[s * 3 + e]!;
        expect(cell !== NOT_ALLOWED).toBe(snapshot.can({ type: event }));
        if (cell !== NOT_ALLOWED)
          expect(transition(door, snapshot, { type: event })[0].value).toBe(compiled.states[cell]);
      }
    }
  });

  it('refuses lists that are not the machine’s', () => {
    expect(() => compileMachine(door, ['shut'], ['open'])).toThrow(
      'the list of states is the machine’s'.replace('’', "'"),
    );
    expect(() => compileMachine(door, ['shut', 'wide'], ['open', 'close'])).toThrow('event knock is listed');
  });

  it('refuses a guard, which needs more than state and event', () => {
    const guarded = createMachine({
      id: 'g',
      initial: 'a',
      states: { a: { on: { go: { target: 'a', guard: () => true } } } },
    });
    expect(() => compileMachine(guarded, ['a'], ['go'])).toThrow('has no guard');
  });
});
