import { describe, expect, it } from 'vitest';
import { ERRNO } from './errno.ts';
import { FRAME, PG, PTE, PTE_HIGH, VM, VM_ACCESS } from './flags.ts';
import * as limits from './limits.ts';
import { addr, addrOf, isPageAligned, pageOf, pagesFor, vpn } from './units.ts';

describe.each([
  ['VM', VM],
  ['PTE', PTE],
  ['PTE_HIGH', PTE_HIGH],
  ['PG', PG],
])('the bits of %s', (_name, bits) => {
  it('are single bits and all differ', () => {
    const values = Object.values(bits).map((bit) => bit >>> 0);
    for (const value of values) expect(value.toString(2).replaceAll('0', '')).toBe('1');
    expect(new Set(values).size).toBe(values.length);
  });
});

describe('flags', () => {
  it('leave the frame number of an entry alone', () => {
    for (const bit of Object.values(PTE)) expect(bit).toBeLessThan(4096);
    expect(limits.MAX_FRAMES).toBeLessThanOrEqual(2 ** 20);
  });

  it('number frame kinds and errors without a repetition', () => {
    for (const group of [FRAME, ERRNO]) {
      const values = Object.values(group);
      expect(new Set(values).size).toBe(values.length);
    }
    expect(VM_ACCESS).toBe(7);
  });
});

describe('units', () => {
  it.each([
    [0, 0],
    [1, 1],
    [4096, 1],
    [4097, 2],
    [2 ** 47, 2 ** 35],
  ])('%d bytes are %d pages', (bytes, pages) => expect(pagesFor(bytes)).toBe(pages));

  it('find the page of an address below and above zero', () => {
    expect(pageOf(addr(8191))).toBe(1);
    expect(pageOf(addr(-1))).toBe(-1);
    expect(addrOf(vpn(3))).toBe(12288);
    expect(isPageAligned(8192)).toBe(true);
    expect(isPageAligned(8193)).toBe(false);
  });
});

describe('limits', () => {
  it('fit each other', () => {
    expect(limits.MIN_FRAMES).toBeGreaterThan(limits.reservedFrames(limits.MIN_FRAMES) + 4);
    expect(limits.TASK_SIZE).toBe(2 ** 47 - 4096);
    expect(limits.FAULT_AROUND_PAGES * 4096).toBe(65_536);
    expect(limits.MAX_PAGES_PER_COMMAND).toBeGreaterThanOrEqual(limits.MAX_FRAMES);
  });
});
