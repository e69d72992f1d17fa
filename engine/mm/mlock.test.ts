import { describe, expect, it } from 'vitest';
import { lab } from '../testing/fixtures.ts';

const USER = ['p0 dropcap ipc_lock', 'p0 rlimit memlock 8', 'p0 mmap A 16 rw', 'p0 mmap B 16 rw'];

/** Commands after USER, errno of the last. */
const ROWS: readonly [what: string, script: string[], errno: string | null][] = [
  ['up to the limit', ['p0 mlock A 0 8'], null],
  ['a page over the limit', ['p0 mlock A 0 9'], 'ENOMEM'],
  ['what is locked already, again', ['p0 mlock A 0 8', 'p0 mlock A 0 8'], null],
  ['what is half locked already', ['p0 mlock A 0 8', 'p0 mlock A 4 5'], 'ENOMEM'],
  ['a page more than the limit elsewhere', ['p0 mlock A 0 8', 'p0 mlock B 0 1'], 'ENOMEM'],
  ['after unlocking as many', ['p0 mlock A 0 8', 'p0 munlock A 2 2', 'p0 mlock B 0 2'], null],
  ['after unmapping as many', ['p0 mlock A 0 8', 'p0 munmap A 2 2', 'p0 mlock B 0 2'], null],
  ['over a hole', ['p0 munmap A 2 1', 'p0 mlock A 0 4'], 'ENOMEM'],
  ['memory nobody may touch', ['p0 mprotect A 0 2 none', 'p0 mlock A 0 2'], 'ENOMEM'],
  ['nothing of memory nobody may touch', ['p0 mprotect A 0 2 none', 'p0 mlock A 0 0'], null],
  ['a range that wraps', ['p0 mlock A 0 -4096b'], 'ENOMEM'],
  ['a length that rounds to nothing', ['p0 mlock A 0 -100b'], null],
  ['with a flag that mlock2 does not know', ['p0 mlock2 A 0 1 2'], 'EINVAL'],
  ['with a limit of 0', ['p0 rlimit memlock 0', 'p0 mlock A 0 0'], 'EPERM'],
  ['munlock over a hole', ['p0 munmap A 2 1', 'p0 munlock A 0 4'], 'ENOMEM'],
  ['munlock with a limit of 0', ['p0 mlock A 0 2', 'p0 rlimit memlock 0', 'p0 munlock A 0 2'], null],
  ['mlockall of nothing', ['p0 mlockall 0'], 'EINVAL'],
  ['mlockall on fault alone', ['p0 mlockall onfault'], 'EINVAL'],
  ['mlockall of more than the limit', ['p0 mlockall current'], 'ENOMEM'],
  ['mlockall of what will be', ['p0 mlockall future'], null],
  ['mmap under mlockall future over the limit', ['p0 mlockall future', 'p0 mmap C 9 rw'], 'EAGAIN'],
  ['mmap locked over the limit', ['p0 mmap C 9 rw private anon locked'], 'EAGAIN'],
  ['mmap locked with a limit of 0', ['p0 rlimit memlock 0', 'p0 mmap C 1 rw private anon locked'], 'EPERM'],
  ['growing a locked mapping over the limit', ['p0 mlock A 8 8', 'p0 mremap A 8 8 9'], 'EAGAIN'],
]; // prettier-ignore

describe('locking', () => {
  it.each(ROWS)('%s', (_what, script, errno) => {
    expect(lab().run(...USER, ...script).errno ?? null).toBe(errno);
  });

  it('with the capability knows no limit', () => {
    expect(lab().run('p0 rlimit memlock 1', 'p0 mmap A 16 rw', 'p0 mlock A 0 16').errno).toBeUndefined();
  });

  it('faults every page in, by writing where it may', () => {
    const l = lab();
    l.run('p0 mmap A 4 rw', 'p0 touch_r A 0 1', 'p0 mmap B 2 r');
    expect(l.run('p0 mlock A 0 4').min).toBe(4);
    expect(l.run('p0 mlock B 0 2').min).toBe(2);
    expect([l.pages(0, 'A', 4), l.pages(0, 'B', 2)]).toEqual(['xxxx', 'zz']);
    expect(l.task(0).locked).toBe(6);
  });

  it('on fault waits for the touch; a plain lock after it fills', () => {
    const l = lab();
    l.run('p0 mmap A 4 rw', 'p0 mlock2 A 0 4 onfault');
    expect(l.pages(0, 'A', 4)).toBe('....');
    expect(l.areas(0)).toEqual(['A[0,4) rw-p lo,lf']);
    expect(l.run('p0 mlock A 0 4').min).toBe(4);
    expect(l.areas(0)).toEqual(['A[0,4) rw-p lo']);
  });

  it('is not inherited by a child', () => {
    const l = lab();
    l.run('p0 mmap A 2 rw private anon locked', 'p0 mlockall future', 'p0 fork p1', 'p1 mmap B 2 rw');
    expect(l.task(1).locked).toBe(0);
    expect(l.pages(1, 'B', 2)).toBe('..');
  });

  it('of everything to come fills mappings, the heap and what becomes writable', () => {
    const l = lab();
    l.run('p0 mlockall future');
    expect(l.run('p0 mmap A 3 rw').min).toBe(3);
    expect(l.run('p0 brk +2').min).toBe(2);
    l.run('p0 mmap B 2 none');
    expect(l.run('p0 mprotect B 0 2 rw').min).toBe(2);
    l.run('p0 mlockall current');
    expect(l.run('p0 mmap C 3 rw').min).toBe(0);
  });
});

describe('mincore', () => {
  it('says 1 for a frame, the zero page and cached shared memory, 0 for what was never touched', () => {
    const l = lab();
    l.run('p0 mmap A 4 rw', 'p0 touch_r A 0 1', 'p0 touch_w A 1 1', 'p0 mprotect A 1 1 none');
    expect(l.run('p0 mincore A 0 4').vec).toEqual([1, 1, 0, 0]);
    l.run('p0 mmap S 2 rw shared', 'p0 touch_w S 0 1', 'p0 fork p1');
    expect(l.run('p1 mincore S 0 2')).toMatchObject({ ret: 0, vec: [1, 0], min: 0 });
  });

  it.each([
    ['p0 mincore A 0+1b 1', 'EINVAL'],
    ['p0 mincore A 2 4', 'ENOMEM'],
    ['p0 mincore A 0 -4096b', 'ENOMEM'],
    ['p0 mincore A 0 0', undefined],
  ])('%s: %s', (line, errno) => expect(lab().run('p0 mmap A 4 rw', line).errno).toBe(errno));
});
