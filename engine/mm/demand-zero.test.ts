import { describe, expect, it } from 'vitest';
import { lab } from '../testing/fixtures.ts';

describe('demand zero', () => {
  it('a read of an untouched page maps the zero page: one fault, no frame of its own, not in rss', () => {
    const l = lab();
    l.run('p0 mmap A 4 rw', 'p0 touch_w A 3 1');
    const free = l.free;
    expect(l.run('p0 touch_r A 0 2')).toMatchObject({ min: 2, maj: 0 });
    expect(l.pages(0, 'A', 4)).toBe('zz.x');
    expect(l.free).toBe(free);
    expect(l.task(0).rss).toBe(1);
  });

  it('a write to the zero page costs a second fault and gets a zeroed frame, nothing copied', () => {
    const l = lab();
    l.run('p0 mmap A 1 rw', 'p0 touch_r A 0 1');
    expect(l.run('p0 touch_w A 0 1 7').min).toBe(1);
    expect(l.pages(0, 'A', 1)).toBe('x');
    expect(l.k.machine.copies[0]).toBe(0);
  });

  it('a write to an untouched page costs one fault; a read or write after it none', () => {
    const l = lab();
    l.run('p0 mmap A 1 rw');
    expect(l.run('p0 touch_w A 0 1 7').min).toBe(1);
    expect(l.run('p0 read A 0 1')).toMatchObject({ min: 0, bytes: [7] });
    expect(l.run('p0 touch_w A 0 1').min).toBe(0);
  });

  it('a frame that was used before reads as zero', () => {
    const l = lab();
    l.run('p0 mmap A 1 rw', 'p0 touch_w A 0 1 7', 'p0 poke A 100b 1 2 3');
    const [frame] = l.frames(0, 'A', 1);
    l.run('p0 munmap A 0 1', 'p0 mmap B 2 rw', 'p0 touch_w B 0 2 0');
    expect(l.frames(0, 'B', 2)).toContain(frame);
    expect(l.run('p0 bytes B 0 8192b').bytes!.every((byte) => byte === 0)).toBe(true);
  });
});

describe('populate', () => {
  it.each([
    ['rw private', 'xxxx', 4, 4],
    ['r private', 'zzzz', 4, 0],
    ['rw shared', 'ffff', 4, 4],
    ['r shared', 'ffff', 4, 4],
    ['none private', '....', 0, 0],
  ])('of %s pages leaves %s', (kind, pages, min, rss) => {
    const l = lab();
    expect(l.run(`p0 mmap A 4 ${kind} anon populate`).min).toBe(min);
    expect(l.pages(0, 'A', 4)).toBe(pages);
    expect(l.task(0).rss).toBe(rss);
  });
});
