import { describe, expect, it } from 'vitest';
import { EVENT } from '../base/event-kinds.ts';
import { causeChain, eventsBetween } from '../base/event-log.ts';
import { lab } from '../testing/fixtures.ts';

describe('a step', () => {
  it('tells the events of just this command, each leading back to it', () => {
    const l = lab();
    l.run('p0 mmap A 4 rw', 'p0 touch_w A 0 2', 'p0 fork p1');
    const { firstEvent, endEvent } = l.run('p1 touch_w A 0 2');
    const events = eventsBetween(l.k.events, firstEvent, endEvent);
    expect(events[0]).toMatchObject({ kind: EVENT.COMMAND, pid: 1, id: firstEvent });
    for (const event of events) expect(causeChain(l.k.events, event.id)[0]!.id).toBe(firstEvent);
    const copy = events.find((event) => event.kind === EVENT.FRAME_COPY)!;
    const kinds = causeChain(l.k.events, copy.id).map((event) => event.kind);
    expect(kinds).toEqual([EVENT.COMMAND, EVENT.ACCESS, EVENT.FAULT, EVENT.COW_SHARED, EVENT.FRAME_COPY]);
  });

  it('reports the faults of just this command, and none for fork', () => {
    const l = lab();
    l.run('p0 mmap A 4 rw');
    expect(l.run('p0 touch_w A 0 3')).toMatchObject({ min: 3, maj: 0 });
    expect(l.run('p0 touch_w A 0 4')).toMatchObject({ min: 1, maj: 0 });
    expect(l.run('p0 fork p1').min).toBeUndefined();
  });

  it('stores the low byte of the step number where no byte is given', () => {
    const l = lab();
    l.run('p0 mmap A 1 rw', 'p0 touch_w A 0 1');
    expect(l.run('p0 read A 0 1').bytes).toEqual([2]);
  });

  it('lets virtual time pass, more for more work', () => {
    const l = lab();
    l.run('p0 mmap A 9 rw');
    l.run('p0 touch_w A 0 1');
    const one = l.run('p0 touch_w A 1 1').timeNs;
    const seven = l.run('p0 touch_w A 2 7').timeNs;
    expect(seven).toBe(7 * one);
    expect(l.run('@sleep 3').timeNs).toBe(3_000_000);
  });

  it('is deterministic: the same commands give the same result and the same events', () => {
    const script = ['p0 mmap A 9 rw', 'p0 touch_w A 0 9', 'p0 fork p1', 'p1 touch_w A 2 3', 'p0 munmap A 1 3'];
    const runs = [lab(), lab()].map((l) => ({ last: l.run(...script), log: eventsBetween(l.k.events, 1, 1e9) }));
    expect(runs[0]).toEqual(runs[1]);
  });

  it.each(['cowNeverCopies', 'reuseCopies', 'forkCopiesEagerly', 'zeroPageTakesFrame', 'freeGivesNothingBack', 'promiseCountsNothing'] as const)(
    'with the rule %s off goes another way that shows',
    (rule) => {
      const script = ['p0 mmap A 4 rw', 'p0 touch_r A 3 1', 'p0 touch_w A 0 2', 'p0 fork p1', 'p1 touch_w A 0 1', 'p0 touch_w A 0 1', 'p0 munmap A 1 1'];
      const seen = [lab(), lab({}, { [rule]: true })].map((l) => {
        l.run(...script);
        return [l.free, l.k.machine.copies[0], l.k.machine.committed[0], l.run('p0 read A 0 1').bytes];
      });
      expect(seen[1]).not.toEqual(seen[0]);
    },
  ); // prettier-ignore
});
