import { describe, expect, it } from 'vitest';
import { lab, type Lab } from '../testing/fixtures.ts';
import { checkInvariants, type KernelState } from './index.ts';

/** Slot 1 is on the device, slot 2 in the swap cache too, slot 3 holds shared memory. */
function machine(): Lab {
  const l = lab({ swapPages: 8 });
  l.run('p0 mmap A 2 rw', 'p0 touch_w A 0 2 7', 'p0 madvise A 0 2 pageout', 'p0 madvise A 1 1 willneed');
  l.run('p0 mmap S 1 rw shared', 'p0 touch_w S 0 1 7', 'p0 madvise S 0 1 pageout');
  return l;
}

const DAMAGE: readonly [rule: string, what: string, damage: (k: KernelState) => void][] = [
  ['INV-14', 'a slot is counted once too often', (k) => k.swapSlots.count[1]!++],
  ['INV-14', 'a slot lost its chain', (k) => (k.swapSlots.rmap[1] = -1)],
  ['INV-14', 'the object of a slot is forgotten', (k) => (k.swapSlots.object[3] = -1)],
  ['INV-15', 'a slot lost its frame', (k) => (k.swapSlots.frame[2] = -1)],
  ['INV-15', 'a frame lost its slot', (k) => (k.frames.slot[k.swapSlots.frame[2]!] = -1)],
  ['INV-16', 'the device holds another byte', (k) => (k.swapSlots.content[2] = -9)],
  ['INV-17', 'the machine counts a slot too many', (k) => k.machine.swapUsed[0]!++],
  ['INV-17', 'the machine counts a cached frame too many', (k) => k.machine.swapCached[0]!++],
  ['INV-17', 'a device counts a slot too many', (k) => k.swapDevices.used[0]!++],
  ['INV-17', 'an address space counts a page too many', (k) => k.mms.swapEntries[0]!++],
  ['INV-17', 'an object counts a page too many', (k) => k.objects.swapped[k.swapSlots.object[3]!]!++],
];

describe('the invariants of swap', () => {
  it('hold on a machine that swapped', () => expect(checkInvariants(machine().k)).toEqual([]));

  it.each(DAMAGE)('%s fails when %s', (rule, _what, damage) => {
    const { k } = machine();
    damage(k);
    expect(checkInvariants(k).map((violation) => violation.rule)).toContain(rule);
  });
});
