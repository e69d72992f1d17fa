import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { command, lab } from '../testing/fixtures.ts';
import { capture, encodeState, hashState, restore, step, whyNot, type KernelState } from './index.ts';

const LINES = [
  'p0 mmap A 6 rw', 'p0 touch_w A 0 4 1', 'p0 fork p1', 'p1 touch_w A 0 2 2', 'p0 fork p3', 'p3 mmap S 20 rw shared',
  'p3 touch_w S 3 2', 'p0 munmap A 1 2', 'p0 mprotect A 0 6 r', 'p1 exit', 'p0 brk +3', 'p0 touch_w heap 0 3', 'p3 poke S 9b 1 2',
  'p0 mmap B 3 rw private at A+6', 'p3 kill', 'p0 mmap C 900 rw', 'p0 touch_w C 0 300', '@overcommit 2', 'p0 touch_r A 0 6',
]; // prettier-ignore

const give = (k: KernelState, line: string): void => {
  const given = command(line);
  if (whyNot(k, given) === null) step(k, given);
};
const lines = fc.array(fc.constantFrom(...LINES), { maxLength: 25 });

describe('a snapshot', () => {
  it('restored is the state it was taken of, whatever happened since', () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const { k } = lab();
        for (const line of before) give(k, line);
        const keyframe = capture(k);
        const bytes = encodeState(k);
        const hash = hashState(k);
        for (const line of after) give(k, line);
        restore(k, keyframe);
        expect(Buffer.compare(encodeState(k), bytes)).toBe(0);
        expect(hashState(k)).toBe(hash);
      }),
      { numRuns: 40 },
    );
  });

  it('restored and played on gives the same bytes as never having left', () => {
    fc.assert(
      fc.property(lines, lines, lines, (before, detour, after) => {
        const straight = lab().k;
        const turning = lab().k;
        for (const line of before) {
          give(straight, line);
          give(turning, line);
        }
        const keyframe = capture(turning);
        for (const line of detour) give(turning, line);
        restore(turning, keyframe);
        for (const line of after) {
          give(straight, line);
          give(turning, line);
        }
        expect(Buffer.compare(encodeState(turning), encodeState(straight))).toBe(0);
        expect(turning.events.next).toBe(straight.events.next);
      }),
      { numRuns: 40 },
    );
  });

  it('shares the chunks that did not change with the one before', () => {
    const l = lab({ ramPages: 4096 });
    l.run('p0 mmap A 4 rw', 'p0 touch_w A 0 1');
    const first = capture(l.k);
    l.run('p0 touch_w A 1 1');
    const second = capture(l.k, first);
    const chunks = second.tables.flatMap((table, t) =>
      table.arrays.flatMap((array, a) => array.map((c, i) => c === first.tables[t]!.arrays[a]![i])),
    );
    expect(chunks.filter((shared) => shared).length).toBeGreaterThan(chunks.length / 3);
  });

  it('of two machines driven alike has one hash, and another as soon as a byte differs', () => {
    const [a, b] = [lab(), lab()];
    for (const l of [a, b]) l.run('p0 mmap A 2 rw', 'p0 touch_w A 0 1 5');
    expect(hashState(a.k)).toBe(hashState(b.k));
    a.run('p0 poke A 0b 6');
    b.run('p0 poke A 0b 7');
    expect(hashState(a.k)).not.toBe(hashState(b.k));
  });

  it('can be restored into another machine of the same size', () => {
    const a = lab();
    a.run('p0 mmap A 5 rw', 'p0 touch_w A 0 5 3', 'p0 fork p1');
    const b = lab();
    restore(b.k, capture(a.k));
    expect(Buffer.compare(encodeState(b.k), encodeState(a.k))).toBe(0);
    expect(b.run('p1 read A 0 5').bytes).toEqual([3, 3, 3, 3, 3]);
  });
});
