import { describe, expect, it } from 'vitest';
import { PTE } from '../base/flags.ts';
import { lab } from '../testing/fixtures.ts';
import { regionPage } from './index.ts';

const low = (entry: string): number => Number.parseInt(entry.slice(8), 16);

describe('walk', () => {
  it('reads one entry a level, each index nine bits of the address, and leads to the frame', () => {
    const l = lab();
    l.run('p0 mmap A 4 rw', 'p0 touch_w A 2 1');
    const { walk, tlb, min: minor } = l.run('p0 walk A 2');
    const page = BigInt(regionPage(l.k, 'A')! + 2);
    expect(walk!.map(({ level }) => level)).toEqual([4, 3, 2, 1]);
    expect(walk!.map(({ level, index }) => BigInt(index) << (9n * BigInt(level - 1))).reduce((a, b) => a + b)).toBe(
      page,
    );
    const last = walk![3]!.entry;
    expect(low(last) >>> 12).toBe(l.page(0, 'A', 2).frame);
    expect(low(last) & (PTE.PRESENT | PTE.RW | PTE.ACCESSED | PTE.DIRTY)).toBe(0x63);
    // not executable: bit 63
    expect(last.startsWith('8')).toBe(true);
    expect(tlb).toBe('hit');
    expect(minor).toBeUndefined();
  });

  it('ends where an entry is empty', () => {
    const l = lab();
    l.run('p0 mmap A 4 rw');
    expect(l.run('p0 walk A 0').walk).toEqual([{ level: 4, index: expect.any(Number), entry: '0000000000000000' }]);
    l.run('p0 touch_r A 0 1');
    const { walk } = l.run('p0 walk A 1');
    expect(walk).toHaveLength(4);
    expect(low(walk![3]!.entry)).toBe(0);
  });

  it('names no table for the kernel half and beyond', () => {
    const l = lab();
    l.run('p0 mmap A 1 rw');
    expect(l.run('p0 walk A -9007199254740991b').walk).toEqual([]);
  });

  it('changes nothing: no fault, no bit, no translation', () => {
    const l = lab();
    l.run('p0 mmap A 4 rw', 'p0 touch_w A 0 1', 'p0 madvise A 0 1 dontneed', 'p0 touch_r A 0 1');
    const before = JSON.stringify([l.page(0, 'A', 0), l.task(0)]);
    l.run('p0 walk A 0', 'p0 walk A 3');
    expect(JSON.stringify([l.page(0, 'A', 0), l.task(0)])).toBe(before);
  });
});
