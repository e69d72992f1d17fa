import { describe, expect, it } from 'vitest';
import { lab } from '../testing/fixtures.ts';
import { isAlive, taskNumbers } from './task.ts';

describe('the end of a task', () => {
  it.each(['exit', 'kill'])('by %s gives back its frames, tables and promises', (how) => {
    const l = lab();
    const { free } = l;
    l.run('p0 fork p1');
    l.run(
      'p1 mmap A 20 rw',
      'p1 touch_w A 0 20',
      'p1 mmap S 4 rw shared',
      'p1 touch_w S 0 4',
      'p1 brk +4',
      'p1 touch_r heap 0 4',
    );
    const result = l.run(`p1 ${how}`);
    expect(l.free).toBe(free);
    expect(l.k.machine.committed[0]).toBe(0);
    expect(taskNumbers(l.k)).toEqual([0]);
    expect(result.ret).toBeUndefined();
    expect(result.died).toBeUndefined();
  });

  it('kill reaches a task that only waits for the CPU', () => {
    const l = lab();
    l.run('p0 fork p1');
    expect(l.task(1).state).toBe('runnable');
    l.run('p1 kill');
    expect(isAlive(l.k, 1)).toBe(false);
    expect(l.task(0).state).toBe('running');
  });

  it('leaves shared frames with the others', () => {
    const l = lab();
    l.run('p0 mmap A 2 rw', 'p0 touch_w A 0 2 3', 'p0 fork p1', 'p0 exit');
    expect(l.pages(1, 'A', 2)).toBe('xx');
    expect(l.run('p1 read A 0 2').bytes).toEqual([3, 3]);
  });

  it('of the last task leaves an empty machine', () => {
    const l = lab();
    l.run('p0 mmap A 2 rw', 'p0 touch_w A 0 2', 'p0 exit');
    expect(l.free).toBe(l.k.machine.totalFrames[0]! - l.k.machine.reserved[0]!);
    expect(taskNumbers(l.k)).toEqual([]);
  });
});
