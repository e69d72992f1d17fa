/**
 * Rows of a table in an order of their own, in a balanced tree that hangs from a root row: found, added and taken out in
 * logarithmic time. The links are columns of the table, so the tree is part of the state like everything else. A treap
 * whose priorities follow from the rows' numbers. Source: Aragon, Seidel, Randomized Search Trees, 1989.
 */
export interface RowTree {
  /** Children by row, NO_ROW for none; read anew each time, because a growing table replaces its columns. */
  readonly left: () => Int32Array;
  readonly right: () => Int32Array;
  /** Whether row a comes before row b; of two equal ones the lower row. */
  readonly isBefore: (a: number, b: number) => boolean;
  /** Called for a row whose children have changed, children first. */
  readonly update?: (row: number) => void;
}

export const NO_ROW = -1;

/** Spreads the numbers of rows evenly. */
function priority(row: number): number {
  let x = Math.imul(row + 1, 0x9e3779b1);
  x = Math.imul(x ^ (x >>> 15), 0x85ebca6b);
  return (x ^ (x >>> 13)) >>> 0;
}

/** @param root the row everything hangs from, NO_ROW for an empty tree @returns the root afterwards */
export function insertRow(tree: RowTree, root: number, row: number): number {
  if (root === NO_ROW || priority(row) > priority(root)) {
    const [before, behind] = split(tree, root, row);
    tree.left()[row] = before;
    tree.right()[row] = behind;
    tree.update?.(row);
    return row;
  }
  if (tree.isBefore(row, root)) tree.left()[root] = insertRow(tree, tree.left()[root]!, row);
  else tree.right()[root] = insertRow(tree, tree.right()[root]!, row);
  tree.update?.(root);
  return root;
}

/** @param row in the tree, its order not changed since it was put there @returns the root afterwards */
export function removeRow(tree: RowTree, root: number, row: number): number {
  if (root === NO_ROW) return root;
  if (root === row) return merge(tree, tree.left()[row]!, tree.right()[row]!);
  if (tree.isBefore(row, root)) tree.left()[root] = removeRow(tree, tree.left()[root]!, row);
  else tree.right()[root] = removeRow(tree, tree.right()[root]!, row);
  tree.update?.(root);
  return root;
}

/** The first row that is not below a bound, NO_ROW for none. @param isBelow true for all rows up to some place */
export function firstFrom(tree: RowTree, root: number, isBelow: (row: number) => boolean): number {
  let found = NO_ROW;
  for (let at = root; at !== NO_ROW;) {
    if (isBelow(at)) {
      at = tree.right()[at]!;
    } else {
      found = at;
      at = tree.left()[at]!;
    }
  }
  return found;
}

/** All rows in their order. */
export function rowsOf(tree: RowTree, root: number): number[] {
  const rows: number[] = [];
  const waiting: number[] = [];
  for (let at = root; at !== NO_ROW || waiting.length > 0;) {
    for (; at !== NO_ROW; at = tree.left()[at]!) waiting.push(at);
    const row = waiting.pop()!;
    rows.push(row);
    at = tree.right()[row]!;
  }
  return rows;
}

/** Cuts a tree into what comes before a row and what comes behind it. */
function split(tree: RowTree, root: number, row: number): [number, number] {
  if (root === NO_ROW) return [NO_ROW, NO_ROW];
  if (tree.isBefore(root, row)) {
    const [before, behind] = split(tree, tree.right()[root]!, row);
    tree.right()[root] = before;
    tree.update?.(root);
    return [root, behind];
  }
  const [before, behind] = split(tree, tree.left()[root]!, row);
  tree.left()[root] = behind;
  tree.update?.(root);
  return [before, root];
}

/** All of `a` comes before all of `b`. */
function merge(tree: RowTree, a: number, b: number): number {
  if (a === NO_ROW) return b;
  if (b === NO_ROW) return a;
  if (priority(a) > priority(b)) {
    tree.right()[a] = merge(tree, tree.right()[a]!, b);
    tree.update?.(a);
    return a;
  }
  tree.left()[b] = merge(tree, a, tree.left()[b]!);
  tree.update?.(b);
  return b;
}
