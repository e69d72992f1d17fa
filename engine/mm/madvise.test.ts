import { describe, expect, it } from 'vitest';
import { lab } from '../testing/fixtures.ts';

const ROWS: readonly [what: string, script: string[], errno: string | null][] = [
  ['an unaligned start', ['p0 madvise A 0+1b 1 dontneed'], 'EINVAL'],
  ['a range that wraps', ['p0 madvise A 0 -4096b dontneed'], 'EINVAL'],
  ['unknown advice, even for nothing', ['p0 madvise A 0 0 bogus'], 'EINVAL'],
  ['a hole', ['p0 madvise A 6 4 dontneed'], 'ENOMEM'],
  ['dropping locked memory', ['p0 mlock A 0 2', 'p0 madvise A 0 4 dontneed'], 'EINVAL'],
  ['dropping locked memory on purpose', ['p0 mlock A 0 2', 'p0 madvise A 0 4 dontneed_locked'], null],
  ['filling for writing where nobody may write', ['p0 mprotect A 0 8 r', 'p0 madvise A 0 1 populate_write'], 'EINVAL'],
  ['filling where nobody may read', ['p0 mprotect A 0 8 none', 'p0 madvise A 0 1 populate_read'], 'EINVAL'],
  ['filling a guard', ['p0 madvise A 0 1 guard_install', 'p0 madvise A 0 1 populate_read'], 'EFAULT'],
  ['filling a hole', ['p0 madvise A 6 4 populate_read'], 'ENOMEM'],
  ['wiping shared memory at fork', ['p0 mmap S 2 rw shared', 'p0 madvise S 0 2 wipeonfork'], 'EINVAL'],
  ['removing private memory', ['p0 madvise A 0 1 remove'], 'EINVAL'],
  ['guards in locked memory', ['p0 mlock A 0 2', 'p0 madvise A 0 1 guard_install'], 'EINVAL'],
]; // prettier-ignore

describe('advice', () => {
  it.each(ROWS)('about %s', (_what, script, errno) => {
    expect(lab().run('p0 mmap A 8 rw', ...script).errno ?? null).toBe(errno);
  });

  it('around a hole is taken on both sides', () => {
    const l = lab();
    l.run('p0 mmap A 8 rw', 'p0 touch_w A 0 8', 'p0 munmap A 3 1');
    expect(l.run('p0 madvise A 0 8 dontneed').errno).toBe('ENOMEM');
    expect(l.pages(0, 'A', 8)).toBe('...-....');
  });

  it('dontneed gives private frames back and reads as zeros; shared memory keeps its content', () => {
    const l = lab();
    const { free } = l;
    l.run(
      'p0 mmap A 2 rw',
      'p0 touch_w A 0 2 7',
      'p0 mmap S 2 rw shared',
      'p0 touch_w S 0 2 8',
      'p0 madvise A 0 2 dontneed',
      'p0 madvise S 0 2 dontneed',
    );
    expect(l.run('p0 read A 0 2').bytes).toEqual([0, 0]);
    expect(l.run('p0 read S 0 2')).toMatchObject({ bytes: [8, 8], min: 1 });
    l.run('p0 munmap A 0 2', 'p0 munmap S 0 2');
    expect(l.free).toBe(free);
  });

  it('remove frees shared pages for everybody', () => {
    const l = lab();
    l.run('p0 mmap S 4 rw shared', 'p0 touch_w S 0 4 5', 'p0 fork p1', 'p1 touch_r S 0 1');
    l.run('p0 madvise S 1 2 remove');
    expect([l.pages(0, 'S', 4), l.pages(1, 'S', 4)]).toEqual(['F..F', 'F..F']);
    expect(l.run('p1 read S 0 4').bytes).toEqual([5, 0, 0, 5]);
  });

  it('dontfork leaves a hole in the child, wipeonfork an empty area', () => {
    const l = lab();
    l.run(
      'p0 mmap A 4 rw',
      'p0 touch_w A 0 4 3',
      'p0 madvise A 0 1 dontfork',
      'p0 madvise A 1 1 wipeonfork',
      'p0 fork p1',
    );
    expect(l.pages(1, 'A', 4)).toBe('-.ss');
    expect(l.run('p1 touch_r A 0 1').code).toBe('MAPERR');
    expect(l.run('p1 read A 1 1').bytes).toEqual([0]);
    l.run('p0 madvise A 0 4 dofork', 'p0 madvise A 0 4 keeponfork', 'p0 fork p2');
    expect(l.pages(2, 'A', 4)).toBe('ssss');
  });
});

describe('guard pages', () => {
  it('refuse every access without an area of their own, and hold no frame', () => {
    const l = lab();
    l.run('p0 mmap A 4 rw', 'p0 touch_w A 0 4', 'p0 madvise A 1 1 guard_install');
    expect(l.pages(0, 'A', 4)).toBe('xgxx');
    expect(l.areas(0)).toEqual(['A[0,4) rw-p']);
    expect(l.run('p0 touch_w A 0 4')).toMatchObject({
      sig: 'SIGSEGV',
      code: 'MAPERR',
      reason: 'guard',
      done: 1,
      min: 0,
    });
    expect(l.task(0).rss).toBe(3);
  });

  it('outlive dontneed and mprotect, come along to a child, and go when removed', () => {
    const l = lab();
    l.run(
      'p0 mmap A 3 rw',
      'p0 madvise A 1 1 guard_install',
      'p0 madvise A 0 3 dontneed',
      'p0 mprotect A 0 3 r',
      'p0 mprotect A 0 3 rw',
      'p0 fork p1',
    );
    for (const task of [0, 1]) expect(l.pages(task, 'A', 3)).toBe('.g.');
    l.run('p1 madvise A 0 3 guard_remove');
    expect(l.run('p1 read A 0 3').bytes).toEqual([0, 0, 0]);
    expect(l.pages(0, 'A', 3)).toBe('.g.');
  });

  it('make mlock fail, and the area stays locked', () => {
    const l = lab();
    l.run('p0 mmap A 3 rw', 'p0 madvise A 1 1 guard_install');
    expect(l.run('p0 mlock A 0 3').errno).toBe('ENOMEM');
    expect(l.pages(0, 'A', 3)).toBe('xg.');
    expect(l.task(0).locked).toBe(3);
  });
});
