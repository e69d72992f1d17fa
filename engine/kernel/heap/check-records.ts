import { NO_ROW, rowsOf, type RowTree } from '../../base/row-tree.ts';
import { isLive, type TableCore } from '../../base/table.ts';
import type { KernelState } from '../state.ts';
import { treesOf } from './trees.ts';

/**
 * INV-27: every block, name and unsorted chunk that the lab remembers hangs in the trees of one process, in their order;
 * a tree that lost a row would make the lab forget a block without a word.
 */
export function checkHeapRecords(k: KernelState, report: (rule: string, text: string) => void): void {
  const { allocators, blocks, pointers, unsorted } = k.heapTables;
  const trees = treesOf(k.heapTables);
  const check = (what: string, table: object, tree: RowTree, roots: Int32Array): void => {
    const seen = new Set<number>();
    for (let owner = 0; owner < allocators.rows; owner++) {
      if (!isLive(allocators, owner)) continue;
      let before = NO_ROW;
      for (const row of rowsOf(tree, roots[owner]!)) {
        if (!isLive(table as TableCore, row) || seen.has(row))
          report('INV-27', `${what} ${row} hangs where it must not`);
        if (before !== NO_ROW && !tree.isBefore(before, row)) report('INV-27', `${what} ${row} is out of order`);
        seen.add(row);
        before = row;
      }
    }
    const { liveRows } = table as TableCore;
    if (seen.size !== liveRows) report('INV-27', `${seen.size} of ${liveRows} rows of ${what} hang in a tree`);
  };
  check('blocks', blocks, trees.blocks, allocators.blocks);
  check('names', pointers, trees.names, allocators.names);
  check('places', pointers, trees.places, allocators.places);
  check('unsorted', unsorted, trees.unsorted, allocators.unsorted);
}
