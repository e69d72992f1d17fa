import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BitTree } from './bit-tree.ts';

test.each([1, 31, 32, 33, 1_024, 1_025, 40_000])('knows smallest and largest of up to %d numbers', (size) => {
  const member = fc.oneof(fc.nat({ max: size - 1 }), fc.constantFrom(0, size - 1));
  fc.assert(
    fc.property(fc.array(fc.record({ member, remove: fc.boolean() }), { maxLength: 60 }), (ops) => {
      const tree = new BitTree(size);
      const model = new Set<number>();
      for (const op of ops) {
        if (op.remove) tree.remove(op.member);
        else tree.add(op.member);
        if (op.remove) model.delete(op.member);
        else model.add(op.member);
        expect(tree.smallest()).toBe(model.size === 0 ? -1 : Math.min(...model));
        expect(tree.largest()).toBe(model.size === 0 ? -1 : Math.max(...model));
      }
    }),
  );
});

test('a set without room is empty', () => {
  expect(new BitTree(0).smallest()).toBe(-1);
  expect(new BitTree(0).largest()).toBe(-1);
});
