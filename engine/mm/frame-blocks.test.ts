import { expect, test } from 'vitest';
import { capture, checkInvariants, encodeState, hashState, restore } from '../kernel/index.ts';
import { lab } from '../testing/fixtures.ts';
import { touchBlock } from './frame-blocks.ts';

const ROOMY = { ramPages: 8192 } as const;
const blocks = (l: ReturnType<typeof lab>): string => l.k.frameBlocks.touched.slice(0, 8).join('');

test('a block is untouched until one of its frames, or a neighbour in the free list, is handed out', () => {
  const l = lab(ROOMY);
  expect(blocks(l)).toBe('10000000');
  l.run('p0 mmap A 3000 rw', 'p0 touch_w A 0 1500');
  // The block after the one that was taken has a new neighbour in its list.
  expect(blocks(l)).toBe('11100000');
  expect(checkInvariants(l.k)).toEqual([]);
  l.run('p0 munmap A 0 3000');
  expect(blocks(l)).toBe('11100000');
  expect(checkInvariants(l.k)).toEqual([]);
});

test('a change in a block that nobody touched is noticed', () => {
  const l = lab(ROOMY);
  l.k.frames.flags[5000] = 1;
  expect(checkInvariants(l.k)).toEqual([
    { rule: 'INV-30', text: 'frame 5000: flags is 1, but its block was never touched' },
  ]);
  touchBlock(l.k, 5000);
  expect(checkInvariants(l.k)).toEqual([]);
});

test('going back makes blocks untouched again, byte for byte, whichever machine it is', () => {
  const [l, other] = [lab(ROOMY), lab(ROOMY)];
  const start = capture(l.k);
  const [bytes, hash] = [encodeState(l.k), hashState(l.k)];
  l.run('p0 mmap A 7000 rw', 'p0 touch_w A 0 5000', 'p0 fork p1', 'p1 touch_w A 2000 1000', 'p0 munmap A 100 4000');
  const later = capture(l.k, start);
  const [laterBytes, laterHash] = [encodeState(l.k), hashState(l.k)];
  expect(laterHash).not.toBe(hash);
  for (const k of [l.k, other.k, l.k]) {
    restore(k, later);
    expect([Buffer.compare(encodeState(k), laterBytes), hashState(k)]).toEqual([0, laterHash]);
    restore(k, start);
    expect([Buffer.compare(encodeState(k), bytes), hashState(k)]).toEqual([0, hash]);
    expect(checkInvariants(k)).toEqual([]);
  }
});
