import type { MemoryState } from './state.ts';

/** Which translation of a full set goes: `plru` is a tree of bits, as processors have it. In the order of their numbers. */
export const TLB_POLICIES = ['lru', 'fifo', 'random', 'plru'] as const;
export type TlbPolicy = (typeof TLB_POLICIES)[number];

const [LRU, FIFO, RANDOM, PLRU] = [0, 1, 2, 3] as const;

/** A translation was used. */
export function hitWay(k: MemoryState, row: number): void {
  const policy = k.machine.tlbPolicy[0]!;
  if (policy === LRU) k.tlb.stamp[row] = ++k.machine.tlbClock[0]!;
  else if (policy === PLRU) pointAway(k, row);
}

/**
 * The row of a set that takes a new translation: one that holds nothing, else the policy's victim.
 * @param first row of the set's way 0
 */
export function victimWay(k: MemoryState, first: number): number {
  const empty = emptyWay(k, first);
  const row = empty >= 0 ? empty : chosenWay(k, first);
  const policy = k.machine.tlbPolicy[0]!;
  if (policy === LRU || policy === FIFO) k.tlb.stamp[row] = ++k.machine.tlbClock[0]!;
  else if (policy === PLRU) pointAway(k, row);
  return row;
}

/** @returns −1 when all ways hold something */
function emptyWay(k: MemoryState, first: number): number {
  const { mm } = k.tlb;
  const behind = first + k.machine.tlbWays[0]!;
  for (let row = first; row < behind; row++) if (mm[row]! < 0) return row;
  return -1;
}

function chosenWay(k: MemoryState, first: number): number {
  const { tlb, machine } = k;
  const { stamp } = tlb;
  const ways = machine.tlbWays[0]!;
  if (machine.tlbPolicy[0] === RANDOM) return first + (nextRandom(k) % ways);
  if (machine.tlbPolicy[0] === PLRU) return first + pointedWay(tlb.tree[first]!, ways);
  let oldest = first;
  for (let row = first + 1; row < first + ways; row++) if (stamp[row]! < stamp[oldest]!) oldest = row;
  return oldest;
}

/** Source: Marsaglia, "Xorshift RNGs" (2003): 13, 17, 5. The state is never 0. */
function nextRandom(k: MemoryState): number {
  let word = k.machine.tlbRandom[0]! | 0;
  word ^= word << 13;
  word ^= word >>> 17;
  word ^= word << 5;
  k.machine.tlbRandom[0] = word >>> 0;
  return word >>> 0;
}

/** Follows the tree from its root, bit 1: 0 goes to the lower half, 1 to the upper. */
function pointedWay(tree: number, ways: number): number {
  let node = 1;
  while (node < ways) node = node * 2 + ((tree >>> node) & 1);
  return node - ways;
}

/** All nodes above the way point to its sibling from now on. */
function pointAway(k: MemoryState, row: number): void {
  const ways = k.machine.tlbWays[0]!;
  const first = row - (row % ways);
  let tree = k.tlb.tree[first]!;
  for (let node = ways + (row - first); node > 1; node >>>= 1) {
    const parent = node >>> 1;
    tree = (node & 1) === 0 ? tree | (1 << parent) : tree & ~(1 << parent);
  }
  k.tlb.tree[first] = tree >>> 0;
}
