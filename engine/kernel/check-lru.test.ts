import { LRU } from '../base/flags.ts';
import { describe, expect, it } from 'vitest';
import type { Pfn } from '../base/units.ts';
import { lruMove, lruRemove } from '../mm/lru-list.ts';
import { lab } from '../testing/fixtures.ts';
import { checkInvariants, type KernelState } from './index.ts';

const DAMAGE: readonly [what: string, damage: (k: KernelState, frame: Pfn, locked: Pfn) => void][] = [
  ['a frame is on no list', (k, frame) => lruRemove(k, frame)],
  ['a private page is on a list of files', (k, frame) => lruMove(k, frame, LRU.INACTIVE_FILE)],
  ['a frame is counted unevictable and is not locked', (k, frame) => lruMove(k, frame, LRU.UNEVICTABLE)],
  ['a locked frame may be reclaimed', (k, _frame, locked) => lruMove(k, locked, LRU.INACTIVE_ANON)],
  ['a list counts one too many', (k) => k.lruLists.count[LRU.INACTIVE_ANON]!++],
  ['a frame lost its neighbour', (k, frame) => (k.frames.lruPrev[frame] = 5)],
  ['a list ends elsewhere', (k) => (k.lruLists.last[LRU.INACTIVE_ANON] = -1)],
  ['a frame is marked for another list', (k, frame) => (k.frames.lru[frame] = LRU.ACTIVE_ANON + 1)],
];

describe('INV-18', () => {
  it.each(DAMAGE)('fails when %s', (_what, damage) => {
    const l = lab();
    l.run('p0 mmap A 3 rw', 'p0 touch_w A 0 3', 'p0 mlock A 2 1');
    expect(checkInvariants(l.k)).toEqual([]);
    const [, frame, locked] = l.frames(0, 'A', 3);
    damage(l.k, frame as Pfn, locked as Pfn);
    expect(checkInvariants(l.k).map(({ rule }) => rule)).toContain('INV-18');
  });
});
