import { describe, expect, test } from 'vitest';
import { command, lab, type Lab } from '../testing/fixtures.ts';
import { Random } from '../testing/random.ts';
import { EVENT } from '../base/event-kinds.ts';
import { eventsBetween } from '../base/event-log.ts';
import { FRAME } from '../base/flags.ts';
import { checkInvariants, step, whyNot } from './index.ts';
import { capture, hashState, restore } from './snapshot.ts';

const real = (options: Parameters<typeof lab>[0] = {}): Lab => {
  const l = lab(options);
  l.run('@real on');
  return l;
};

describe('a machine without protection', () => {
  test('has no page table, and a mapping takes its frames at once and in a row', () => {
    const l = real();
    expect(l.k.machine.freeFrames[0]).toBe(256 - l.k.machine.reserved[0]!);
    expect(l.run('p0 mmap A 4 rw private anon')).toMatchObject({ ret: 'A', min: 0, maj: 0 });
    const [first] = l.frames(0, 'A', 1);
    expect(l.frames(0, 'A', 4)).toEqual([0, 1, 2, 3].map((i) => first! + i));
    expect(l.task(0)).toMatchObject({ rss: 4, pss: 4, pageTables: 0 });
  });

  test('walks through nothing: an address is the physical one, and no access faults', () => {
    const l = real();
    l.run('p0 mmap A 2 rw private anon');
    const [first] = l.frames(0, 'A', 1);
    expect(l.run('p0 walk A 1')).toMatchObject({ walk: [], tlb: 'miss', physical: (first! + 1) * 4096 });
    expect(l.run('p0 touch_w A 0 2 7')).toMatchObject({ min: 0, maj: 0 });
    expect(l.k.machine.tlbMisses[0]).toBe(0);
  });

  test('lets anybody write anybody’s bytes: the owner reads what the other stored', () => {
    const l = real();
    l.run('p0 fork p1', 'p0 mmap A 1 rw private anon', 'p0 touch_w A 0 1 65');
    const stray = l.run('p1 touch_w A 0 1 66');
    expect(stray.sig).toBeUndefined();
    expect(l.run('p0 read A 0 1').bytes).toEqual([66]);
    const [event] = eventsBetween(l.k.events, stray.firstEvent, stray.endEvent).filter(
      (e) => e.kind === EVENT.STRAY_ACCESS,
    );
    expect(event).toMatchObject({ pid: 1, a: 1, b: FRAME.FLAT });
  });

  test('checks no permission and no end: reading past a mapping reads what lies there', () => {
    const l = real();
    l.run('p0 mmap A 1 r private anon', 'p0 mmap B 1 rw private anon', 'p0 touch_w B 0 1 9');
    expect(l.run('p0 touch_w A 0 1 5').sig).toBeUndefined();
    expect(l.run('p0 read A 1 1').bytes).toEqual([9]);
    l.run('p0 munmap A 0 1');
    expect(l.run('p0 read A 0 1').sig).toBeUndefined();
  });

  test('lets a program overwrite the kernel: the interrupt vectors at the bottom', () => {
    const l = real();
    l.run('p0 mmap A 1 rw private anon');
    const below = l.frames(0, 'A', 1)[0]! * 4096;
    const at = (address: number): string => `A ${address - below}b`;
    expect(l.run(`p0 bytes ${at(0x2ac)} 4b`).bytes).toEqual([0x53, 0xff, 0x00, 0xf0]);
    l.run(`p0 poke ${at(0x2ad)} 42`);
    expect(l.run(`p0 bytes ${at(0x2ad)} 1b`).bytes).toEqual([42]);
  });

  test('begins again at 0 behind the end of RAM', () => {
    const l = real();
    l.run('p0 mmap A 1 rw private anon', 'p0 touch_w A 0 1 3');
    expect(l.run('p0 read A 256 1').bytes).toEqual([3]);
  });

  test('gives a mapping only where frames lie in a row', () => {
    const l = real({ ramPages: 32 });
    const free = l.free;
    l.run(`p0 mmap A ${free - 8} rw private anon`, 'p0 mmap B 4 rw private anon', 'p0 mmap C 4 rw private anon');
    l.run('p0 munmap A 0 4', 'p0 munmap B 0 4');
    expect(l.free).toBe(8);
    expect(l.run('p0 mmap D 8 rw private anon')).toMatchObject({ ret: -1, errno: 'ENOMEM' });
    expect(l.run('p0 mmap D 4 rw private anon').ret).toBe('D');
  });

  test('does not have the calls that need page tables', () => {
    const l = real();
    l.run('p0 mmap A 4 rw private anon', '@image I 1 1 1 1', '@file F 2');
    for (const call of ['mprotect A 0 1 r', 'mlock A 0 1', 'mincore A 0 4', 'madvise A 0 1 dontneed', 'munlockall'])
      expect(l.run(`p0 ${call}`)).toMatchObject({ ret: -1, errno: 'ENOSYS' });
    expect(l.run('p0 mmap B 1 rw private anon fixed A+0').errno).toBe('EINVAL');
    expect(l.run('p0 mmap B 1 rw private file F+0').errno).toBe('ENODEV');
    expect(l.run('p0 exec I').errno).toBe('ENOEXEC');
    expect(l.run('p0 brk +1').ret).toBe('unchanged brk=0');
    expect(l.run('p0 mremap A 0 4 8 maymove').errno).toBe('ENOMEM');
    expect(l.run('p0 mremap A 0 4 2').ret).toBe('inplace');
    expect(l.areas(0)).toEqual(['A[0,2) rw-p']);
  });

  test('fork makes a second task in the same memory; the frames are free when both have ended', () => {
    const l = real();
    const free = l.free;
    l.run('p0 mmap A 3 rw private anon', 'p0 fork p1', 'p1 touch_w A 2 1 8');
    expect(l.run('p0 read A 2 1').bytes).toEqual([8]);
    expect(l.task(1)).toMatchObject({ rss: 3, pss: 1.5 });
    l.run('p0 munmap A 0 3');
    expect(l.free).toBe(free - 3);
    l.run('p1 exit');
    expect(l.free).toBe(free);
  });

  test('what strays wrote into free memory is gone when somebody gets it', () => {
    const l = real();
    l.run('p0 mmap A 2 rw private anon', 'p0 munmap A 0 2', 'p0 touch_w A 0 2 9');
    l.run('p0 poke A 100b 7');
    l.run('p0 mmap A 2 rw private anon');
    expect(l.run('p0 bytes A 0 101b').bytes!.every((byte) => byte === 0)).toBe(true);
  });
});

describe('switching', () => {
  test('back to protection: the same access ends in SIGSEGV, and mapped memory is zero', () => {
    const l = real();
    l.run('p0 mmap A 1 rw private anon', 'p0 touch_w A 0 1 5', '@real off');
    expect(l.run('p0 touch_r A 0 1')).toMatchObject({ sig: 'SIGSEGV', code: 'MAPERR' });
    l.run('p0 mmap B 1 rw private anon');
    expect(l.run('p0 read B 0 1').bytes).toEqual([0]);
    expect(l.k.frames.kind.includes(FRAME.FLAT)).toBe(false);
  });

  test('loads the program anew, whole and in physical memory; off, into an address space again', () => {
    const l = lab({ image: 'program', ramPages: 64 });
    l.run('p0 touch_w data 0 1 7', '@real on');
    expect(l.task(0)).toMatchObject({ rss: 16, pageTables: 0 });
    expect(l.run('p0 read data 0 1').bytes).toEqual(['p'.charCodeAt(0)]);
    expect(l.run('p0 read text 0 1').bytes).toEqual(['p'.charCodeAt(0)]);
    expect(l.run('p0 brk +2')).toMatchObject({ ret: 'ok brk=2' });
    l.run('@real off');
    expect(l.run('p0 touch_w text 0 1')).toMatchObject({ sig: 'SIGSEGV', code: 'ACCERR' });
  });

  test('a task whose program finds no room ends', () => {
    const l = lab({ image: 'program', ramPages: 40 });
    l.run('p0 fork p1', 'p0 fork p2');
    l.run('@real on');
    expect(whyNot(l.k, command('p2 state'))).toBe('p2 is not alive');
    expect(l.run('p1 read data 0 1').bytes).toEqual([112]);
  });
});

const LINES = [
  'p0 mmap A 4 rw private anon', 'p0 mmap B 9 rw shared anon', 'p1 mmap C 2 rwx private anon populate', 'p0 munmap A 1 2',
  'p1 munmap B 0 9', 'p0 touch_w A 0 4', 'p1 touch_w A 0 6', 'p0 touch_r B 0 30', 'p0 fork p1', 'p1 exit', 'p0 mremap B 0 9 4',
  'p0 brk +2', 'p0 mlockall current', 'p0 malloc a 5000', 'p0 fill a 7 5000', 'p0 free a', '@real on', '@real off', '@real on',
  'p0 mmap D 30 rw private anon', 'p0 munmap D 0 30', 'p1 kill', 'p0 walk A 0', '@swap zram 1',
]; // prettier-ignore

test.each([1, 2, 3, 4])('INV-25 and all others hold after random commands, seed %i; time travel comes back', (seed) => {
  const random = new Random(seed);
  const l = lab({ ramPages: 96 });
  let moment = capture(l.k);
  let hash = hashState(l.k);
  for (let i = 0; i < 150; i++) {
    const given = command(random.pick(LINES));
    if (whyNot(l.k, given) !== null) continue;
    step(l.k, given);
    expect(checkInvariants(l.k)).toEqual([]);
    if (i === 60) [moment, hash] = [capture(l.k), hashState(l.k)];
  }
  restore(l.k, moment);
  expect(hashState(l.k)).toBe(hash);
});

test('INV-25 sees a frame that no area leads to, and a count that is wrong', () => {
  const l = real();
  l.run('p0 mmap A 2 rw private anon');
  const [first] = l.frames(0, 'A', 1);
  l.k.frames.refcount[first!] = 2;
  expect(checkInvariants(l.k).map(({ rule }) => rule)).toContain('INV-25');
  l.k.frames.refcount[first!] = 1;
  l.k.mms.rssAnon[l.k.tasks.mm[0]!] = 1;
  expect(checkInvariants(l.k).map(({ rule }) => rule)).toContain('INV-25');
});
