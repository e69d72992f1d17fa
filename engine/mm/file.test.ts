import { describe, expect, it } from 'vitest';
import { EVENT } from '../base/event-kinds.ts';
import { PG } from '../base/flags.ts';
import { checkInvariants, peekFiles, step } from '../kernel/index.ts';
import { command, lab, type Lab } from '../testing/fixtures.ts';
import { eventsBetween } from '../base/event-log.ts';

const cacheOf = (l: Lab): string => peekFiles(l.k)[0]!.cache;
const rulesBroken = (l: Lab): string[] => checkInvariants(l.k).map(({ rule }) => rule);
const made = (pages: number, ...lines: string[]): Lab => {
  const l = lab();
  l.run(`@file F ${pages}`, 'p0 mmap B 16 rw', ...lines);
  return l;
};

describe('a shared mapping of a file', () => {
  it('notices the first store to a page, and again once the page was written back', () => {
    const l = made(4, 'p0 mmap S 4 rw shared file F+0', 'p0 touch_r S 0 1');
    expect(l.page(0, 'S', 0).state).toBe('readOnly');
    expect(l.run('p0 touch_w S 0 1 7')).toMatchObject({ min: 1, maj: 0 });
    expect(cacheOf(l)).toBe('dccc');
    expect(l.run('p0 touch_w S 0 1 8')).toMatchObject({ min: 0 });
    l.run('p0 msync S 0 4 4');
    expect(cacheOf(l)).toBe('cccc');
    expect(l.run('p0 touch_w S 0 1 9')).toMatchObject({ min: 1 });
  });

  it('shows a store to every task, and to whoever reads the file', () => {
    const l = made(4, 'p0 mmap S 4 rw shared file F+0', 'p0 fork p1', 'p0 touch_w S 2 1 42');
    expect(l.run('p1 read S 2 1').bytes).toEqual([42]);
    l.run('p1 pread F 2 1 to B+0');
    expect(l.run('p1 read B 0 1').bytes).toEqual([42]);
  });

  it('survives its page leaving the cache', () => {
    const l = made(2, 'p0 mmap S 2 rw shared file F+0', 'p0 touch_w S 1 1 42', 'p0 munmap S 0 2', 'p0 fsync F');
    l.run('p0 fadvise F 0 0 dontneed');
    expect(cacheOf(l)).toBe('..');
    l.run('p0 mmap T 2 r private file F+0');
    expect(l.run('p0 read T 1 1')).toMatchObject({ bytes: [42], maj: 1 });
  });
});

describe('a private mapping of a file', () => {
  it('keeps its stores to itself', () => {
    const l = made(2, 'p0 mmap P 2 rw private file F+0', 'p0 touch_w P 0 1 42');
    expect(cacheOf(l)).toBe('cc');
    l.run('p0 pread F 0 1 to B+0');
    expect(l.run('p0 read B 0 1').bytes).toEqual(['F'.charCodeAt(0)]);
    expect(l.run('p0 read P 0 1').bytes).toEqual([42]);
  });
});

describe('a read that waits for the disk', () => {
  it('takes its time: each direct read, and a cached one only the first time', () => {
    const l = made(4);
    const [direct, again] = [0, 0].map(() => l.run('p0 pread F 0 1 to B+0 direct').timeNs);
    expect(Math.min(direct!, again!)).toBeGreaterThanOrEqual(80_000);
    expect(l.run('p0 pread F 0 1 to B+1').timeNs).toBeGreaterThanOrEqual(80_000);
    expect(l.run('p0 pread F 0 1 to B+1').timeNs).toBeLessThan(10_000);
  });
});

describe('ftruncate', () => {
  it('takes private copies behind the new end away, and zeroes the rest of the last page', () => {
    const l = made(4, 'p0 mmap P 4 rw private file F+0', 'p0 touch_w P 3 1', 'p0 mmap S 4 r shared file F+0');
    l.run('p0 ftruncate F 1+3b');
    expect(l.run('p0 touch_r P 3 1')).toMatchObject({ sig: 'SIGBUS', code: 'ADRERR' });
    expect(l.run('p0 bytes S 1 6b').bytes).toEqual([70, 32, 112, 0, 0, 0]);
  });

  it('leaves a hole where it grows', () => {
    const l = made(1, 'p0 ftruncate F 3', 'p0 mmap S 3 r shared file F+0');
    expect(l.run('p0 read S 0 3').bytes).toEqual([70, 0, 0]);
    expect(l.run('p0 ftruncate F -1')).toMatchObject({ errno: 'EINVAL' });
  });
});

describe('pread past the cache', () => {
  it.each([
    ['100b 1 to B+0', 'EINVAL'],
    ['0 100b to B+0', 'EINVAL'],
    ['0 1 to B+100b', 'EINVAL'],
    ['0 1 to B+512b', 4096],
    ['0 512b to B+100b', 512],
    ['9 1 to B+100b', 0],
    ['0 1 to B+16', 'EFAULT'],
  ])('%s is %s', (words, wanted) => {
    const result = made(4).run(`p0 pread F ${words} direct`);
    expect(result.errno ?? result.ret).toBe(wanted);
  });

  it('reads what was stored, having written it back first', () => {
    const l = made(2, 'p0 mmap S 2 rw shared file F+0', 'p0 touch_w S 1 1 42');
    l.run('p0 pread F 1 1 to B+3 direct');
    expect(cacheOf(l)).toBe('cc');
    expect(l.run('p0 read B 3 1')).toMatchObject({ bytes: [42], min: 0 });
  });
});

describe('a write', () => {
  it('holds the page that it writes to while it makes room for its source', () => {
    // Seed 40011807 of the random scripts.
    const l = lab({ ramPages: 96, overcommit: 2, swapPages: 0, seed: 40011807 });
    l.run(
      'p0 mmap A 10 rw private anon noreserve',
      'p0 touch_w A 1 7 23',
      'p0 munmap A 5 6',
      'p0 mmap B 24 rw shared anon locked',
      'p0 mmap C 5 rw shared anon',
      'p0 mmap D 2 rw private anon',
      '@swap file 1',
      'p0 mmap E 5 rw private anon populate',
      'p0 mmap A 3 rw shared anon at C+5',
      'p0 mlockall current future',
      'p0 munmap C 3 1',
      'p0 mmap B 1 rw private anon fixed B+1',
      '@file F 34',
      'p0 fork p1',
      'p1 mlock C 4 2',
      'p1 touch_r A 1 3',
      'p0 mmap B 3 rw private anon fixed A+3',
      'p0 madvise A 2 4 wipeonfork',
      'p1 mlock2 D 0 1 onfault',
      'p0 fork p2',
      'p2 fork p3',
      'p2 touch_w C 2 1 161',
      'p2 fork p4',
      'p0 mlockall current',
    );
    expect(l.run('p3 pwrite F 1 100b from A+1').ret).toBe(100);
  });
});

describe('a direct write', () => {
  it('whose buffer maps the pages that it writes to leaves none of them cached', () => {
    const l = lab();
    l.run('@file F 26', 'p0 mmap N 19 r private file F+1 populate', 'p0 pwrite F 7 9 from N+1 direct');
    expect(l.pages(0, 'N', 19)).toBe('ffffff.........ffff');
    expect(l.run('p0 read N 6 1').bytes).toEqual(l.run('p0 read N 1 1').bytes);
  });
});

describe('writes that nobody waits for', () => {
  it('are seen while they go on, and end as time passes', () => {
    const l = made(2, 'p0 mmap S 2 rw shared file F+0', 'p0 touch_w S 0 2', 'p0 fadvise F 0 0 dontneed');
    expect(cacheOf(l)).toBe('ww');
    l.run('@sleep 1');
    expect(cacheOf(l)).toBe('cc');
  });

  it('start by themselves when a page was dirty for 30 seconds', () => {
    const l = made(2, 'p0 mmap S 2 rw shared file F+0', 'p0 touch_w S 0 2', '@sleep 25000');
    expect(cacheOf(l)).toBe('dd');
    l.run('@sleep 10000');
    expect(cacheOf(l)).toBe('cc');
  });
});

describe('rules of the page cache', () => {
  const dirty = (): Lab => made(2, 'p0 mmap S 2 rw shared file F+0', 'p0 touch_w S 0 1 42');

  it.each([
    ['INV-20', (l: Lab, frame: number) => void (l.k.frames.flags[frame]! &= ~PG.DIRTY)],
    ['INV-21', (l: Lab, frame: number) => void (l.k.frames.flags[frame]! &= ~PG.DIRTY)],
    ['INV-22', (l: Lab, frame: number) => void (l.k.frames.index[frame] = 5)],
    ['INV-23', (l: Lab) => void (l.k.objects.dirtied[0] = -1)],
  ])('%s is seen broken', (rule, breakIt) => {
    const l = dirty();
    breakIt(l, l.frames(0, 'S', 1)[0]!);
    expect(rulesBroken(l)).toContain(rule);
  });
});

describe('read-ahead', () => {
  it('kills nobody: it ends where no frame is free', () => {
    const l = lab({ ramPages: 64, overcommit: 1 });
    l.run('@file F 64', 'p0 mmap A 64 rw', 'p0 mmap S 64 r shared file F+0', `p0 touch_w A 0 ${l.free - 12}`);
    const result = step(l.k, command('p0 touch_r S 0 1'));
    expect(result).toMatchObject({ maj: 1 });
    expect(eventsBetween(l.k.events, 1, result.endEvent).some(({ kind }) => kind === EVENT.OOM_KILL)).toBe(false);
  });
});
