import { describe, expect, it } from 'vitest';
import { lab, type Lab } from '../testing/fixtures.ts';
import { edgesOf } from '../testing/machine-edges.ts';
import { watchColumn } from '../testing/watch-column.ts';
import { OOM_STATES, oomMachine, type OomEvent, type OomState } from './oom.machine.ts';
import { oomState, sendOom } from './oom-state.ts';

const edges = edgesOf(oomMachine);
const EVENTS = [...new Set(edges.map((edge) => edge.event))] as OomEvent[];

/** A machine whose pass is brought into a state by force. */
function inState(state: OomState): Lab {
  const l = lab();
  l.k.machine.oomState[0] = OOM_STATES.indexOf(state);
  return l;
}

const small = (): Lab => lab({ ramPages: 64, overcommit: 1 });
const FULL = ['p0 mmap A 100 rw', 'p0 fork p1', 'p1 touch_w A 0 30'];
/** Scripts that take every edge between them. */
const SCRIPTS: Readonly<Record<string, readonly string[]>> = {
  'another task is the victim': [...FULL, 'p0 touch_w A 0 25'],
  'the asking task is the victim': ['p0 mmap A 100 rw', 'p0 touch_w A 0 100'],
  'the victim cannot end': [...FULL, 'p1 block', 'p0 touch_w A 0 25'],
  'nobody may be killed': ['p0 mmap A 100 rw', 'p0 oom_score_adj -1000', 'p0 touch_w A 0 100'],
};

describe('oom.machine', () => {
  it('has 9 edges between 7 states', () => {
    expect(edges).toHaveLength(9);
    expect(new Set(edges.flatMap((edge) => [edge.from, edge.to])).size).toBe(OOM_STATES.length);
  });

  it.each(edges)('$from $event leads to $to', ({ from, event, to }) => {
    const { k } = inState(from as OomState);
    sendOom(k, event as OomEvent);
    expect(oomState(k)).toBe(to);
  });

  it('refuses every event that it does not name, in every state', () => {
    for (const state of OOM_STATES) {
      for (const event of EVENTS) {
        if (edges.some((edge) => edge.from === state && edge.event === event)) continue;
        expect(() => sendOom(inState(state).k, event)).toThrow(`oom.machine allows ${event} in ${state}`);
      }
    }
  });

  it('is walked edge by edge in the kernel', () => {
    const walked = new Set<string>();
    for (const script of Object.values(SCRIPTS)) {
      const l = small();
      const seen = (_: number, from: number, to: number): void =>
        void walked.add(`${OOM_STATES[from]} ${OOM_STATES[to]}`);
      watchColumn(l.k.machine, 'oomState', seen, () => l.run(...script));
    }
    expect(walked).toEqual(new Set(edges.map(({ from, to }) => `${from} ${to}`)));
  });
});
