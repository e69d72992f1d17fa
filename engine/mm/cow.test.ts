import { describe, expect, it } from 'vitest';
import { lab } from '../testing/fixtures.ts';

const forked = () => {
  const l = lab();
  l.run('p0 mmap A 4 rw', 'p0 touch_w A 0 4 1', 'p0 fork p1');
  return l;
};

describe('copy-on-write', () => {
  it('fork copies no page: both sides map the same frames', () => {
    const l = forked();
    expect(l.frames(1, 'A', 4)).toEqual(l.frames(0, 'A', 4));
    expect([l.pages(0, 'A', 4), l.pages(1, 'A', 4)]).toEqual(['ssss', 'ssss']);
    expect(l.k.machine.copies[0]).toBe(0);
    expect(l.page(0, 'A', 0)).toMatchObject({ state: 'readOnly', sharers: 2, writable: false });
  });

  it.each([
    [0, 1],
    [1, 0],
  ])('write by p%i to a shared cow page copies it and leaves the frame of p%i', (writer, other) => {
    const l = forked();
    const [before] = l.frames(other, 'A', 1);
    expect(l.run(`p${writer} touch_w A 0 1 9`)).toMatchObject({ min: 1, maj: 0 });
    expect(l.frames(other, 'A', 1)[0]).toBe(before);
    expect(l.frames(writer, 'A', 1)[0]).not.toBe(before);
    expect(l.run(`p${other} read A 0 1`).bytes).toEqual([1]);
    expect(l.run(`p${writer} read A 0 1`).bytes).toEqual([9]);
    expect(l.page(writer, 'A', 0)).toMatchObject({ state: 'resident', sharers: 1, dirty: true });
    expect(l.page(other, 'A', 0)).toMatchObject({ state: 'readOnly', sharers: 1 });
  });

  it.each([
    ['wrote elsewhere', 'p1 touch_w A 0 1'],
    ['ended', 'p1 exit'],
    ['unmapped it', 'p1 munmap A 0 1'],
  ])('the last sharer, after the other %s, keeps the frame: one fault, no copy', (_what, leave) => {
    const l = forked();
    l.run(leave);
    const copies = l.k.machine.copies[0];
    const [frame] = l.frames(0, 'A', 1);
    expect(l.run('p0 touch_w A 0 1 5').min).toBe(1);
    expect(l.frames(0, 'A', 1)[0]).toBe(frame);
    expect(l.k.machine.copies[0]).toBe(copies);
    expect(l.run('p0 touch_w A 0 1 6').min).toBe(0);
  });

  it('with three sharers, two writers copy and the third reuses', () => {
    const l = forked();
    l.run('p1 fork p2');
    const [frame] = l.frames(0, 'A', 1);
    expect(l.page(0, 'A', 0).sharers).toBe(3);
    l.run('p2 touch_w A 0 1 2', 'p0 touch_w A 0 1 3', 'p1 touch_w A 0 1 4');
    expect(l.k.machine.copies[0]).toBe(2);
    expect(l.frames(1, 'A', 1)[0]).toBe(frame);
    expect([0, 1, 2].map((task) => l.run(`p${task} read A 0 1`).bytes)).toEqual([[3], [4], [2]]);
  });

  it('copies all 4,096 bytes', () => {
    const l = lab();
    l.run('p0 mmap A 1 rw', 'p0 poke A 10b 1 2 3', 'p0 poke A 4095b 9', 'p0 fork p1', 'p1 poke A 11b 7');
    expect(l.run('p1 bytes A 9b 5b').bytes).toEqual([0, 1, 7, 3, 0]);
    expect(l.run('p1 bytes A 4095b 1b').bytes).toEqual([9]);
    expect(l.run('p0 bytes A 9b 5b').bytes).toEqual([0, 1, 2, 3, 0]);
  });

  it('a write to the zero page after fork gets a fresh frame on either side', () => {
    const l = lab();
    l.run('p0 mmap A 2 rw', 'p0 touch_w A 1 1', 'p0 touch_r A 0 1', 'p0 fork p1');
    expect(l.pages(1, 'A', 2)).toBe('zs');
    l.run('p1 touch_w A 0 1', 'p0 touch_w A 0 1');
    expect(l.k.machine.copies[0]).toBe(0);
    expect([l.pages(0, 'A', 2), l.pages(1, 'A', 2)]).toEqual(['xs', 'xs']);
  });

  it('fork takes the write permission of every page again', () => {
    const l = forked();
    l.run('p1 exit', 'p0 touch_w A 0 4', 'p0 fork p2');
    expect(l.run('p0 touch_w A 0 4').min).toBe(4);
    expect(l.k.machine.copies[0]).toBe(4);
  });
});
