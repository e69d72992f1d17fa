import { describe, expect, it } from 'vitest';
import { lab } from '../testing/fixtures.ts';

describe('mprotect', () => {
  it('to read-only keeps the frames and refuses stores', () => {
    const l = lab();
    l.run('p0 mmap A 2 rw', 'p0 touch_w A 0 2 4');
    const frames = l.frames(0, 'A', 2);
    l.run('p0 mprotect A 0 2 r');
    expect(l.run('p0 touch_w A 0 1')).toMatchObject({ sig: 'SIGSEGV', code: 'ACCERR', reason: 'permission', min: 0 });
    expect(l.run('p0 read A 0 2').bytes).toEqual([4, 4]);
    expect(l.frames(0, 'A', 2)).toEqual(frames);
  });

  it('back to writable lets a page that nobody shared be written without a fault', () => {
    const l = lab();
    l.run('p0 mmap A 2 rw', 'p0 touch_w A 0 2', 'p0 mprotect A 0 2 r', 'p0 mprotect A 0 2 rw');
    expect(l.run('p0 touch_w A 0 2').min).toBe(0);
  });

  it('back to writable after fork still copies on write', () => {
    const l = lab();
    l.run('p0 mmap A 1 rw', 'p0 touch_w A 0 1 3', 'p0 fork p1', 'p0 mprotect A 0 1 r', 'p0 mprotect A 0 1 rw');
    expect(l.page(0, 'A', 0).state).toBe('readOnly');
    expect(l.run('p0 touch_w A 0 1 9').min).toBe(1);
    expect(l.run('p1 read A 0 1').bytes).toEqual([3]);
  });

  it('back to writable after the child ended costs one fault: a page once shared stays marked', () => {
    const l = lab();
    l.run('p0 mmap A 1 rw', 'p0 touch_w A 0 1', 'p0 fork p1', 'p1 exit', 'p0 mprotect A 0 1 r', 'p0 mprotect A 0 1 rw');
    expect(l.run('p0 touch_w A 0 1').min).toBe(1);
    expect(l.k.machine.copies[0]).toBe(0);
  });

  it('to none keeps frames and content out of reach, the zero page too', () => {
    const l = lab();
    l.run('p0 mmap A 3 rw', 'p0 touch_w A 0 1 5', 'p0 touch_r A 1 1', 'p0 mprotect A 0 3 none');
    for (const page of [0, 1, 2]) expect(l.run(`p0 touch_r A ${page} 1`)).toMatchObject({ code: 'ACCERR', min: 0 });
    expect(l.pages(0, 'A', 3)).toBe('xz.');
    l.run('p0 mprotect A 0 3 r');
    expect(l.run('p0 read A 0 3')).toMatchObject({ bytes: [5, 0, 0], min: 1 });
  });

  it('none is inherited by a child, for the zero page too', () => {
    const l = lab();
    l.run('p0 mmap A 2 rw', 'p0 touch_w A 0 1', 'p0 touch_r A 1 1', 'p0 mprotect A 0 2 none', 'p0 fork p1');
    for (const task of [0, 1])
      for (const page of [0, 1]) expect(l.run(`p${task} touch_r A ${page} 1`).code).toBe('ACCERR');
    l.run('p1 mprotect A 0 2 rw');
    expect(l.run('p1 touch_w A 0 2').min).toBe(2);
  });

  it('changes what lies before a hole, and nothing behind it', () => {
    const l = lab();
    l.run('p0 mmap A 6 rw', 'p0 munmap A 2 1');
    expect(l.run('p0 mprotect A 0 6 r').errno).toBe('ENOMEM');
    expect(l.areas(0)).toEqual(['A[0,2) r--p', 'A[3,6) rw-p']);
  });

  it('of memory that was never touched gives its promise back, of written memory not', () => {
    const l = lab();
    l.run('p0 mmap A 4 rw', 'p0 mmap B 4 rw', 'p0 touch_w B 0 1');
    expect(l.run('p0 mprotect A 0 4 r').casDelta).toBe(-4);
    expect(l.run('p0 mprotect A 0 4 rw').casDelta).toBe(4);
    expect(l.run('p0 mprotect B 0 4 r').casDelta).toBe(0);
  });
});
