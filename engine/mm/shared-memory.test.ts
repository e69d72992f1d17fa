import { describe, expect, it } from 'vitest';
import { lab } from '../testing/fixtures.ts';

describe('shared anonymous memory', () => {
  it('is one frame for all who map it: what one writes, the other reads', () => {
    const l = lab();
    l.run('p0 mmap S 4 rw shared', 'p0 touch_w S 0 2 5', 'p0 fork p1', 'p1 touch_w S 0 1 8');
    expect(l.run('p0 read S 0 2').bytes).toEqual([8, 5]);
    expect(l.frames(0, 'S', 1)).toEqual(l.frames(1, 'S', 1));
    expect(l.k.machine.copies[0]).toBe(0);
  });

  it('is not copied at fork: the child faults its pages in', () => {
    const l = lab();
    l.run('p0 mmap S 4 rw shared', 'p0 touch_w S 0 4', 'p0 fork p1');
    expect(l.pages(1, 'S', 4)).toBe('....');
    expect(l.run('p1 touch_w S 1 1').min).toBe(1);
    expect(l.pages(1, 'S', 4)).toBe('.F..');
  });

  it('a read of an absent page takes a frame and maps it writable', () => {
    const l = lab();
    l.run('p0 mmap S 4 rw shared');
    expect(l.run('p0 touch_r S 0 1').min).toBe(1);
    expect(l.pages(0, 'S', 4)).toBe('f...');
    expect(l.run('p0 touch_w S 0 1').min).toBe(0);
  });

  it('a read fault maps the allocated pages of its 16-page window along; a write fault only its own', () => {
    const l = lab({ ramPages: 512 });
    l.run('p0 mmap S 40 rw shared', 'p0 touch_w S 0 40', 'p0 fork p1', 'p0 fork p2');
    expect(l.run('p1 touch_r S 20 1').min).toBe(1);
    const window = l.pages(1, 'S', 40);
    expect(window.replaceAll('.', '')).toBe('F'.repeat(16));
    expect(window.indexOf('F')).toBe(16);
    expect(l.run('p2 touch_w S 20 1').min).toBe(1);
    expect(l.pages(2, 'S', 40).replaceAll('.', '')).toBe('F');
  });

  it('fault-around stays inside the area', () => {
    const l = lab();
    l.run('p0 mmap S 12 rw shared', 'p0 touch_w S 0 12', 'p0 fork p1', 'p1 munmap S 0 4', 'p1 mprotect S 8 4 r');
    l.run('p1 touch_r S 5 1');
    expect(l.pages(1, 'S', 12)).toBe('----FFFF....');
  });

  it('keeps its pages while one task maps it, and gives all back with the last', () => {
    const l = lab();
    const free = l.free;
    l.run('p0 mmap S 4 rw shared', 'p0 touch_w S 0 4 6', 'p0 fork p1', 'p0 munmap S 0 4');
    expect(l.run('p1 read S 0 4').bytes).toEqual([6, 6, 6, 6]);
    expect(l.k.machine.committed[0]).toBe(4);
    l.run('p1 exit');
    expect(l.free).toBe(free);
    expect(l.k.machine.committed[0]).toBe(0);
  });

  it('made read-only and writable again needs no fault', () => {
    const l = lab();
    l.run('p0 mmap S 2 rw shared', 'p0 touch_w S 0 2', 'p0 mprotect S 0 2 r');
    expect(l.run('p0 touch_w S 0 1')).toMatchObject({ sig: 'SIGSEGV', code: 'ACCERR' });
    l.run('p0 mprotect S 0 2 rw');
    expect(l.run('p0 touch_w S 0 2').min).toBe(0);
  });

  it('with noreserve is counted page by page as it is used', () => {
    const l = lab();
    l.run('p0 mmap S 8 rw shared anon noreserve');
    expect(l.k.machine.committed[0]).toBe(0);
    expect(l.run('p0 touch_w S 0 3').casDelta).toBe(3);
    expect(l.run('p0 munmap S 0 8').casDelta).toBe(-3);
  });
});
