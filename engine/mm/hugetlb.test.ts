import { describe, expect, it } from 'vitest';
import { checkInvariants, type KernelState } from '../kernel/index.ts';
import { lab, type Lab } from '../testing/fixtures.ts';
import { hugeCounts } from './huge-pool.ts';

/** Figures of a real kernel 6.18 that was asked the same. Huge pages. */
const pool = ({ k }: Lab): string => {
  const { total, free, reserved, surplus } = hugeCounts(k);
  return `total ${total} free ${free} promised ${reserved} surplus ${surplus}`;
};

const machine = (pages: number, ...lines: string[]): Lab => {
  const l = lab({ ramPages: 8192 });
  l.run(`@sysctl nr_hugepages ${pages}`, ...lines);
  return l;
};
const smaps = (l: Lab, task: number, field: string): string =>
  [...l.run(`p${task} cat smaps`).text!.matchAll(new RegExp(`^${field}: +(.*)$`, 'gm'))]
    .map(([, value]) => value)
    .join();

describe('the pool of huge pages', () => {
  it('refuses what it cannot promise, and hands out at the first touch, also a read', () => {
    const l = machine(4);
    expect(l.run('p0 mmap A 2560 rw private hugepages').errno).toBe('ENOMEM');
    l.run('p0 mmap A 1536 rw private hugepages');
    expect(pool(l)).toBe('total 4 free 4 promised 3 surplus 0');
    expect(l.run('p0 touch_r A 0 1').min).toBe(1);
    expect(l.run('p0 touch_w A 0 1').min).toBe(1);
    expect(l.run('p0 touch_w A 512 512').min).toBe(1);
    expect(pool(l)).toBe('total 4 free 2 promised 1 surplus 0');
    expect(l.task(0)).toMatchObject({ rss: 0, commit: 0 });
    expect(smaps(l, 0, 'Private_Hugetlb')).toContain('4096 kB');
  });

  it('is as large as it is told, but for what is in use or promised', () => {
    const l = machine(4, 'p0 mmap A 1536 rw private hugepages', 'p0 touch_w A 0 1');
    l.run('@sysctl nr_hugepages 2');
    expect(pool(l)).toBe('total 3 free 2 promised 2 surplus 1');
    l.run('@sysctl nr_hugepages 0');
    expect(pool(l)).toBe('total 3 free 2 promised 2 surplus 3');
    l.run('p0 munmap A 0 1536');
    expect(pool(l)).toBe('total 0 free 0 promised 0 surplus 0');
  });

  it('grows by surplus pages as far as it may, and loses them again', () => {
    const l = machine(1, '@sysctl nr_overcommit_hugepages 2', 'p0 mmap A 1536 rw private hugepages');
    expect(pool(l)).toBe('total 3 free 3 promised 3 surplus 2');
    l.run('p0 touch_w A 0 1', 'p0 touch_w A 512 1');
    expect(l.run('p0 mmap B 512 rw private hugepages').errno).toBe('ENOMEM');
    l.run('p0 munmap A 0 1536');
    expect(pool(l)).toBe('total 1 free 1 promised 0 surplus 0');
    l.run('p0 mmap C 1536 rw private hugepages noreserve', 'p0 touch_w C 0 1', 'p0 touch_w C 512 1');
    expect(pool(l)).toBe('total 2 free 0 promised 0 surplus 1');
  });

  it('keeps the promise for a half that stays, and drops that of the half that goes', () => {
    const l = machine(2, 'p0 mmap A 1024 rw private hugepages', 'p0 touch_w A 0 1', 'p0 munmap A 0 512');
    expect(pool(l)).toBe('total 2 free 2 promised 1 surplus 0');
    l.run('p0 munmap A 512 512');
    expect(pool(l)).toBe('total 2 free 2 promised 0 surplus 0');
  });

  it('ends a task that finds none with SIGBUS', () => {
    const l = machine(1, 'p0 fork p1', 'p1 mmap A 1024 rw private hugepages noreserve', 'p1 touch_w A 0 1');
    expect(l.run('p1 madvise A 0 1024 populate_write').errno).toBe('EFAULT');
    expect(l.run('p1 mlock A 0 1024').errno).toBe('ENOMEM');
    expect(l.run('p1 touch_w A 512 1')).toMatchObject({ sig: 'SIGBUS', code: 'ADRERR' });
  });

  it('counts in CommitLimit by what it takes away, and in Committed_AS not at all', () => {
    const l = machine(0);
    const limit = (): number => Number(/CommitLimit: +(\d+)/.exec(l.run('@cat meminfo').text!)![1]);
    const before = limit();
    l.run('@sysctl nr_hugepages 4', 'p0 mmap A 2048 rw private hugepages');
    expect(before - limit()).toBe(4096);
    expect(l.k.machine.committed[0]).toBe(0);
  });
});

describe('fork of a private area of huge pages', () => {
  const forked = (): Lab =>
    machine(4, 'p0 mmap A 1536 rw private hugepages', 'p0 touch_w A 0 1 7', 'p0 touch_w A 512 1 8', 'p0 fork p1');

  it('shares them; a child that writes copies what nobody was promised, and then gets SIGBUS', () => {
    const l = forked();
    expect(smaps(l, 1, 'Shared_Hugetlb')).toContain('4096 kB');
    expect(l.run('p1 read A 0 1')).toMatchObject({ bytes: [7], min: 0 });
    expect(l.run('p1 touch_w A 0 1 9').min).toBe(1);
    expect(pool(l)).toBe('total 4 free 1 promised 1 surplus 0');
    expect(l.run('p0 read A 0 1').bytes).toEqual([7]);
    expect(l.run('p1 touch_w A 512 1')).toMatchObject({ sig: 'SIGBUS' });
    l.run('p1 exit');
    expect(pool(l)).toBe('total 4 free 2 promised 1 surplus 0');
    expect(l.run('p0 touch_w A 0 1').min).toBe(1);
  });

  it('takes a page away from the child where the parent finds none for its copy', () => {
    const l = forked();
    l.run('p0 mmap B 512 rw private hugepages', 'p0 touch_w B 0 1', 'p0 touch_w A 1024 1');
    expect(pool(l)).toBe('total 4 free 0 promised 0 surplus 0');
    expect(l.run('p0 touch_w A 0 1 3').min).toBe(1);
    expect([smaps(l, 1, 'Shared_Hugetlb'), l.pages(1, 'A', 1)]).toEqual([expect.stringContaining('2048 kB'), '.']);
    expect(l.run('p1 read A 512 1').bytes).toEqual([8]);
    expect(l.run('p1 touch_r A 0 1')).toMatchObject({ sig: 'SIGBUS' });
  });
});

describe('a shared area of huge pages', () => {
  it('is one for all: the child faults it in by itself, and a hole frees its page without a promise', () => {
    const l = machine(4, 'p0 mmap A 1536 rw shared hugepages', 'p0 touch_r A 0 1');
    expect(l.run('p0 touch_w A 0 1 7').min).toBe(0);
    l.run('p0 touch_w A 512 1 8', 'p0 fork p1');
    expect(l.run('p1 read A 0 1')).toMatchObject({ bytes: [7], min: 1 });
    l.run('p1 touch_w A 1024 1', 'p1 exit');
    expect(pool(l)).toBe('total 4 free 1 promised 0 surplus 0');
    l.run('p0 madvise A 0 512 dontneed');
    expect(pool(l)).toBe('total 4 free 1 promised 0 surplus 0');
    expect(l.run('p0 read A 0 1')).toMatchObject({ bytes: [7], min: 1 });
    l.run('p0 madvise A 0 512 remove');
    expect(pool(l)).toBe('total 4 free 2 promised 0 surplus 0');
    expect(l.run('p0 read A 0 1')).toMatchObject({ bytes: [0], min: 1 });
    l.run('p0 munmap A 0 512');
    expect(pool(l)).toBe('total 4 free 1 promised 0 surplus 0');
    l.run('p0 munmap A 512 1024');
    expect(pool(l)).toBe('total 4 free 4 promised 0 surplus 0');
  });
});

describe('a pool that became smaller and larger again', () => {
  it('caches the page that it hands out, whatever page was there before', () => {
    const l = machine(
      4,
      'p0 mmap P 1536 rw shared hugepages noreserve',
      '@sysctl nr_hugepages 1',
      '@sysctl nr_hugepages 2',
    );
    l.run('p0 touch_w P 512 1 5', 'p0 fork p1');
    expect(l.run('p1 read P 512 1').bytes).toEqual([5]);
  });
});

describe('calls on an area of huge pages', () => {
  const mapped = (): Lab => machine(4, 'p0 mmap A 1536 rw private hugepages', 'p0 touch_w A 0 1', 'p0 touch_w A 512 1');

  it.each([
    ['munmap A 1 512', 'EINVAL'],
    ['munmap A 0 1', 'EINVAL'],
    ['mprotect A 0 1 r', 'EINVAL'],
    ['mprotect A 512 512 r', 0],
    ['madvise A 0 1 dontneed', 0],
    ['madvise A 1 1 dontneed', 'EINVAL'],
    ['madvise A 0 512 dontneed_locked', 0],
    ['madvise A 0 512 free', 'EINVAL'],
    ['madvise A 0 512 cold', 'EINVAL'],
    ['madvise A 0 512 pageout', 'EINVAL'],
    ['madvise A 0 512 willneed', 0],
    ['madvise A 0 512 nohugepage', 0],
    ['madvise A 0 512 collapse', 'EINVAL'],
    ['madvise A 0 512 remove', 'EACCES'],
    ['madvise A 0 512 wipeonfork', 'EINVAL'],
    ['madvise A 0 512 guard_install', 'EINVAL'],
    ['madvise A 0 1 dontfork', 'EINVAL'],
    ['mlock A 0 1', 0],
    ['mlock2 A 0 1024 onfault', 0],
    ['msync A 0 512 4', 0],
    ['mremap A 0 512 512', 'inplace'],
    ['mremap A 0 1536 1024', 'inplace'],
    ['mremap A 0 1536 2048 maymove', 'EINVAL'],
    ['mremap A 0 1 2 maymove', 'inplace'],
    ['mremap A 0 512 1', 'inplace'],
    ['mremap A 0 512 512 maymove dontunmap', 'EINVAL'],
    ['mremap A 0 1024 1024 maymove fixed A+4097', 'EINVAL'],
    ['mmap B 512 rw private hugepages fixed A+1', 'EINVAL'],
    ['mmap B 1 rw private fixed A+1', 'EINVAL'],
  ])('%s is %s', (call, wanted) => {
    const result = mapped().run(`p0 ${call}`);
    expect(result.errno ?? result.ret).toBe(wanted);
  });

  it('lock nothing, and see what is mapped', () => {
    const l = mapped();
    l.run('p0 mlock A 0 1024');
    expect(l.task(0).locked).toBe(0);
    expect(l.run('p0 mincore A 0 1536').vec!.reduce((sum, bit) => sum + bit, 0)).toBe(1024);
  });

  it('move a part with what was promised to it', () => {
    const l = mapped();
    l.run('p0 mremap A 1024 512 512 maymove fixed A+4096', 'p0 munmap A 0 1024');
    expect(pool(l)).toBe('total 4 free 4 promised 1 surplus 0');
    l.run('p0 munmap A 4096 512');
    expect(pool(l)).toBe('total 4 free 4 promised 0 surplus 0');
  });

  it('move whole pages with what was promised', () => {
    const l = mapped();
    l.run('p0 mremap A 0 1536 1536 maymove fixed A+2048');
    expect(l.run('p0 touch_r A 2048 1').min).toBe(0);
    expect(pool(l)).toBe('total 4 free 2 promised 1 surplus 0');
    expect(l.run('p0 touch_w A 3072 1').min).toBe(1);
    expect(pool(l)).toBe('total 4 free 1 promised 0 surplus 0');
  });
});

describe('the invariants of the pool', () => {
  const broken = (k: KernelState): string[] => checkInvariants(k).map(({ rule }) => rule);

  it.each<[string, string, (k: KernelState) => void]>([
    ['INV-32', 'a frame of the pool is in no huge page', (k) => (k.hugePool.first[3] = k.hugePool.first[2]!)],
    ['INV-32', 'one of 512 frames has a reference more', (k) => k.frames.refcount[k.hugePool.first[0]! + 5]!++],
    ['INV-33', 'a page is promised twice', (k) => (k.hugePromises.index[1] = k.hugePromises.index[2]!)],
    ['INV-33', 'a page nobody maps is promised', (k) => (k.hugePromises.object[2] = 77)],
    ['INV-33', 'a surplus page is idle', (k) => (k.machine.hugeSurplus[0] = 1)],
    ['INV-34', 'an area ends in a huge page', (k) => k.vmas.end[k.vmas.object.indexOf(0)]!--],
    ['INV-04', 'a page of the pool is counted too many', (k) => k.mms.hugetlb[0]!++],
  ])('%s fails when %s', (rule, _what, damage) => {
    const l = machine(4, 'p0 mmap A 1536 rw private hugepages');
    expect(broken(l.k)).toEqual([]);
    damage(l.k);
    expect(broken(l.k)).toContain(rule);
  });
});
