import { describe, expect, it } from 'vitest';
import { EVENT } from '../base/event-kinds.ts';
import { causeChain, eventsBetween } from '../base/event-log.ts';
import { encodeState } from '../kernel/index.ts';
import { lab, type Lab } from '../testing/fixtures.ts';
import { peekByte } from './frame-bytes.ts';

const PAGEOUT = 'p0 madvise A 0 4 pageout';
const filled = (...first: string[]): Lab => {
  const l = lab();
  l.run(...first, 'p0 mmap A 4 rw', 'p0 touch_w A 0 4 7');
  return l;
};
const slotOf = (l: Lab, task: number, page: number): number => l.page(task, 'A', page).slot?.offset ?? -1;

describe('a page that goes to swap', () => {
  it('gives its frame back, takes the next slot, and keeps its bytes', () => {
    const l = filled('@swap zram 1');
    const { free } = l;
    expect(l.run(PAGEOUT).ret).toBe(0);
    expect(l.pages(0, 'A', 4)).toBe('SSSS');
    expect([0, 1, 2, 3].map((page) => slotOf(l, 0, page))).toEqual([1, 2, 3, 4]);
    expect(l.free).toBe(free + 4);
    expect(l.task(0)).toMatchObject({ rss: 0, swap: 4 });
    expect(l.run('p0 read A 0 4')).toMatchObject({ bytes: [7, 7, 7, 7], min: 0, maj: 4 });
    expect(l.task(0)).toMatchObject({ rss: 4, swap: 0 });
    expect(l.k.machine.swapUsed[0]).toBe(0);
  });

  it('has the entry that x86-64 has for it: inverted slot number from bit 9 on, exclusive mark in bit 3', () => {
    const l = filled('@swap zram 1');
    l.run(PAGEOUT);
    const inverted = ((~2n & 0x3ffffffffffffn) << 9n) | 8n;
    expect(BigInt(`0x${l.page(0, 'A', 1).entry!}`)).toBe(inverted);
    l.run('p0 fork p1');
    expect(BigInt(`0x${l.page(1, 'A', 1).entry!}`)).toBe(inverted & ~8n);
  });

  it('on a second device names that one; the first is filled before', () => {
    const l = lab({ swapPages: 2 });
    l.run('@swap zram 1', 'p0 mmap A 4 rw', 'p0 touch_w A 0 4 7', PAGEOUT);
    expect([0, 1, 2, 3].map((page) => l.page(0, 'A', page).slot)).toMatchObject([
      { device: 0, offset: 1 },
      { device: 0, offset: 2 },
      { device: 1, offset: 1 },
      { device: 1, offset: 2 },
    ]);
    expect(l.run('p0 read A 0 4').bytes).toEqual([7, 7, 7, 7]);
  });

  it('stays where it is when no slot is free, and so do all without swap', () => {
    const few = lab({ swapPages: 2 });
    few.run('p0 mmap A 4 rw', 'p0 touch_w A 0 4 7', PAGEOUT);
    expect(few.pages(0, 'A', 4)).toBe('SSxx');
    const none = filled();
    none.run(PAGEOUT);
    expect(none.pages(0, 'A', 4)).toBe('xxxx');
  });

  it('takes a slot again only after all the others had their turn', () => {
    const l = lab({ swapPages: 4 });
    l.run('p0 mmap A 4 rw', 'p0 touch_w A 0 4 7', 'p0 madvise A 0 1 pageout', 'p0 touch_r A 0 1', PAGEOUT);
    expect([0, 1, 2, 3].map((page) => slotOf(l, 0, page))).toEqual([2, 3, 4, 1]);
  });

  it('in a file stays in the swap cache: coming back is a minor fault and mincore finds it', () => {
    const l = filled('@swap file 1');
    const { free } = l;
    l.run(PAGEOUT);
    expect(l.pages(0, 'A', 4)).toBe('SSSS');
    expect(l.free).toBe(free);
    expect(l.run('p0 mincore A 0 4').vec).toEqual([1, 1, 1, 1]);
    expect(l.run('p0 read A 0 4')).toMatchObject({ bytes: [7, 7, 7, 7], min: 4, maj: 0 });
  });

  it('is a chain of causes down to the write', () => {
    const l = filled('@swap zram 1');
    const { firstEvent, endEvent } = l.run(PAGEOUT);
    const write = eventsBetween(l.k.events, firstEvent, endEvent).find((e) => e.kind === EVENT.SWAP_WRITE)!;
    expect(causeChain(l.k.events, write.id).map(({ kind }) => kind)).toEqual([
      EVENT.COMMAND,
      EVENT.SYSCALL,
      EVENT.RECLAIM,
      EVENT.SWAP_WRITE,
    ]);
  });
});

describe('a slot that two tasks name', () => {
  it('is read once: the second task takes the frame from the swap cache, and the slot goes with the last name', () => {
    const l = filled('@swap zram 1');
    l.run(PAGEOUT, 'p0 fork p1');
    expect(l.page(1, 'A', 0).slot).toMatchObject({ count: 2, sharers: [{ pid: 0 }, { pid: 1 }] });
    expect(l.run('p1 touch_r A 0 1')).toMatchObject({ min: 0, maj: 1 });
    expect(l.run('p0 touch_r A 0 1')).toMatchObject({ min: 1, maj: 0 });
    expect(l.frames(0, 'A', 1)).toEqual(l.frames(1, 'A', 1));
    l.run('p1 exit', 'p0 munmap A 0 4');
    expect(l.k.machine.swapUsed[0]).toBe(0);
  });

  it('is copied by the first who writes', () => {
    const l = filled('@swap zram 1');
    l.run(PAGEOUT, 'p0 fork p1');
    expect(l.run('p1 touch_w A 0 1 9')).toMatchObject({ min: 0, maj: 1 });
    expect(l.run('p0 read A 0 1')).toMatchObject({ bytes: [7], min: 1, maj: 0 });
    expect(l.run('p1 read A 0 1').bytes).toEqual([9]);
    expect(l.k.machine.copies[0]).toBe(1);
  });

  it('is free when both have ended', () => {
    const l = filled('@swap zram 1');
    l.run(PAGEOUT, 'p0 fork p1', 'p1 exit');
    expect(l.k.machine.swapUsed[0]).toBe(4);
    l.run('p0 exit');
    expect(l.k.machine.swapUsed[0]).toBe(0);
  });
});

describe('MADV_FREE', () => {
  it('lets reclaim throw the page away, unless it was written since', () => {
    const l = filled('@swap zram 1');
    l.run('p0 madvise A 0 4 free', 'p0 touch_w A 1 1 8', PAGEOUT);
    expect(l.pages(0, 'A', 4)).toBe('.x..');
    expect(l.run('p0 read A 0 4').bytes).toEqual([0, 8, 0, 0]);
    expect(l.k.machine.pglazyfreed[0]).toBe(3);
  });

  it('drops what is in swap at once', () => {
    const l = filled('@swap zram 1');
    l.run(PAGEOUT, 'p0 madvise A 0 4 free');
    expect(l.pages(0, 'A', 4)).toBe('....');
    expect(l.k.machine.swapUsed[0]).toBe(0);
  });
});

describe('shared memory in swap', () => {
  it('is found by every task, and read once', () => {
    const l = lab({ swapPages: 8 });
    l.run('p0 mmap S 4 rw shared', 'p0 touch_w S 0 4 6', 'p0 madvise S 0 4 pageout', 'p0 fork p1');
    expect(l.task(1).swap).toBe(4);
    expect(l.run('p1 read S 0 2')).toMatchObject({ bytes: [6, 6], maj: 2 });
    expect(l.run('p0 read S 0 2')).toMatchObject({ bytes: [6, 6], min: 1, maj: 0 });
    expect(l.k.machine.swapUsed[0]).toBe(2);
    l.run('p0 exit', 'p1 exit');
    expect(l.k.machine.swapUsed[0]).toBe(0);
  });

  it('that nobody ever wrote is just dropped', () => {
    const l = lab({ swapPages: 8 });
    l.run('p0 mmap S 2 rw shared', 'p0 touch_r S 0 2', 'p0 madvise S 0 2 pageout');
    expect(l.k.machine.swapUsed[0]).toBe(0);
    expect(l.run('p0 read S 0 2')).toMatchObject({ bytes: [0, 0], maj: 0 });
  });
});

describe('what a disk holds', () => {
  const keyIn = (l: Lab): boolean =>
    Array.from({ length: 4 }, (_, i) => l.k.swapSlots.content[i + 1]!).some((content) => content <= -2 || content >= 0);

  it('stays there after the slot is free; zram forgets it', () => {
    for (const [kind, stays] of [['file', true], ['zram', false]] as const) {
      const l = filled(`@swap ${kind} 1`);
      l.run(PAGEOUT);
      expect(keyIn(l)).toBe(true);
      l.run('p0 munmap A 0 4');
      expect(l.k.machine.swapUsed[0]).toBe(0);
      expect(keyIn(l)).toBe(stays);
    }
  }); // prettier-ignore

  it('never holds what is locked', () => {
    const l = filled('@swap file 1');
    l.run('p0 mlock A 0 4');
    expect(l.run(PAGEOUT).errno).toBe('EINVAL');
    expect(keyIn(l)).toBe(false);
  });
});

it('a frame that comes back is a fresh one with the same bytes, whole pages of them', () => {
  const l = filled('@swap zram 1');
  l.run('p0 poke A 100b 1 2 3', PAGEOUT, 'p0 touch_r A 0 1');
  const [frame] = l.frames(0, 'A', 1);
  expect([0, 100, 101, 102, 103].map((at) => peekByte(l.k, frame!, at))).toEqual([7, 1, 2, 3, 0]);
});

it('swap is refused where there are too many devices already', () => {
  const l = lab();
  for (let i = 0; i < 8; i++) l.run('@swap zram 1');
  const before = encodeState(l.k).length;
  l.run('@swap zram 1');
  expect(encodeState(l.k).length).toBe(before);
});
