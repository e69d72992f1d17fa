import { describe, expect, it } from 'vitest';
import { encodeState } from '../kernel/index.ts';
import { lab } from '../testing/fixtures.ts';
import { taskNumbers } from './task.ts';

describe('fork', () => {
  it('makes a task with the same areas and the same bytes', () => {
    const l = lab();
    l.run('p0 mmap A 4 rw', 'p0 mmap B 2 r', 'p0 touch_w A 0 2 7');
    expect(l.run('p0 fork p1').ret).toBe('p1');
    expect(l.areas(1)).toEqual(l.areas(0));
    expect(l.run('p1 read A 0 2').bytes).toEqual([7, 7]);
    expect(l.task(1)).toMatchObject({ parent: 0, vsz: 6, rss: 2, minflt: 0 });
  });

  it('copies entries only of areas that were ever written; zero pages come along there', () => {
    const l = lab();
    l.run('p0 mmap A 4 rw', 'p0 touch_r A 0 2', 'p0 mmap B 4 rw', 'p0 touch_r B 0 2', 'p0 touch_w B 3 1', 'p0 fork p1');
    expect([l.pages(1, 'A', 4), l.pages(1, 'B', 4)]).toEqual(['....', 'zz.s']);
  });

  it('refused its promise leaves nothing behind', () => {
    const l = lab();
    l.run('@overcommit 2', 'p0 mmap A 30%ram rw', 'p0 touch_w A 0 8', 'p0 mmap B 4 rw', 'p0 touch_w B 0 4');
    const { free } = l;
    const committed = l.k.machine.committed[0];
    expect(l.run('p0 fork p1').errno).toBe('ENOMEM');
    expect(taskNumbers(l.k)).toEqual([0]);
    expect(l.free).toBe(free);
    expect(l.k.machine.committed[0]).toBe(committed);
    expect(l.pages(0, 'A', 8)).toBe('xxxxxxxx');
    expect(l.run('p0 munmap A 0 30%ram', 'p0 fork p1').ret).toBe('p1');
  });

  it('gives a number of a reaped task out again, with counters at zero', () => {
    const l = lab();
    l.run('p0 mmap A 4 rw', 'p0 fork p5', 'p5 touch_w A 0 4', 'p5 exit', 'p0 fork p5');
    expect(l.task(5)).toMatchObject({ minflt: 0, rss: 0, state: 'runnable' });
    expect(taskNumbers(l.k)).toEqual([0, 5]);
  });

  it('of 100 generations ends with as many free frames as it began', () => {
    const l = lab({ ramPages: 512 });
    l.run('p0 mmap A 8 rw', 'p0 touch_w A 0 8');
    const { free } = l;
    for (let i = 0; i < 100; i++) l.run(`p0 fork p${i + 1}`, `p${i + 1} touch_w A ${i % 8} 1`, `p${i + 1} exit`);
    expect(l.free).toBe(free);
    const before = encodeState(l.k).length;
    l.run('p0 fork p1', 'p1 exit');
    expect(encodeState(l.k).length).toBe(before);
  });
});
