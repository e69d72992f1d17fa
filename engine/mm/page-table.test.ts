import { describe, expect, it } from 'vitest';
import { peekFrame, peekFrameBytes, peekWalk, regionPage } from '../kernel/index.ts';
import { lab } from '../testing/fixtures.ts';
import { indexAtLevel, pagesOfTable } from './page-table.ts';

const tables = (l: ReturnType<typeof lab>) => l.task(0).pageTables;

describe('the walk through the page tables', () => {
  it.each([
    [0, [0, 0, 0, 0]],
    [511, [0, 0, 0, 511]],
    [512, [0, 0, 1, 0]],
    [512 ** 2, [0, 1, 0, 0]],
    [512 ** 3, [1, 0, 0, 0]],
    [0x7fffffffe, [255, 511, 511, 510]],
  ])('takes page %i apart into the indices %j', (page, indices) => {
    expect([4, 3, 2, 1].map((level) => indexAtLevel(page, level))).toEqual(indices);
  });

  it('ends at the first empty entry, and at the page once it was touched', () => {
    const l = lab();
    l.run('p0 mmap A 4 rw private anon');
    const page = regionPage(l.k, 'A')!;
    expect(peekWalk(l.k, 0, page)).toHaveLength(1);
    l.run('p0 touch_w A 0 1');
    const walk = peekWalk(l.k, 0, page);
    expect(walk.map((step) => step.level)).toEqual([4, 3, 2, 1]);
    expect(walk.map((step) => step.index)).toEqual([4, 3, 2, 1].map((level) => indexAtLevel(page, level)));
    const frame = Number.parseInt(walk[3]!.entry.slice(8), 16) >>> 12;
    expect(frame).toBe(l.page(0, 'A', 0).frame);
    expect(walk[3]!.entry.startsWith('80000000')).toBe(true);
  });
});

describe('page tables', () => {
  it('are made only where something is touched: a promise of a terabyte takes none', () => {
    const l = lab({ overcommit: 1 });
    l.run('p0 mmap A 100000000 rw private anon');
    expect(tables(l)).toBe(1);
    l.run('p0 touch_w A 0 1');
    expect(tables(l)).toBe(4);
    l.run('p0 touch_w A 99999999 1');
    expect(tables(l)).toBe(6);
  });

  it('serve neighbours together: a second page in the same 2 MiB needs no table', () => {
    const l = lab();
    l.run('p0 mmap A 600 rw private anon', 'p0 touch_w A 0 2');
    const before = tables(l);
    l.run('p0 touch_w A 2 100');
    expect(tables(l)).toBe(before);
  });

  it('are freed with the last area that they served, and not before', () => {
    const l = lab();
    const free = l.free;
    l.run('p0 mmap A 8 rw private anon', 'p0 touch_w A 0 8', 'p0 munmap A 0 4');
    expect(tables(l)).toBe(4);
    l.run('p0 munmap A 4 4');
    expect(tables(l)).toBe(1);
    expect(l.free).toBe(free);
  });

  it('stay for an untouched neighbour in the same span', () => {
    const l = lab();
    l.run('p0 mmap A 4 rw private anon', 'p0 mmap B 4 rw private anon at A+16', 'p0 touch_w A 0 1', 'p0 munmap A 0 4');
    expect(tables(l)).toBe(4);
    l.run('p0 munmap A 16 4');
    expect(tables(l)).toBe(1);
  });

  it('read as their own entries, little-endian', () => {
    const l = lab();
    l.run('p0 mmap A 1 rw private anon', 'p0 touch_w A 0 1');
    const leaf = [...l.k.frames.kind.keys()].filter((frame) => peekFrame(l.k, frame).index === 1);
    const { index, entry } = peekWalk(l.k, 0, regionPage(l.k, 'A')!)[3]!;
    const bytes = peekFrameBytes(l.k, leaf[0]!, index * 8, 8);
    expect(
      bytes
        .map((byte) => byte.toString(16).padStart(2, '0'))
        .reverse()
        .join(''),
    ).toBe(entry);
  });

  it('of a hole of 100 TiB are not walked', () => {
    const l = lab();
    l.run('p0 mmap A 4 rw private anon', 'p0 touch_w A 0 4', `p0 munmap A 100 ${25 * 2 ** 30}`);
    expect(l.pages(0, 'A', 4)).toBe('xxxx');
    expect(pagesOfTable(4)).toBe(2 ** 36);
  });
});
