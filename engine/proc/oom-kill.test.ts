import { describe, expect, it } from 'vitest';
import { EVENT } from '../base/event-kinds.ts';
import { eventsBetween } from '../base/event-log.ts';
import { minMark } from '../mm/watermarks.ts';
import { lab } from '../testing/fixtures.ts';
import { isAlive } from './task.ts';

const small = () => lab({ ramPages: 64, overcommit: 1 });

describe('out of memory', () => {
  it('kills the largest task, and the one that asked goes on', () => {
    const l = small();
    l.run('p0 mmap A 100 rw', 'p0 fork p1', 'p1 touch_w A 0 30');
    const result = l.run('p0 touch_w A 0 25');
    expect(result).toMatchObject({ min: 25 });
    expect(result.sig).toBeUndefined();
    expect(isAlive(l.k, 1)).toBe(false);
    const kills = eventsBetween(l.k.events, result.firstEvent, result.endEvent).filter(
      (e) => e.kind === EVENT.OOM_KILL,
    );
    expect(kills).toMatchObject([{ b: 1 }]);
  });

  it('kills the task that asks when it is the largest', () => {
    const l = small();
    l.run('p0 mmap A 100 rw', 'p0 fork p1', 'p1 touch_w A 0 5');
    expect(l.run('p0 touch_w A 0 100')).toMatchObject({ sig: 'SIGKILL', reason: 'out of memory', died: true });
    expect(isAlive(l.k, 0)).toBe(false);
    expect(l.pages(1, 'A', 5)).toBe('xxxxx');
  });

  it('of equals kills the youngest', () => {
    const l = small();
    l.run(
      'p0 mmap A 100 rw',
      'p0 fork p5',
      'p0 fork p3',
      'p5 touch_w A 0 20',
      'p3 touch_w A 0 20',
      'p0 touch_w A 0 14',
    );
    expect([5, 3].map((task) => isAlive(l.k, task))).toEqual([true, false]);
  });

  it('in the middle of populate ends the task after the call, with nothing left behind', () => {
    const l = small();
    const { free } = l;
    l.run('p0 fork p1');
    expect(l.run('p1 mmap A 100 rw private anon populate')).toMatchObject({ sig: 'SIGKILL', died: true });
    expect(l.free).toBe(free);
  });

  it('in the middle of fork undoes the child and ends the parent', () => {
    const l = small();
    l.run('p0 mmap A 100 rw', `p0 touch_w A 0 ${l.free - 3 - minMark(l.k)}`);
    expect(l.run('p0 fork p1')).toMatchObject({ sig: 'SIGKILL', died: true });
    expect(l.free).toBe(l.k.machine.totalFrames[0]! - l.k.machine.reserved[0]!);
  });

  it('for a page table kills like any other', () => {
    const l = small();
    l.run('p0 mmap A 100 rw', 'p0 fork p1', 'p1 mmap B 40 rw', 'p1 touch_w B 0 30', 'p0 touch_w A 0 8');
    l.run(`p0 touch_w A 8 ${l.free - minMark(l.k)}`);
    expect(l.free).toBe(minMark(l.k));
    expect(l.run('p0 fork p2').ret).toBe('p2');
    expect(isAlive(l.k, 1)).toBe(false);
  });

  it('takes no task down that could be served: a machine with room never kills', () => {
    const l = small();
    const result = l.run('p0 mmap A 100 rw', 'p0 touch_w A 0 40');
    expect(eventsBetween(l.k.events, 1, result.endEvent).some((event) => event.kind === EVENT.OOM_KILL)).toBe(false);
  });
});
