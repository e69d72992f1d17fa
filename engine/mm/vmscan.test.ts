import { LRU } from '../base/flags.ts';
import { transition } from 'xstate';
import { afterEach, describe, expect, it } from 'vitest';
import { BrokenInvariant } from '../base/assert.ts';
import { NOT_ALLOWED } from '../base/compile-machine.ts';
import { EVENT } from '../base/event-kinds.ts';
import { causeChain, eventsBetween, type EventRecord } from '../base/event-log.ts';
import type { Pfn } from '../base/units.ts';
import { checkInvariants, hashState } from '../kernel/index.ts';
import type { CommandResult } from '../protocol/commands.ts';
import { lab, type Lab } from '../testing/fixtures.ts';
import { edgesOf } from '../testing/machine-edges.ts';
import { listOf } from './lru-list.ts';
import {
  PRESSURE_EVENTS,
  PRESSURE_STATES,
  pressureMachine,
  pressureTable,
  type PressureEvent,
  type PressureName,
} from './pressure.machine.ts';
import { pressureName } from './pressure.ts';
import { watermarks } from './watermarks.ts';

/** 64 frames, of which a bare task has about 50; swap for all of it. */
const small = (swapPages = 100): Lab => {
  const l = lab({ ramPages: 64, swapPages, overcommit: 1 });
  l.run('p0 mmap A 200 rw');
  return l;
};
const eventsOf = (l: Lab, { firstEvent, endEvent }: CommandResult, kind: number): EventRecord[] =>
  eventsBetween(l.k.events, firstEvent, endEvent).filter((event) => event.kind === kind);
const listsOf = (l: Lab, task: number, name: string, count: number): number[] =>
  l.frames(task, name, count).map((frame) => (frame < 0 ? -1 : listOf(l.k, frame as Pfn)));
const count = (
  l: Lab,
  column: 'pswpout' | 'pgscanDirect' | 'pgscanKswapd' | 'allocstallMovable' | 'refaultAnon',
): number => l.k.machine[column][0]!;

describe('watermarks', () => {
  it.each([
    [64, { min: 1, low: 2, high: 3 }],
    [256, { min: 7, low: 8, high: 9 }],
    [262_144, { min: 1015, low: 1273, high: 1531 }],
  ])('of %d frames follow min_free_kbytes', (ramPages, marks) => {
    expect(watermarks(lab({ ramPages }).k)).toEqual(marks);
  });
});

describe('kswapd', () => {
  it('is woken at the low mark, frees more than the high mark, and no task has to wait', () => {
    const l = small();
    const result = l.run('p0 touch_w A 0 120 7');
    expect(result).toMatchObject({ min: 120, maj: 0 });
    expect(l.task(0).rss + l.task(0).swap).toBe(120);
    expect(count(l, 'allocstallMovable')).toBe(0);
    expect(eventsOf(l, result, EVENT.KSWAPD_WOKEN).length).toBeGreaterThan(5);
    expect(l.run('p0 read A 0 120').bytes).toEqual(Array.from({ length: 120 }, () => 7));
  });

  it('is caused by the allocation that woke it, down to the write', () => {
    const l = small();
    const result = l.run('p0 touch_w A 0 60 7');
    const [write] = eventsOf(l, result, EVENT.SWAP_WRITE);
    expect(causeChain(l.k.events, write!.id).map(({ kind }) => kind)).toEqual([
      EVENT.COMMAND,
      EVENT.ACCESS,
      EVENT.FAULT,
      EVENT.KSWAPD_WOKEN,
      EVENT.RECLAIM,
      EVENT.SWAP_WRITE,
    ]);
  });

  it('takes what was not used since it looked last before what was', () => {
    const l = small();
    l.run('p0 touch_w A 0 45 1');
    // kswapd looks at the oldest pages; those that are touched again and again survive
    for (let i = 0; i < 30; i++) l.run('p0 touch_r A 0 4', `p0 touch_w A ${50 + i} 1 1`);
    expect(l.pages(0, 'A', 4)).toBe('xxxx');
    expect(l.pages(0, 'A', 45)).toContain('S');
  });

  it('writes to a file first and frees when the write has ended', () => {
    const l = lab({ ramPages: 64, overcommit: 1 });
    l.run('@swap file 1', 'p0 mmap A 200 rw');
    expect(l.run('p0 touch_w A 0 120 7')).toMatchObject({ min: 120 });
    expect(l.run('p0 read A 0 120').bytes).toEqual(Array.from({ length: 120 }, () => 7));
  });
});

describe('direct reclaim', () => {
  it('is what a call does that takes many frames at once', () => {
    const l = small();
    const result = l.run('p0 mmap B 80 rw private anon populate');
    expect(count(l, 'allocstallMovable')).toBeGreaterThan(0);
    expect(l.task(0).rss + l.task(0).swap).toBe(80);
    expect(eventsOf(l, result, EVENT.OOM_KILL)).toEqual([]);
  });

  it('leaves locked pages where they are, and finds nothing when all are', () => {
    const l = small();
    l.run('p0 fork p1', 'p0 mmap L 30 rw private anon locked', 'p0 touch_w A 0 60');
    expect(l.pages(0, 'L', 30)).toBe('x'.repeat(30));
    expect(listsOf(l, 0, 'L', 30)).toEqual(Array.from({ length: 30 }, () => LRU.UNEVICTABLE));
    l.run('p0 munlock L 0 30');
    expect(listsOf(l, 0, 'L', 30)).toEqual(Array.from({ length: 30 }, () => LRU.INACTIVE_ANON));
    expect(l.run('p0 mmap M 60 rw private anon locked')).toMatchObject({ died: true });
  });

  it('kills only when swap is full', () => {
    const l = small(10);
    l.run('p0 touch_w A 0 55');
    expect(l.k.machine.swapUsed[0]).toBeGreaterThan(0);
    expect(l.run('p0 touch_w A 55 100')).toMatchObject({ sig: 'SIGKILL', died: true });
    expect(l.k.machine.swapUsed[0]).toBe(0);
  });
});

describe('a page of a file that reclaim took', () => {
  const read = (): Lab => {
    const l = lab({ ramPages: 64, overcommit: 1 });
    l.run('@file F 90');
    l.run('p0 pread F 0 30', 'p0 pread F 30 30', 'p0 pread F 60 30');
    expect(l.k.machine.pgstealFile[0]).toBeGreaterThan(20);
    return l;
  };
  const figure = (l: Lab, name: string): number =>
    Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(l.run('@cat vmstat').text!)![1]);

  it('is remembered, and counts as a refault when it is read again', () => {
    const l = read();
    expect(figure(l, 'workingset_refault_file')).toBe(0);
    l.run('p0 pread F 0 1');
    expect(figure(l, 'workingset_refault_file')).toBeGreaterThan(0);
    expect(checkInvariants(l.k)).toEqual([]);
  });

  it('is forgotten when the file is cut, or dropped on purpose', () => {
    for (const cut of ['p0 ftruncate F 0', 'p0 fadvise F 0 0 dontneed']) {
      const l = read();
      l.run(cut, 'p0 ftruncate F 90', 'p0 pread F 0 12');
      expect([cut, figure(l, 'workingset_refault_file')]).toEqual([cut, 0]);
    }
  });

  it('must not be there', () => {
    const l = read();
    l.run('p0 pread F 89 1');
    l.k.shadows.index.fill(89);
    expect(checkInvariants(l.k).map(({ rule }) => rule)).toContain('INV-22');
  });
});

describe('a page that comes back', () => {
  it('soon is active at once, and counted as a refault', () => {
    const l = small();
    l.run('p0 touch_w A 0 49 1', 'p0 madvise A 0 2 pageout');
    l.run('p0 touch_w A 50 8', 'p0 madvise A 0 2 populate_read');
    const result = l.run('p0 madvise A 10 1 pageout', 'p0 touch_r A 10 1');
    expect(eventsOf(l, result, EVENT.REFAULT)).toMatchObject([{ a: 1, b: 0 }]);
    expect(count(l, 'refaultAnon')).toBe(3);
  });
});

it('a page that two tasks use is active at the first look, and MADV_COLD makes it inactive again', () => {
  const l = small();
  l.run('p0 touch_w A 0 8 1', 'p0 fork p1', 'p1 touch_r A 0 8', 'p0 touch_r A 0 8', 'p0 touch_w A 50 40');
  expect(listsOf(l, 0, 'A', 8)).toContain(LRU.ACTIVE_ANON);
  l.run('p1 exit', 'p0 madvise A 0 8 cold');
  expect(listsOf(l, 0, 'A', 8)).not.toContain(LRU.ACTIVE_ANON);
});

it('the same commands reclaim the same pages', () => {
  const hashes = [0, 1].map(() => {
    const l = small();
    l.run('p0 touch_w A 0 80', 'p0 fork p1', 'p1 touch_w A 10 60', 'p0 read A 0 80');
    return hashState(l.k);
  });
  expect(hashes[0]).toBe(hashes[1]);
});

/** How the machine is brought along one edge of pressure.machine, within one command. */
const DRIVES: readonly { edge: `${PressureName} ${PressureEvent}`; script: readonly string[]; swap: number }[] = [
  { edge: 'balanced mark.low', script: ['p0 touch_w A 0 60'], swap: 100 },
  { edge: 'kswapd mark.high', script: ['p0 touch_w A 0 60'], swap: 100 },
  { edge: 'kswapd mark.min', script: ['p0 mmap B 80 rw private anon populate'], swap: 100 },
  { edge: 'direct room.made', script: ['p0 mmap B 80 rw private anon populate'], swap: 100 },
  { edge: 'kswapd kswapd.failed', script: ['p0 touch_w A 0 51'], swap: 0 },
  { edge: 'direct nothing.left', script: ['p0 touch_w A 0 100'], swap: 0 },
  { edge: 'oom task.chosen', script: ['p0 touch_w A 0 100'], swap: 0 },
  // kswapd is woken in vain so often that it sleeps on
  {
    edge: 'balanced mark.min',
    script: [...Array.from({ length: 17 }, () => ['p0 touch_w A 0 51', 'p0 madvise A 0 3 dontneed']).flat(), 'p0 touch_w A 0 100'],
    swap: 0,
  },
]; // prettier-ignore

describe('pressure.machine', () => {
  const edges = edgesOf(pressureMachine).map(({ from, event }) => `${from} ${event}`);
  const whole = pressureTable.next.slice();
  afterEach(() => pressureTable.next.set(whole));
  const cellOf = (edge: string): number => {
    const [from, event] = edge.split(' ') as [PressureName, PressureEvent];
    return pressureTable.stateIndex[from] * PRESSURE_EVENTS.length + pressureTable.eventIndex[event];
  };

  it('has a drive for each of its edges', () => {
    expect(DRIVES.map(({ edge }) => edge).sort()).toEqual([...edges].sort());
  });

  it('as a table agrees with XState in all cells', () => {
    for (const state of PRESSURE_STATES) {
      const snapshot = pressureMachine.resolveState({ value: state, context: {} });
      for (const type of PRESSURE_EVENTS) {
        const next = pressureTable.next[cellOf(`${state} ${type}`)]!;
        expect(next !== NOT_ALLOWED, `${state} ${type}`).toBe(snapshot.can({ type }));
        if (next !== NOT_ALLOWED) expect(transition(pressureMachine, snapshot, { type })[0].value).toBe(PRESSURE_STATES[next]);
      }
    }
  }); // prettier-ignore

  it.each(DRIVES)('without $edge the kernel stops', ({ edge, script, swap }) => {
    const l = small(swap);
    pressureTable.next[cellOf(edge)] = NOT_ALLOWED;
    const [from, event] = edge.split(' ');
    expect(() => l.run(...script)).toThrow(new BrokenInvariant(`pressure.machine allows ${event} in ${from}`));
  });

  it('is balanced again once there is room', () => {
    const l = small();
    l.run('p0 touch_w A 0 80', 'p0 munmap A 0 80', 'p0 touch_w A 100 1');
    expect(pressureName(l.k)).toBe('balanced');
  });
});
