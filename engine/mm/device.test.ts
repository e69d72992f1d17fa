import { describe, expect, test } from 'vitest';
import { checkInvariants, whyNot } from '../kernel/index.ts';
import { command, lab, type Lab } from '../testing/fixtures.ts';
import { FRAME } from '../base/flags.ts';

const screen = (options: Parameters<typeof lab>[0] = {}): Lab => {
  const l = lab(options);
  l.run('@device screen 8', 'p0 mmap D 4 rw shared file screen+2');
  return l;
};

describe('a mapped device', () => {
  test('takes no RAM and no fault: all entries are there from mmap on, on frames behind the last one', () => {
    const l = screen();
    const free = l.free;
    expect(l.run('p0 touch_w D 0 4 7')).toMatchObject({ min: 0, maj: 0 });
    expect(l.free).toBe(free);
    expect(l.task(0)).toMatchObject({ rss: 0, pss: 0, commit: 0 });
    expect(l.frames(0, 'D', 4)).toEqual([258, 259, 260, 261]);
    expect(l.page(0, 'D', 0).state).toBe('device');
  });

  test('is one memory for all: a child and a second mapping read what was stored', () => {
    const l = screen();
    l.run('p0 touch_w D 1 1 9', 'p0 fork p1');
    expect(l.run('p1 read D 1 1')).toMatchObject({ bytes: [9], min: 0 });
    l.run('p1 touch_w D 2 1 4', 'p1 mmap E 2 r shared file screen+4');
    expect(l.run('p1 read E 0 1').bytes).toEqual([4]);
    l.run('p0 munmap D 0 4', 'p1 exit');
    expect(l.k.frames.refcount[258]).toBe(1);
  });

  // Recorded on [vvar], which has the same flags: pf io de dd.
  test.each([
    ['madvise D 0 4 normal', undefined], ['madvise D 0 4 random', undefined], ['madvise D 0 4 willneed', undefined],
    ['madvise D 0 4 dontneed', 'EINVAL'], ['madvise D 0 4 free', 'EINVAL'], ['madvise D 0 4 dontfork', undefined],
    ['madvise D 0 4 dofork', 'EINVAL'], ['madvise D 0 4 dontdump', undefined], ['madvise D 0 4 dodump', 'EINVAL'],
    ['madvise D 0 4 cold', 'EINVAL'], ['madvise D 0 4 pageout', 'EINVAL'], ['madvise D 0 4 populate_read', 'EINVAL'],
    ['madvise D 0 4 populate_write', 'EINVAL'], ['madvise D 0 4 dontneed_locked', 'EINVAL'],
    ['madvise D 0 4 collapse', 'EINVAL'], ['madvise D 0 4 guard_install', 'EINVAL'], ['madvise D 0 4 guard_remove', 'EINVAL'],
    ['mlock D 0 4', undefined], ['mlock2 D 0 4 onfault', undefined], ['munlock D 0 4', undefined],
    ['mprotect D 0 4 r', undefined], ['mprotect D 0 4 none', undefined], ['mremap D 0 4 5 maymove', 'EFAULT'],
    ['mremap D 0 4 5', 'EFAULT'], ['mremap D 0 4 4 maymove dontunmap', 'EINVAL'],
    ['mmap E 4 rw private file screen+0', 'EINVAL'], ['mmap E 4 rw shared file screen+5', 'EINVAL'],
  ])('%s gives %s', (line, errno) => {
    expect(screen().run(`p0 ${line}`).errno).toBe(errno);
  }); // prettier-ignore

  test('is not locked and does not count as locked, not even with MCL_FUTURE', () => {
    const l = screen();
    l.run('p0 dropcap ipc_lock', 'p0 rlimit memlock 100', 'p0 mlockall current future');
    l.run('p0 mmap E 4 rw shared file screen+0');
    expect(l.task(0).locked).toBe(0);
    expect(l.areas(0).sort()).toEqual(['D[0,4) rw-s', 'E[0,4) rw-s']);
    expect(l.run('p0 mincore D 0 4').vec).toEqual([1, 1, 1, 1]);
  });

  test('never leaves, however short memory is (A16)', () => {
    const l = screen({ ramPages: 64, swapPages: 64 });
    l.run('p0 touch_w D 0 4 7', 'p0 mmap A 60 rw private anon');
    l.run('p0 touch_w A 0 60');
    expect(l.task(0).swap).toBeGreaterThan(0);
    expect(l.frames(0, 'D', 4)).toEqual([66, 67, 68, 69]);
    expect(l.run('p0 read D 0 4').bytes).toEqual([7, 7, 7, 7]);
  });

  test('shows its flags in smaps as Linux does, and counts nothing', () => {
    const text = screen().run('p0 cat smaps').text!;
    expect(text).toContain('/dev/screen');
    expect(text).toContain('VmFlags: rd wr sh mr mw me ms pf io de dd \n');
    expect(text).toContain('Rss:                   0 kB');
  });

  test('is refused to a machine whose RAM takes every physical address', () => {
    const l = lab({ ramPages: 1_048_576 });
    expect(whyNot(l.k, command('@device screen 1'))).toBe('no physical addresses are left for it');
  });
});

test('INV-26 sees a device’s frame on a list, and one that is no device’s', () => {
  const l = screen();
  l.k.frames.refcount[258]!++;
  expect(checkInvariants(l.k).map(({ rule }) => rule)).toContain('INV-26');
  l.k.frames.refcount[258]!--;
  const [vma] = [...l.k.vmas.flags.keys()].filter(
    (row) => l.k.frames.kind[258] === FRAME.DEVICE && l.k.vmas.end[row]! > 0,
  );
  l.k.vmas.flags[vma!] = l.k.vmas.flags[vma!]! & ~0x400;
  expect(checkInvariants(l.k).map(({ rule }) => rule)).toContain('INV-26');
});
