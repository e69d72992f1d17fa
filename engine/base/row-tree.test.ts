import { expect, test } from 'vitest';
import { Random } from '../testing/random.ts';
import { firstFrom, insertRow, NO_ROW, removeRow, rowsOf, type RowTree } from './row-tree.ts';
import { allocRow, freeRow, makeTable } from './table.ts';

/** Rows with a key each, and the largest key below each row. */
function makeKeyTree() {
  const table = makeTable('keys', { key: 'f64', left: 'i32', right: 'i32', most: 'f64' }, 4);
  const mostOf = (row: number): number => (row === NO_ROW ? -Infinity : table.most[row]!);
  const tree: RowTree = {
    left: () => table.left,
    right: () => table.right,
    isBefore: (a, b) => table.key[a]! - table.key[b]! < 0 || (table.key[a] === table.key[b] && a < b),
    update(row) {
      table.most[row] = Math.max(table.key[row]!, mostOf(table.left[row]!), mostOf(table.right[row]!));
    },
  };
  return { table, tree };
}

/** How many rows the longest way down has. */
function depth(tree: RowTree, row: number): number {
  return row === NO_ROW ? 0 : 1 + Math.max(depth(tree, tree.left()[row]!), depth(tree, tree.right()[row]!));
}

const SEED = 11;

test(`rows are where a sorted list has them, seed ${SEED}`, () => {
  const random = new Random(SEED);
  const { table, tree } = makeKeyTree();
  let root = NO_ROW;
  const model: number[] = [];
  const sort = (): number[] => model.sort((a, b) => table.key[a]! - table.key[b]! || a - b);
  for (let i = 0; i < 3000; i++) {
    if (model.length > 0 && random.chance(0.45)) {
      const row = model.splice(random.integer(0, model.length - 1), 1)[0]!;
      root = removeRow(tree, root, row);
      freeRow(table, row);
    } else {
      const row = allocRow(table);
      table.key[row] = random.integer(0, 200);
      root = insertRow(tree, root, row);
      model.push(row);
    }
    if (i % 50 !== 0) continue;
    expect(rowsOf(tree, root)).toEqual(sort());
    const bound = random.integer(0, 210);
    const wanted = sort().find((row) => table.key[row]! >= bound) ?? NO_ROW;
    expect(firstFrom(tree, root, (row) => table.key[row]! < bound)).toBe(wanted);
    if (root !== NO_ROW) expect(table.most[root]).toBe(Math.max(...model.map((row) => table.key[row]!)));
  }
});

test('it stays shallow, whatever the order of the keys', () => {
  const { table, tree } = makeKeyTree();
  let root = NO_ROW;
  for (let i = 0; i < 20_000; i++) {
    const row = allocRow(table);
    table.key[row] = i;
    root = insertRow(tree, root, row);
  }
  expect(depth(tree, root)).toBeLessThan(50);
  expect(rowsOf(tree, root).length).toBe(20_000);
});

test('a row that is in no tree is taken out of none', () => {
  const { tree } = makeKeyTree();
  expect(removeRow(tree, NO_ROW, 3)).toBe(NO_ROW);
  expect(rowsOf(tree, NO_ROW)).toEqual([]);
});
