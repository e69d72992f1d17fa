import { describe, expect, it } from 'vitest';
import { EVENT } from '../base/event-kinds.ts';
import { eventsBetween } from '../base/event-log.ts';
import { peekFiles, step } from '../kernel/index.ts';
import type { CommandResult } from '../protocol/commands.ts';
import { command, lab, type Lab } from '../testing/fixtures.ts';

/** Roads through the kernel that scripts seldom take; all invariants are checked on the way. */
const cacheOf = (l: Lab): string => peekFiles(l.k)[0]!.cache;
const READ_AHEAD_ROWS: readonly [what: string, script: string[], pages: number, cached: string][] = [
  ['small reads in a row double the window', ['p0 pread F 0 1', 'p0 pread F 1 1'], 40, `${'c'.repeat(12)}${'.'.repeat(28)}`],
  ['a read in the middle of nothing reads only what it asks for', ['p0 pread F 20 2'], 40, `${'.'.repeat(20)}cc${'.'.repeat(18)}`],
  ['a mapping that is read by chance reads single pages', ['p0 mmap P 40 r private file F+0', 'p0 madvise P 0 40 random', 'p0 touch_r P 7 1', 'p0 touch_r P 7 1'], 40, `${'.'.repeat(7)}c${'.'.repeat(32)}`],
  ['advice reads what it names', ['p0 fadvise F 4 3 willneed'], 12, '....ccc.....'],
  ['madvise willneed of a mapping too', ['p0 mmap P 12 r private file F+0', 'p0 madvise P 2 3 willneed'], 12, '..ccc.......'],
]; // prettier-ignore

describe('read-ahead', () => {
  it.each(READ_AHEAD_ROWS)('%s', (_what, script, pages, cached) => {
    const l = lab({ ramPages: 1024 });
    l.run(`@file F ${pages}`, ...script);
    expect(cacheOf(l)).toBe(cached);
  });

  it('is given up for a mapping that misses again and again', () => {
    const l = lab({ ramPages: 2048 });
    l.run('@file F 8000', 'p0 mmap P 8000 r private file F+0');
    const readBy = (page: number): number => {
      // The invariants are checked once, at the end.
      const { firstEvent, endEvent } = step(l.k, command(`p0 touch_r P ${page} 1`));
      return eventsBetween(l.k.events, firstEvent, endEvent).filter(({ kind }) => kind === EVENT.READ_AHEAD).length;
    };
    expect(readBy(0)).toBe(1);
    let last = 1;
    for (let i = 1; i <= 110; i++) last = readBy(i * 70);
    expect(last).toBe(0);
    expect(l.run('p0 touch_r P 7700 1')).toMatchObject({ maj: 0 });
  });
});

describe('the stack grows', () => {
  const ROWS: readonly [limit: string, script: string[]][] = [
    ['RLIMIT_AS', ['p0 rlimit as 30']],
    ['RLIMIT_MEMLOCK, where what comes is locked', ['p0 dropcap ipc_lock', 'p0 rlimit memlock 30', 'p0 mlockall current future']],
    ['the commit limit', ['@sysctl overcommit_kbytes 80', '@overcommit 2']],
  ]; // prettier-ignore
  it.each(ROWS)('not past %s', (_limit, script) => {
    const l = lab({ image: 'program', ramPages: 1024 });
    l.run(...script);
    expect(l.run('p0 touch_w stack -100 1')).toMatchObject({ sig: 'SIGSEGV', code: 'MAPERR' });
    expect(l.task(0).vsz).toBeLessThan(60);
  });
});

describe('pages on their way out', () => {
  const swapped = (kind: 'zram' | 'file', ...lines: string[]): Lab => {
    const l = lab();
    l.run(`@swap ${kind} 1`, 'p0 mmap A 8 rw', 'p0 touch_w A 0 8 7', ...lines);
    return l;
  };
  const read = (l: Lab, task: number): CommandResult['bytes'] => l.run(`p${task} read A 0 8`).bytes;

  it('are read back once, however often they are asked for', () => {
    const l = swapped('zram', 'p0 madvise A 0 8 pageout', 'p0 madvise A 0 4 willneed');
    const { pswpin } = l.k.machine;
    expect(pswpin[0]).toBe(4);
    l.run('p0 madvise A 0 4 willneed');
    expect(pswpin[0]).toBe(4);
    expect(l.run('p0 touch_r A 0 4')).toMatchObject({ min: 4, maj: 0 });
  });

  it('may be thrown away once they are lazily free, which they become but once', () => {
    const l = swapped('zram', 'p0 madvise A 0 4 free', 'p0 madvise A 0 4 free');
    expect(l.k.machine.pglazyfree[0]).toBe(4);
    l.run('p0 madvise A 0 8 pageout');
    expect(read(l, 0)).toEqual([0, 0, 0, 0, 7, 7, 7, 7]);
  });

  it('lose their slot when they become lazily free, unless another task needs it', () => {
    const l = swapped('zram', 'p0 fork p1', 'p1 munmap A 4 4', 'p0 madvise A 0 8 pageout', 'p0 fork p2');
    l.run('p0 touch_r A 4 4', 'p2 touch_r A 4 2', 'p0 madvise A 0 8 free');
    expect(read(l, 2)).toEqual([7, 7, 7, 7, 7, 7, 7, 7]);
  });

  it('that stay locked in one task are not lazily freed by another', () => {
    const l = swapped('zram', 'p0 fork p1', 'p1 mlock2 A 0 8 onfault', 'p1 touch_r A 0 8', 'p0 madvise A 0 8 free');
    l.run('p0 madvise A 0 8 pageout');
    expect(read(l, 1)).toEqual([7, 7, 7, 7, 7, 7, 7, 7]);
    expect(read(l, 0)).toEqual([7, 7, 7, 7, 7, 7, 7, 7]);
  });

  it('leave their slots when the memory they belong to shrinks', () => {
    const l = swapped('zram', 'p0 mmap S 8 rw shared', 'p0 touch_w S 0 8 3', 'p0 madvise S 0 8 pageout');
    l.run('p0 madvise S 2 3 remove');
    expect(l.run('p0 read S 0 8').bytes).toEqual([3, 3, 0, 0, 0, 3, 3, 3]);
  });

  it('of shared memory are read ahead by advice, and once only', () => {
    const l = swapped('zram', 'p0 mmap S 8 rw shared', 'p0 touch_w S 0 8 3', 'p0 madvise S 0 8 pageout');
    expect(l.run('p0 mincore S 0 8').vec).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    l.run('p0 madvise S 0 4 willneed', 'p0 madvise S 0 4 willneed');
    expect(l.run('p0 mincore S 0 8').vec).toEqual([1, 1, 1, 1, 0, 0, 0, 0]);
    expect(l.run('p0 touch_r S 0 4').maj).toBe(0);
  });
});

describe('files', () => {
  it('cut in the middle of a page that is not cached read that page, and it ends in zeros', () => {
    const l = lab();
    l.run('@file F 6', 'p0 mmap B 4 rw', 'p0 ftruncate F 3+4b', 'p0 ftruncate F 6', 'p0 pread F 3 1 to B+0');
    const [last, ...behind] = l.run('p0 bytes B 3b 5b').bytes!;
    expect(last).not.toBe(0);
    expect(behind).toEqual([0, 0, 0, 0]);
  });

  it('keep what a hole behind their end was asked for', () => {
    const l = lab();
    l.run('@file F 4', 'p0 mmap S 8 rw shared file F+0', 'p0 touch_w S 0 4 9');
    expect(l.run('p0 madvise S 4 4 remove').errno).toBeUndefined();
    expect(l.run('p0 read S 0 4').bytes).toEqual([9, 9, 9, 9]);
  });

  it('read with direct into half a page of a buffer', () => {
    const l = lab();
    l.run('@file F 4', 'p0 mmap B 4 rw');
    expect(l.run('p0 pread F 0 512b to B+512b direct').ret).toBe(512);
    expect(l.run('p0 pread F 0 4096b to B+100b direct').errno).toBe('EINVAL');
    expect(l.run('p0 bytes B 511b 2b').bytes).toEqual([0, 'F'.charCodeAt(0)]);
  });
});

describe('what is counted', () => {
  it('shared memory without reserve is refused page by page once nothing may be promised any more', () => {
    const l = lab();
    l.run('p0 mmap S 4 rw shared anon noreserve', 'p0 touch_w S 0 1 1', '@sysctl overcommit_kbytes 4', '@overcommit 2');
    expect(l.run('p0 touch_w S 1 1 1')).toMatchObject({ sig: 'SIGBUS', code: 'ADRERR' });
    expect(l.run('p0 read S 0 1').bytes).toEqual([1]);
  });

  it('a locked area of which a part is moved away loses its lock as a whole, and goes on counting', () => {
    const l = lab();
    l.run('p0 mmap A 8 rw', 'p0 mlock A 0 8', 'p0 mmap B 2 rw', 'p0 mremap A 2 4 4 maymove dontunmap fixed B+4');
    expect(l.areas(0).sort()).toEqual(['A[0,8) rw-p', 'B[0,2) rw-p', 'B[4,8) rw-p lo']);
    expect(l.run('p0 cat status').text).toMatch(/VmLck:\s+48 kB/);
    l.run('p0 munlockall');
    expect(l.run('p0 cat status').text).toMatch(/VmLck:\s+32 kB/);
  });

  it('mlockall on fault locks what is there and waits for what is not', () => {
    const l = lab();
    l.run('p0 mmap A 4 rw', 'p0 touch_w A 0 1');
    expect(l.run('p0 mlockall current onfault').min).toBe(0);
    expect(l.areas(0)).toEqual(['A[0,4) rw-p lo,lf']);
  });
});

describe('huge pages', () => {
  const H = ['@thp madvise', 'p0 mmap H 1024 rw', 'p0 touch_w H 0 1024 5'];
  it('of an area that may only be read are made of what is there, and stay unwritable', () => {
    const l = lab({ ramPages: 4096 });
    l.run(...H, 'p0 mprotect H 0 1024 r', 'p0 madvise H 0 1024 collapse');
    expect(l.k.machine.hugeMappings[0]).toBeGreaterThan(0);
    expect(l.run('p0 touch_w H 300 1 1')).toMatchObject({ sig: 'SIGSEGV', code: 'ACCERR' });
    expect(l.run('p0 read H 300 1').bytes).toEqual([5]);
  });

  it('are not made of areas never written, of guards, or of memory nobody may touch', () => {
    const l = lab({ ramPages: 4096 });
    l.run('p0 mmap H 1024 rw', 'p0 touch_r H 256 1');
    expect(l.run('p0 madvise H 0 1024 collapse').errno).toBe('EINVAL');
    l.run('p0 touch_w H 256 512', 'p0 madvise H 300 1 guard_install');
    expect(l.run('p0 madvise H 0 1024 collapse').errno).toBe('EINVAL');
  });
});
