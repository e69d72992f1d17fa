import { describe, expect, it } from 'vitest';
import { lab, type Lab } from '../testing/fixtures.ts';

const of = (pageSize: '4k' | '8k' | '2m'): Lab => lab({ ramPages: 4096, pageSize });

describe('the same program under each page size', () => {
  /** Five stretches of 5,000 bytes, a byte of each written: pages promised, faults, pages resident. */
  const ROWS = [
    ['4k', 10, 5, 5],
    ['8k', 10, 5, 10],
    ['2m', 5 * 512, 5, 5 * 512],
  ] as const;
  it.each(ROWS)('%s: %i pages mapped, %i faults, %i pages taken', (size, mapped, faults, taken) => {
    const l = of(size);
    const before = l.task(0);
    let min = 0;
    for (const name of ['A', 'B', 'C', 'D', 'E']) {
      l.run(`p0 mmap ${name} 5000b rw`);
      min += l.run(`p0 touch_w ${name} 0 1 7`).min!;
    }
    expect(l.task(0).vsz - before.vsz).toBe(mapped);
    expect([min, l.task(0).rss]).toEqual([faults, taken]);
    const waste = l.task(0).rss * 4096 - 5 * 5000;
    expect(waste).toBe({ '4k': -4520, '8k': 15_960, '2m': 10_460_760 }[size]);
  });

  it.each([
    ['4k', 512],
    ['8k', 256],
    ['2m', 1],
  ] as const)('%s: two mebibytes cost %i faults', (size, faults) => {
    const l = of(size);
    l.run('p0 mmap A 512 rw');
    expect(l.run('p0 touch_w A 0 512 7').min).toBe(faults);
    expect(l.task(0).rss).toBe(512);
    expect(l.run('p0 read A 511 1').bytes).toEqual([7]);
  });

  it('2m: a page is one entry of level 2', () => {
    const l = of('2m');
    l.run('p0 mmap A 1 rw', 'p0 touch_w A 0 1');
    expect(l.run('p0 walk A 0').walk!.at(-1)!.level).toBe(2);
  });
});

describe('pages of 8 KiB', () => {
  it('come as a pair: zero page, fresh frames, copies, from swap', () => {
    const l = lab({ pageSize: '8k', swapPages: 64 });
    l.run('p0 mmap A 8 rw');
    expect(l.run('p0 touch_r A 1 1').min).toBe(1);
    expect(l.pages(0, 'A', 4)).toBe('zz..');
    expect(l.run('p0 touch_w A 0 1 7').min).toBe(1);
    expect(l.pages(0, 'A', 4)).toBe('xx..');
    l.run('p0 fork p1');
    expect(l.run('p1 touch_w A 1 1 9')).toMatchObject({ min: 1 });
    expect(l.k.machine.copies[0]).toBe(2);
    expect(l.run('p0 touch_w A 1 1 8')).toMatchObject({ min: 1 });
    l.run('p1 exit', 'p0 madvise A 0 2 pageout');
    expect(l.run('p0 read A 0 2')).toMatchObject({ bytes: [7, 8], min: 0, maj: 1 });
  });

  it('cannot be cut, and lengths go up to whole ones', () => {
    const l = of('8k');
    l.run('p0 mmap A 3 rw');
    expect(l.areas(0)).toEqual(['A[0,4) rw-p']);
    for (const call of [
      'munmap A 1 2',
      'mprotect A 1 1 r',
      'madvise A 3 1 dontneed',
      'mremap A 1 2 4',
      'mincore A 1 1',
    ])
      expect([call, l.run(`p0 ${call}`).errno]).toEqual([call, 'EINVAL']);
    l.run('p0 munmap A 2 1');
    expect(l.areas(0)).toEqual(['A[0,2) rw-p']);
    expect(l.run('p0 mlock A 1 1').min).toBe(1);
    expect(l.pages(0, 'A', 2)).toBe('xx');
  });

  it('of the heap come in pairs too', () => {
    const l = of('8k');
    l.run('p0 brk +1');
    expect(l.areas(0)).toEqual(['heap[0,2) rw-p']);
    l.run('p0 brk +2');
    expect(l.areas(0)).toEqual(['heap[0,4) rw-p']);
    l.run('p0 brk -3');
    expect(l.areas(0)).toEqual([]);
  });

  it('of files and shared memory are mapped together', () => {
    const l = of('8k');
    l.run('@file F 8', 'p0 mmap P 4 rw private file F+0', 'p0 mmap S 4 rw shared');
    expect(l.run('p0 touch_w S 0 1 3').min).toBe(1);
    expect(l.pages(0, 'S', 4)).toBe('ff..');
    l.run('p0 touch_w P 0 1 3');
    expect(l.pages(0, 'P', 4)).toBe('xx..');
  });
});

it.each(['8k', '2m'] as const)('%s: the allocator’s mappings lie apart, and go again', (pageSize) => {
  const l = lab({ ramPages: 8192, pageSize, image: 'program' });
  l.run('p0 malloc a 200000', 'p0 fill a 65 200000', 'p0 malloc b 300001', 'p0 fill b 66 300001', 'p0 malloc c 10');
  expect(l.run('p0 bytes a 199999 1').bytes).toEqual([65]);
  expect(l.run('p0 bytes b 300000 1').bytes).toEqual([66]);
  l.run('p0 free a', 'p0 free b', 'p0 exit');
  expect(l.k.machine.committed[0]).toBe(0);
});
