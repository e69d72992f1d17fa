import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wheelOf } from './wheel.ts';

const STATE = { width: 90, height: 36 };
const NAMES = 'abcdefghi'.split('');
const boxes = fc.record({ width: fc.integer({ min: 300, max: 1600 }), height: fc.integer({ min: 160, max: 900 }) });
const pairs = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom(...NAMES)), {
    selector: (pair) => pair.join(),
    maxLength: 40,
  })
  .map((list) => list as [string, string][]);

describe('a wheel of states', () => {
  test('keeps every state inside its box, and every chord', () => {
    fc.assert(
      fc.property(pairs, boxes, (all, box) => {
        const { spokes, chords } = wheelOf(NAMES, all, box, STATE);
        expect(new Set(spokes.map(({ name }) => name))).toEqual(new Set(NAMES));
        for (const { x, y } of spokes) {
          expect(x - STATE.width / 2).toBeGreaterThanOrEqual(0);
          expect(x + STATE.width / 2).toBeLessThanOrEqual(box.width);
          expect(y - STATE.height / 2).toBeGreaterThanOrEqual(0);
          expect(y + STATE.height / 2).toBeLessThanOrEqual(box.height);
        }
        expect(chords.map(({ from, to }) => [from, to])).toEqual(all);
        for (const { x, y, path, head } of chords) {
          expect(path + head).not.toMatch(/NaN|Infinity/);
          expect(x).toBeGreaterThan(-1);
          expect(x).toBeLessThan(box.width + 1);
          expect(y).toBeGreaterThan(-30);
          expect(y).toBeLessThan(box.height + 1);
        }
      }),
    );
  });

  test('draws there and back apart from each other', () => {
    const { chords } = wheelOf(['a', 'b', 'c'], [['a', 'b'], ['b', 'a']], { width: 500, height: 300 }, STATE); // prettier-ignore
    expect(Math.hypot(chords[0]!.x - chords[1]!.x, chords[0]!.y - chords[1]!.y)).toBeGreaterThan(12);
  });

  test('seats a ring as a ring: nothing crosses', () => {
    const ring = NAMES.map((name, i): [string, string] => [name, NAMES[(i + 4) % NAMES.length]!]);
    const order = wheelOf(NAMES, ring, { width: 500, height: 300 }, STATE).spokes.map(({ name }) => name);
    for (const [from, to] of ring) {
      const apart = Math.abs(order.indexOf(from) - order.indexOf(to));
      expect([1, NAMES.length - 1]).toContain(apart);
    }
  });
});
