import { describe, expect, it } from 'vitest';
import { lab } from '../testing/fixtures.ts';

const ROWS: readonly [what: string, script: string[], expected: string][] = [
  ['of nothing mapped', ['p0 mremap X 0 1 2'], 'EFAULT'],
  ['to length 0', ['p0 mremap A 0 1 0'], 'EINVAL'],
  ['of an unaligned start', ['p0 mremap A 0+1b 1 2'], 'EINVAL'],
  ['of length 0 of private memory', ['p0 mremap A 0 0 2 maymove'], 'EINVAL'],
  ['onto itself', ['p0 mremap A 0 2 2 maymove fixed A+1'], 'EINVAL'],
  ['keeping the old place without leave to move', ['p0 mremap A 0 1 1 dontunmap'], 'EINVAL'],
  ['growing in the middle without leave to move', ['p0 mremap A 2 2 4'], 'ENOMEM'],
  ['growing over two areas', ['p0 mprotect A 4 4 r', 'p0 mremap A 0 6 9 maymove'], 'EFAULT'],
  ['growing past the address space limit', ['p0 rlimit as 60', 'p0 mremap A 0 8 20'], 'ENOMEM'],
  ['to the same size', ['p0 mremap A 2 3 3'], 'inplace'],
  ['growing at the end', ['p0 mremap A 0 8 12'], 'inplace'],
  ['shrinking', ['p0 mremap A 0 8 3'], 'inplace'],
  ['growing in the middle with leave to move', ['p0 mremap A 2 2 4 maymove'], 'mv2'],
  ['to a place', ['p0 mmap B 2 rw', 'p0 mremap A 0 4 4 maymove fixed B+8'], 'B'],
]; // prettier-ignore

describe('mremap', () => {
  it.each(ROWS)('%s: %s', (_what, script, expected) => {
    const { ret, errno } = lab().run('p0 mmap A 8 rw', ...script);
    expect(errno ?? ret).toBe(expected);
  });

  it('moves frames without a fault or a copy', () => {
    const l = lab();
    l.run('p0 mmap A 4 rw', 'p0 touch_w A 0 3 6', 'p0 mmap B 2 rw');
    const frames = l.frames(0, 'A', 3);
    expect(l.run('p0 mremap A 0 4 4 maymove fixed B+10')).toMatchObject({ ret: 'B', min: 0 });
    expect(l.areas(0)).toEqual(['B[0,2) rw-p', 'B[10,14) rw-p']);
    expect(l.frames(0, 'B', 14).slice(10, 13)).toEqual(frames);
    expect(l.run('p0 read B 10 4').bytes).toEqual([6, 6, 6, 0]);
    expect(l.k.machine.copies[0]).toBe(0);
    expect(l.k.machine.committed[0]).toBe(6);
  });

  it('gives the page tables of the old place back', () => {
    const l = lab();
    const { free } = l;
    l.run(
      'p0 mmap A 4 rw',
      'p0 touch_w A 0 1',
      'p0 mmap B 1 r',
      'p0 mremap A 0 4 4 maymove fixed B+3000',
      'p0 munmap B 0 3100',
    );
    expect(l.free).toBe(free);
  });

  it('keeping the old place leaves an empty area that is charged again', () => {
    const l = lab();
    l.run('p0 mmap A 4 rw', 'p0 touch_w A 0 4 6', 'p0 mmap B 1 r');
    expect(l.run('p0 mremap A 0 4 4 maymove dontunmap fixed B+10').casDelta).toBe(4);
    expect(l.pages(0, 'A', 4)).toBe('....');
    expect(l.run('p0 read A 0 1').bytes).toEqual([0]);
  });

  it('of length 0 maps shared memory a second time', () => {
    const l = lab();
    l.run(
      'p0 mmap S 4 rw shared',
      'p0 touch_w S 0 1 9',
      'p0 mmap B 1 r',
      'p0 mremap S 0 0 4 maymove fixed B+10',
      'p0 touch_w B 11 1 8',
    );
    expect(l.run('p0 read B 10 1').bytes).toEqual([9]);
    expect(l.run('p0 read S 1 1').bytes).toEqual([8]);
  });

  it('grown shared memory ends where its object does: beyond it SIGBUS', () => {
    const l = lab();
    l.run('p0 mmap S 4 rw shared', 'p0 mremap S 0 4 8');
    expect(l.run('p0 touch_w S 3 2')).toMatchObject({ sig: 'SIGBUS', code: 'ADRERR', done: 1, min: 1 });
  });

  it('without a change of size takes several areas along, with the holes between them', () => {
    const l = lab();
    l.run(
      'p0 mmap A 8 rw',
      'p0 touch_w A 0 8 4',
      'p0 mprotect A 2 2 r',
      'p0 munmap A 5 1',
      'p0 mmap B 1 r',
      'p0 mremap A 1 6 6 maymove fixed B+16',
    );
    expect(l.areas(0).sort()).toEqual([
      'A[0,1) rw-p',
      'A[7,8) rw-p',
      'B[0,1) r--p',
      'B[16,17) rw-p',
      'B[17,19) r--p',
      'B[19,20) rw-p',
      'B[21,22) rw-p',
    ]);
  });

  it('fills what a locked area grew by', () => {
    const l = lab();
    l.run('p0 mmap A 2 rw private anon locked');
    expect(l.run('p0 mremap A 0 2 5').min).toBe(3);
    expect(l.task(0).locked).toBe(5);
  });
});

describe('limits', () => {
  it.each([
    ['p0 rlimit memlock 9 8', 'EINVAL'],
    ['p0 rlimit memlock 9000 9000', 'EPERM'],
    ['p0 rlimit memlock 9000', 'EINVAL'],
    ['p0 rlimit memlock 8 8', undefined],
    ['p0 rlimit as inf', undefined],
  ])('%s: %s', (line, errno) => expect(lab().run(line).errno).toBe(errno));

  it('are inherited, and so are lost capabilities', () => {
    const l = lab();
    l.run('p0 rlimit memlock 2', 'p0 dropcap ipc_lock', 'p0 fork p1', 'p1 mmap A 4 rw');
    expect(l.run('p1 mlock A 0 3').errno).toBe('ENOMEM');
  });

  it('of data count private writable memory, what the process has hidden included', () => {
    const l = lab();
    l.run('p0 rlimit data 10', 'p0 mmap A 20 r', 'p0 mmap S 20 rw shared', 'p0 mmap B 8 rw');
    expect(l.run('p0 mmap C 1 rw').errno).toBe('ENOMEM');
    expect(l.run('p0 mprotect A 0 1 rw').errno).toBe('ENOMEM');
  });
});
