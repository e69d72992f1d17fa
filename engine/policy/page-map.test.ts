import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PageMap } from './page-map.ts';

/** Pages on both sides of the border between index and hash, and some that differ in few bits only. */
const pages = fc.oneof(
  fc.nat({ max: 40 }),
  fc.integer({ min: 2 ** 22 - 20, max: 2 ** 22 + 20 }),
  fc.nat({ max: 300 }).map((n) => 2 ** 44 + n * 2 ** 32),
  fc.nat({ max: 300 }).map((n) => 2 ** 52 - 1 - n),
);

test('holds what a Map holds, whatever is set and removed', () => {
  const op = fc.record({ page: pages, value: fc.integer({ min: 0, max: 2 ** 31 - 2 }), remove: fc.boolean() });
  fc.assert(
    fc.property(fc.array(op, { maxLength: 400, size: 'max' }), (ops) => {
      const map = new PageMap();
      const model = new Map<number, number>();
      for (const { page, value, remove } of ops) {
        if (remove) map.delete(page);
        else map.set(page, value);
        if (remove) model.delete(page);
        else model.set(page, value);
      }
      for (const { page } of ops) expect(map.get(page)).toBe(model.get(page) ?? -1);
    }),
  );
});

test('keeps thousands of far pages through growing and removing', () => {
  const map = new PageMap();
  const far = (i: number): number => 2 ** 40 + i * 2 ** 20;
  for (let i = 0; i < 20_000; i++) map.set(far(i), i);
  for (let i = 0; i < 20_000; i += 2) map.delete(far(i));
  const kept = Array.from({ length: 20_000 }, (_, i) => map.get(far(i)));
  expect(kept.every((value, i) => value === (i % 2 === 0 ? -1 : i))).toBe(true);
});
