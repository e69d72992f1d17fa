import { transition } from 'xstate';
import { afterEach, describe, expect, it } from 'vitest';
import { BrokenInvariant } from '../base/assert.ts';
import { NOT_ALLOWED } from '../base/compile-machine.ts';
import { PTE } from '../base/flags.ts';
import type { MmId } from '../base/units.ts';
import { regionPage } from '../kernel/index.ts';
import { lab, type Lab } from '../testing/fixtures.ts';
import { edgesOf } from '../testing/machine-edges.ts';
import { entryId, indexAtLevel, lowWord, tableAt } from './page-table.ts';
import { PMD_EVENTS, PMD_STATES, pmdMachine, pmdTable, type PmdEvent } from './pmd.machine.ts';

/** Commands into the state before, then the one that means the event, for the first 512 pages of task and region. */
const MAP = ['p0 mmap A 512 rw', 'p0 madvise A 0 512 hugepage'];
const HUGE = [...MAP, 'p0 touch_w A 0 1'];
const ZERO = [...MAP, 'p0 touch_r A 0 1'];
const MOVE = 'p0 mremap A 0 512 512 maymove fixed B+0';
/** `between`: the edge leads through a state that is left again within the command. */
const DRIVES: readonly [edge: string, before: readonly string[], command: string, place: string, between?: true][] = [
  ['empty table.make', ['p0 mmap A 512 rw'], 'p0 touch_w A 0 1', '0 A'],
  ['table table.free', ['p0 mmap A 512 rw', 'p0 touch_w A 0 1'], 'p0 munmap A 0 512', '0 A'],
  ['table fault.huge', MAP, 'p0 touch_w A 0 1', '0 A', true],
  ['table fault.hugeZero', MAP, 'p0 touch_r A 0 1', '0 A', true],
  ['table fork.huge', HUGE, 'p0 fork p1', '1 A', true],
  ['table fork.hugeZero', ZERO, 'p0 fork p1', '1 A', true],
  ['table move.huge', [...HUGE, 'p0 mmap B 512 rw'], MOVE, '0 B', true],
  ['table move.hugeZero', [...ZERO, 'p0 mmap B 512 rw'], MOVE, '0 B', true],
  ['table collapse', ['p0 mmap A 512 rw', 'p0 touch_w A 0 1'], 'p0 madvise A 0 512 collapse', '0 A'],
  ['huge split', HUGE, 'p0 madvise A 3 1 dontneed', '0 A'],
  ['huge change', HUGE, 'p0 mprotect A 0 512 r', '0 A'],
  ['hugeZero split', ZERO, 'p0 madvise A 3 1 dontneed', '0 A'],
  ['hugeZero change', ZERO, 'p0 mprotect A 0 512 r', '0 A'],
  ['hugeZero write.huge', ZERO, 'p0 touch_w A 0 1', '0 A'],
];
const edges = edgesOf(pmdMachine);
const cellOf = (edge: string): number => {
  const [from, event] = edge.split(' ') as [(typeof PMD_STATES)[number], PmdEvent];
  return pmdTable.stateIndex[from] * PMD_EVENTS.length + pmdTable.eventIndex[event];
};
const machine = (): Lab => lab({ ramPages: 16_384, thp: 'madvise' });

function stateOf({ k }: Lab, place: string): string {
  const [task, name] = place.split(' ') as [string, string];
  const page = regionPage(k, name)!;
  const table = tableAt(k, k.tasks.mm[Number(task)]! as MmId, page, 2);
  const low = table < 0 ? 0 : lowWord(k, entryId(table, indexAtLevel(page, 2)));
  if (low === 0) return 'empty';
  return (low & PTE.HUGE) === 0 ? 'table' : (low & PTE.SPECIAL) !== 0 ? 'hugeZero' : 'huge';
}

describe('pmd.machine', () => {
  it('has a drive for each of its edges', () => {
    expect(DRIVES.map(([edge]) => edge).sort()).toEqual(edges.map(({ from, event }) => `${from} ${event}`).sort());
  });

  it('as a table agrees with XState in all cells', () => {
    for (const state of PMD_STATES) {
      const snapshot = pmdMachine.resolveState({ value: state, context: {} });
      for (const type of PMD_EVENTS) {
        const next = pmdTable.next[cellOf(`${state} ${type}`)]!;
        expect(next !== NOT_ALLOWED, `${state} ${type}`).toBe(snapshot.can({ type }));
        if (next !== NOT_ALLOWED) expect(transition(pmdMachine, snapshot, { type })[0].value).toBe(PMD_STATES[next]);
      }
    }
  });

  it.each(DRIVES)('%s is what the kernel does', (edge, before, command, place, between) => {
    const l = machine();
    l.run(...before);
    const { from, to } = edges.find((each) => `${each.from} ${each.event}` === edge)!;
    if (between === undefined) expect(stateOf(l, place)).toBe(from);
    l.run(command);
    expect(stateOf(l, place)).toBe(to);
  });
});

describe('a transition that is missing', () => {
  const whole = pmdTable.next.slice();
  afterEach(() => pmdTable.next.set(whole));

  it.each(DRIVES)('%s stops the kernel', (edge, before, command) => {
    const l = machine();
    l.run(...before);
    pmdTable.next[cellOf(edge)] = NOT_ALLOWED;
    const [from, event] = edge.split(' ');
    expect(() => l.run(command)).toThrow(new BrokenInvariant(`pmd.machine allows ${event} in ${from}`));
  });
});
