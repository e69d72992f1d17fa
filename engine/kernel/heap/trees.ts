import { NO_ROW, type RowTree } from '../../base/row-tree.ts';
import { POINTER_NAME_BYTES, type HeapTables } from './tables.ts';

/** The orders in which the rows of one process's heap are found: every look-up is logarithmic in their number. */
export interface HeapTrees {
  /** Blocks by address; each knows how far the blocks from it down reach. */
  readonly blocks: RowTree;
  readonly names: RowTree;
  readonly places: RowTree;
  readonly unsorted: RowTree;
}

const known = new WeakMap<HeapTables, HeapTrees>();

export function treesOf(tables: HeapTables): HeapTrees {
  let trees = known.get(tables);
  if (trees === undefined) known.set(tables, (trees = makeTrees(tables)));
  return trees;
}

/** The first byte behind a block; one of no bytes still has its place. */
export const blockEnd = ({ blocks }: HeapTables, row: number): number =>
  blocks.address[row]! + Math.max(1, blocks.usable[row]!);

function makeTrees(tables: HeapTables): HeapTrees {
  const { pointers, blocks, unsorted } = tables;
  const reachOf = (row: number): number => (row === NO_ROW ? 0 : blocks.reach[row]!);
  return {
    blocks: {
      left: () => blocks.left,
      right: () => blocks.right,
      isBefore: byNumber(() => blocks.address),
      update(row) {
        blocks.reach[row] = Math.max(blockEnd(tables, row), reachOf(blocks.left[row]!), reachOf(blocks.right[row]!));
      },
    },
    names: {
      left: () => pointers.nameLeft,
      right: () => pointers.nameRight,
      isBefore: (a, b) => compareNames(pointers.name, a, pointers.name, b) < 0,
    },
    places: {
      left: () => pointers.placeLeft,
      right: () => pointers.placeRight,
      isBefore: byNumber(() => pointers.address),
    },
    unsorted: { left: () => unsorted.left, right: () => unsorted.right, isBefore: byNumber(() => unsorted.address) },
  };
}

/** By a column, and by row where that is the same. */
const byNumber =
  (column: () => Float64Array) =>
  (a: number, b: number): boolean => {
    const numbers = column();
    return numbers[a]! < numbers[b]! || (numbers[a] === numbers[b] && a < b);
  };

/** Below 0 when the name in row a of one column comes before that in row b of another. */
export function compareNames(x: Uint8Array, a: number, y: Uint8Array, b: number): number {
  const from = a * POINTER_NAME_BYTES;
  const other = b * POINTER_NAME_BYTES;
  for (let i = 0; i < POINTER_NAME_BYTES; i++) {
    const difference = x[from + i]! - y[other + i]!;
    if (difference !== 0 || x[from + i] === 0) return difference;
  }
  return 0;
}
