import { describe, expect, it } from 'vitest';
import { lab, type Lab } from '../testing/fixtures.ts';
import { swapWindow } from './swap-readahead.ts';

/**
 * 64 pages in zram that a child names too; these are read in turn. Recorded on Linux 6.18: which of the faults were
 * major, and which pages mincore found in the end.
 */
const RECORDED: readonly [cluster: number, pages: string, major: string, cached: string][] = [
  [3, '20 21 22 23 24 25 30 29 28 27 5 50 51 52', '10000100001100', '..11111111.......1111111111111111................1111...........'],
  [2, '20 21 22 23 24 25 30 29 28 27 5 50 51 52', '10010010101101', '....1111...........11111111111111.................111111........'],
  [1, '20 21 22 23 24 25 30 29 28 27 5 50 51 52', '10101011011110', '.....1..............111111111111..................111...........'],
  [3, '3 60 10 40 41 42 43 44 45 46 47 48', '111110100010', '11111111..11............................111111111111111....1111.'],
  [2, '3 60 10 40 41 42 43 44 45 46 47 48', '111110100010', '..1111....1.............................11111111111.........11..'],
  [1, '3 60 10 40 41 42 43 44 45 46 47 48', '111110101010', '...11.....1.............................111111111...........1...'],
  [3, '63 62 61 60 59 58 57 56 55 0 1 2 3 4 5 6 7 8 9', '1000100001000010000', '1111111111111.......................................111111111111'],
  [2, '63 62 61 60 59 58 57 56 55 0 1 2 3 4 5 6 7 8 9', '1010001001001000100', '11111111111...........................................1111111111'],
  [1, '63 62 61 60 59 58 57 56 55 0 1 2 3 4 5 6 7 8 9', '1101010101010101010', '1111111111.............................................111111111'],
  [3, '7 9 8 30 28 26 31 33 32 12 14 13 16 20 61 33 34 35 36 37', '10011101010011100010', '....111111111111111.11....1.111111111111.....................1..'],
  [2, '7 9 8 30 28 26 31 33 32 12 14 13 16 20 61 33 34 35 36 37', '10011101010011100010', '......1111.11111111.11....1.111111111111.....................1..'],
  [1, '7 9 8 30 28 26 31 33 32 12 14 13 16 20 61 33 34 35 36 37', '11011101111111100101', '.......111..111.1...1.....1.1.111111111......................1..'],
]; // prettier-ignore

const swappedOut = (cluster: number, swap = '@swap zram 1'): Lab => {
  const l = lab();
  l.run(swap, `@sysctl page-cluster ${cluster}`, 'p0 mmap A 64 rw', 'p0 touch_w A 0 64 7', 'p0 madvise A 0 64 pageout');
  l.run('p0 fork p1');
  return l;
};

describe('reading ahead from swap', () => {
  it.each(RECORDED)('with page-cluster %i, faults on %s', (cluster, pages, major, cached) => {
    const l = swappedOut(cluster);
    const faults = pages.split(' ').map((page) => l.run(`p0 touch_r A ${page} 1`).maj);
    expect(faults.join('')).toBe(major);
    const found = l.run('p0 mincore A 0 64').vec!;
    expect(found.map((there) => (there === 1 ? '1' : '.')).join('')).toBe(cached);
  });

  it('is counted, and what was of use of it too', () => {
    const l = swappedOut(2);
    l.run('p0 touch_r A 20 2');
    expect(l.run('@cat vmstat').text).toMatch(/^swap_ra 3\nswap_ra_hit 1$/m);
  });

  it('stays off until page-cluster says otherwise', () => {
    const l = lab();
    l.run('@swap zram 1', 'p0 mmap A 8 rw', 'p0 touch_w A 0 8 7', 'p0 madvise A 0 8 pageout', 'p0 fork p1');
    expect(l.run('p0 touch_r A 0 8').maj).toBe(8);
  });

  it('takes no frame below the min mark, and kills nobody', () => {
    const l = lab({ ramPages: 64, overcommit: 1 });
    l.run('@swap zram 1', 'p0 mmap A 64 rw', 'p0 touch_w A 0 64 7', 'p0 fork p1', '@sysctl page-cluster 5');
    for (let page = 0; page < 64; page += 3) expect(l.run(`p0 read A ${page} 1`).bytes).toEqual([7]);
    expect(l.k.machine.oomKills[0]).toBe(0);
  });

  it('of a device that seeks brings the slots around, and widens as they are of use', () => {
    const l = lab({ ramPages: 64, overcommit: 1 });
    l.run('@swap file 1', '@sysctl page-cluster 3', 'p0 mmap A 90 rw');
    for (let page = 0; page < 90; page += 10) l.run(`p0 touch_w A ${page} 10 7`);
    l.run('p0 munmap A 60 30');
    expect(new Set(l.run('p0 read A 0 20').bytes)).toEqual(new Set([7]));
    expect(l.k.machine.swapRa[0]).toBeGreaterThan(3);
    expect(l.k.machine.swapRaHit[0]).toBeGreaterThan(2);
  });
});

describe('the window', () => {
  const ROWS: readonly [before: number, now: number, hits: number, most: number, last: number, pages: number][] = [
    [0, 20, 4, 8, 0, 8],
    [20, 21, 0, 8, 0, 2],
    [20, 40, 0, 8, 0, 1],
    [20, 40, 0, 8, 8, 4],
    [20, 40, 1, 8, 0, 4],
    [20, 40, 7, 32, 0, 16],
    [20, 40, 60, 8, 0, 8],
  ];
  it.each(ROWS)('after a fault on %i, one on %i, %i hits, at most %i, last %i: %i pages', (...row) => {
    const pages = row.pop();
    expect(swapWindow(...(row as unknown as [number, number, number, number, number]))).toBe(pages);
  });
});
