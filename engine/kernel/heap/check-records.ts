import { NO_ROW, rowsOf, type RowTree } from '../../base/row-tree.ts';
import { isLive, type TableCore } from '../../base/table.ts';
import { isAlive } from '../../proc/task.ts';
import { DESIGN_NAMES } from '../../protocol/library-calls.ts';
import type { KernelState } from '../state.ts';
import { blocksOf } from './blocks.ts';
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

/**
 * INV-31: a task has one allocator, which never held more than at its peak and counts what its live blocks were asked
 * for, and at most one design that is not glibc's.
 * Two rows of one task would make the lab look at a heap with the wrong eyes.
 */
export function checkAllocators(k: KernelState, report: (rule: string, text: string) => void): void {
  const { allocators, designs } = k.heapTables;
  for (const [what, table] of [
    ['allocator', allocators],
    ['design', designs],
  ] as const) {
    const seen = new Set<number>();
    for (let row = 0; row < table.rows; row++) {
      if (!isLive(table, row)) continue;
      const pid = table.pid[row]!;
      if (seen.has(pid) || !isAlive(k, pid)) report('INV-31', `p${pid} has an ${what} it cannot have`);
      seen.add(pid);
    }
  }
  for (let row = 0; row < allocators.rows; row++) {
    if (isLive(allocators, row) && allocators.held[row]! > allocators.peak[row]!)
      report('INV-31', `p${allocators.pid[row]!} holds more than it ever did`);
  }
  for (let row = 0; row < allocators.rows; row++) {
    if (!isLive(allocators, row)) continue;
    const live = blocksOf(k, allocators.pid[row]!).filter(({ freed }) => freed === 0);
    const asked = live.reduce((sum, block) => sum + block.asked, 0);
    if (asked !== allocators.asked[row]!)
      report('INV-31', `p${allocators.pid[row]!} has ${asked} bytes asked for, and counts ${allocators.asked[row]!}`);
  }
  for (let row = 0; row < designs.rows; row++) {
    const index = designs.design[row]!;
    if (isLive(designs, row) && (index === 0 || index >= DESIGN_NAMES.length))
      report('INV-31', `the design ${index} is none`);
  }
}
