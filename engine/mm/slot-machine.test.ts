import { transition } from 'xstate';
import { afterEach, describe, expect, it } from 'vitest';
import { BrokenInvariant } from '../base/assert.ts';
import { NOT_ALLOWED } from '../base/compile-machine.ts';
import type { SlotId } from '../base/units.ts';
import { lab, type Lab } from '../testing/fixtures.ts';
import { edgesOf } from '../testing/machine-edges.ts';
import {
  SLOT_EVENTS,
  SLOT_STATES,
  slotMachine,
  slotTable,
  type SlotEvent,
  type SlotStateName,
} from './slot.machine.ts';
import { slotState } from './swap-slots.ts';

/** How slot 1 is brought along one edge: commands before, then the command in which the event happens. */
interface Drive {
  readonly edge: `${SlotStateName} ${SlotEvent}`;
  readonly before: readonly string[];
  readonly command: string;
}

const ZRAM = ['@swap zram 1', 'p0 mmap A 2 rw', 'p0 touch_w A 0 1 5'];
const FILE = ['@swap file 1', ...ZRAM.slice(1)];
const PAGEOUT = 'p0 madvise A 0 1 pageout';
/** In the swap cache, mapped, as on the device. */
const READ_AHEAD = [...ZRAM, PAGEOUT, 'p0 madvise A 0 1 willneed'];

const DRIVES: readonly Drive[] = [
  { edge: 'free slot.take', before: ZRAM, command: PAGEOUT },
  { edge: 'cached write.start', before: ZRAM, command: PAGEOUT },
  { edge: 'writing write.done', before: FILE, command: PAGEOUT },
  { edge: 'clean cache.drop', before: ZRAM, command: PAGEOUT },
  { edge: 'clean page.dirtied', before: [...READ_AHEAD, 'p0 touch_r A 0 1', 'p0 touch_w A 0 1 6'], command: PAGEOUT },
  { edge: 'clean slot.free', before: READ_AHEAD, command: 'p0 munmap A 0 1' },
  { edge: 'stored read.start', before: [...ZRAM, PAGEOUT], command: 'p0 touch_r A 0 1' },
  { edge: 'stored slot.free', before: [...ZRAM, PAGEOUT], command: 'p0 munmap A 0 1' },
  { edge: 'reading read.direct', before: [...ZRAM, PAGEOUT], command: 'p0 touch_r A 0 1' },
  { edge: 'reading read.cached', before: [...ZRAM, PAGEOUT], command: 'p0 madvise A 0 1 willneed' },
];

const edges = edgesOf(slotMachine);
const cellOf = (edge: string): number => {
  const [from, event] = edge.split(' ') as [SlotStateName, SlotEvent];
  return slotTable.stateIndex[from] * SLOT_EVENTS.length + slotTable.eventIndex[event];
};
const stateOfFirst = (l: Lab): SlotStateName => slotState(l.k, 1 as SlotId);

describe('slot.machine', () => {
  it('has a drive for each of its edges', () => {
    expect(DRIVES.map(({ edge }) => edge).sort()).toEqual(edges.map(({ from, event }) => `${from} ${event}`).sort());
  });

  it('as a table agrees with XState in all cells', () => {
    for (const state of SLOT_STATES) {
      const snapshot = slotMachine.resolveState({ value: state, context: {} });
      for (const type of SLOT_EVENTS) {
        const next = slotTable.next[cellOf(`${state} ${type}`)]!;
        expect(next !== NOT_ALLOWED, `${state} ${type}`).toBe(snapshot.can({ type }));
        if (next !== NOT_ALLOWED) expect(transition(slotMachine, snapshot, { type })[0].value).toBe(SLOT_STATES[next]);
      }
    }
    expect(SLOT_STATES[slotTable.initial]).toBe('free');
  });

  it.each([
    ['a page on zram is on the device alone', [...ZRAM, PAGEOUT], 'stored'],
    ['a page in a file stays in the swap cache', [...FILE, PAGEOUT], 'clean'],
    ['a page read ahead is in the swap cache', READ_AHEAD, 'clean'],
    ['a page that came back alone has no slot', [...ZRAM, PAGEOUT, 'p0 touch_r A 0 1'], 'free'],
  ] as const)('%s', (_what, script, state) => {
    const l = lab();
    l.run(...script);
    expect(stateOfFirst(l)).toBe(state);
  });
});

describe('a transition that is missing', () => {
  const whole = slotTable.next.slice();
  afterEach(() => slotTable.next.set(whole));

  it.each(DRIVES)('$edge stops the kernel at $command', ({ edge, before, command }) => {
    const l = lab();
    l.run(...before);
    slotTable.next[cellOf(edge)] = NOT_ALLOWED;
    const [from, event] = edge.split(' ');
    expect(() => l.run(command)).toThrow(new BrokenInvariant(`slot.machine allows ${event} in ${from}`));
  });
});
