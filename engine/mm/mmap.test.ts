import { describe, expect, it } from 'vitest';
import { lab } from '../testing/fixtures.ts';

/** Every row: commands, then the errno of the last, null for success. */
const ROWS: readonly [what: string, script: string[], errno: string | null][] = [
  ['mmap of length 0', ['p0 mmap A 0 rw private anon'], 'EINVAL'],
  ['mmap with neither MAP_SHARED nor MAP_PRIVATE', ['p0 mmap A 1 rw noflags anon'], 'EINVAL'],
  ['mmap at an address that is not aligned', ['p0 mmap A 2 rw', 'p0 mmap B 1 rw private at A+4+1b'], 'EINVAL'],
  ['mmap fixed at an address that is not aligned', ['p0 mmap A 2 rw', 'p0 mmap B 1 rw private fixed A+4+1b'], 'EINVAL'],
  ['mmap over an existing mapping without fixed', ['p0 mmap A 4 rw', 'p0 mmap B 1 rw private at A+3'], 'EEXIST'],
  ['mmap fixed over an existing mapping', ['p0 mmap A 4 rw', 'p0 mmap B 1 rw private fixed A+3'], null],
  ['mmap of a length that wraps', ['p0 mmap A -4096b rw'], 'ENOMEM'],
  ['mmap of more than user space', ['p0 mmap A 40000000000 r'], 'ENOMEM'],
  ['mmap of more than RAM and swap together', ['p0 mmap A 101%ram rw'], 'ENOMEM'],
  ['mmap of more than RAM, noreserve', ['p0 mmap A 150%ram rw private anon noreserve'], null],
  ['mmap of more than RAM, read-only', ['p0 mmap A 150%ram r'], null],
  ['munmap of an unaligned start', ['p0 mmap A 4 rw', 'p0 munmap A 0+1b 1'], 'EINVAL'],
  ['munmap of length 0', ['p0 mmap A 4 rw', 'p0 munmap A 0 0'], 'EINVAL'],
  ['munmap of a length that wraps', ['p0 mmap A 4 rw', 'p0 munmap A 0 -4096b'], 'EINVAL'],
  ['munmap of a hole', ['p0 mmap A 4 rw', 'p0 munmap A 9 4'], null],
  ['munmap of nothing at all', ['p0 munmap X 0 4'], null],
  ['mprotect of an unaligned start', ['p0 mmap A 4 rw', 'p0 mprotect A 0+1b 1 r'], 'EINVAL'],
  ['mprotect of an unaligned start, length 0', ['p0 mmap A 4 rw', 'p0 mprotect A 0+1b 0 r'], 'EINVAL'],
  ['mprotect of length 0', ['p0 mmap A 4 rw', 'p0 mprotect A 0 0 r'], null],
  ['mprotect over a hole', ['p0 mmap A 4 rw', 'p0 mprotect A 2 4 r'], 'ENOMEM'],
  ['mprotect of nothing', ['p0 mprotect X 0 1 r'], 'ENOMEM'],
  ['mprotect of a length that wraps', ['p0 mmap A 4 rw', 'p0 mprotect A 0 -4096b r'], 'ENOMEM'],
  ['mprotect to writable beyond strict accounting', ['@overcommit 2', 'p0 mmap A 90%ram r', 'p0 mprotect A 0 90%ram rw'], 'ENOMEM'],
]; // prettier-ignore

describe('error numbers', () => {
  it.each(ROWS)('%s', (_what, script, errno) => {
    const l = lab();
    expect(l.run(...script).errno ?? null).toBe(errno);
  });
});

describe('mmap', () => {
  it('promises pages and takes no frame', () => {
    const l = lab();
    const free = l.free;
    expect(l.run('p0 mmap A 16 rw private anon').ret).toBe('A');
    expect(l.free).toBe(free);
    expect(l.task(0)).toMatchObject({ vsz: 16, rss: 0, commit: 16 });
  });

  it('fixed over mapped pages gives their frames back and starts anew', () => {
    const l = lab();
    l.run('p0 mmap A 6 rw', 'p0 touch_w A 0 6 9', 'p0 mmap B 2 rw private fixed A+2');
    expect(l.pages(0, 'A', 6)).toBe('xx..xx');
    expect(l.run('p0 read A 1 4').bytes).toEqual([9, 0, 0, 9]);
  });

  it('that is refused its charge leaves what it would have replaced', () => {
    const l = lab();
    l.run('p0 mmap A 4 rw', 'p0 touch_w A 0 4 9');
    expect(l.run('p0 mmap B 110%ram rw private fixed A+0').errno).toBe('ENOMEM');
    expect(l.pages(0, 'A', 4)).toBe('xxxx');
    expect(l.task(0).commit).toBe(4);
  });

  it('shared, refused its charge, leaves a hole', () => {
    const l = lab();
    l.run('p0 mmap A 4 rw', 'p0 touch_w A 0 4 9');
    expect(l.run('p0 mmap B 101%ram rw shared fixed A+0').errno).toBe('ENOMEM');
    expect(l.pages(0, 'A', 4)).toBe('----');
  });

  it('net of what it replaces, may fit where the whole would not', () => {
    const l = lab();
    l.run('@overcommit 2', 'p0 mmap A 40%ram rw');
    expect(l.run('p0 mmap B 20%ram rw').errno).toBe('ENOMEM');
    expect(l.run('p0 mmap B 40%ram rw private fixed A+0').ret).toBe('B');
  });
});

describe('munmap', () => {
  it('of one byte removes the whole page', () => {
    const l = lab();
    l.run('p0 mmap A 4 rw', 'p0 munmap A 3 1b');
    expect(l.areas(0)).toEqual(['A[0,3) rw-p']);
  });

  it('gives frames, zero pages and promises back', () => {
    const l = lab();
    const free = l.free;
    l.run('p0 mmap A 8 rw', 'p0 touch_w A 0 4', 'p0 touch_r A 4 2', 'p0 munmap A 0 8');
    expect(l.free).toBe(free);
    expect(l.task(0)).toMatchObject({ vsz: 0, rss: 0, commit: 0 });
  });
});
