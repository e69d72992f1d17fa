import type { HeapView } from '../heap.ts';
import {
  firstOf,
  HEADER_BYTES,
  isUsed,
  MAX_ORDER,
  MIN_ORDER,
  nextOf,
  orderAt,
  poolAt,
  poolCount,
  previousOf,
  type Pool,
} from './buddy-pool.ts';
import type { Stretch } from './design.ts';

/** The pools' blocks in order of addresses; a pool ends early where an order makes no sense. */
export function walkBuddy(h: HeapView): Stretch[] {
  const stretches: Stretch[] = [];
  for (let i = 0; i < poolCount(h); i++) {
    const pool = poolAt(h, i);
    for (let at = pool.start; at < pool.start + 2 ** pool.order;) {
      const order = orderAt(h, at);
      if (order < MIN_ORDER || order > pool.order) break;
      const state = isUsed(h, at) ? 'used' : 'free';
      stretches.push({ address: at, bytes: 2 ** order, state, block: at + HEADER_BYTES });
      at += 2 ** order;
    }
  }
  return stretches;
}

/** What holds of buddies in order. @returns one sentence for each broken rule */
export function checkBuddy(h: HeapView): string[] {
  const broken: string[] = [];
  const hold = (condition: boolean, rule: string): void => {
    if (!condition) broken.push(rule);
  };
  const stretches = walkBuddy(h);
  const free = new Set(stretches.filter((s) => s.state === 'free').map((s) => s.address));
  for (let i = 0; i < poolCount(h); i++) checkPool(h, poolAt(h, i), stretches, free, hold);
  let listed = 0;
  for (let order = MIN_ORDER; order <= MAX_ORDER; order++) {
    let before = 0;
    let left = stretches.length;
    for (let at = firstOf(h, order); at !== 0; at = nextOf(h, at)) {
      hold(free.has(at), `${hex(at)} in the list of order ${order} is free`);
      if (!free.has(at) || left-- === 0) return broken;
      hold(orderAt(h, at) === order, `${hex(at)} is in the list of its order`);
      hold(previousOf(h, at) === before, `${hex(at)} is linked both ways`);
      before = at;
      listed++;
    }
  }
  hold(listed === free.size, `every free block is in a list: ${listed} of ${free.size}`);
  return broken;
}

type Hold = (condition: boolean, rule: string) => void;

function checkPool(h: HeapView, pool: Pool, stretches: readonly Stretch[], free: Set<number>, hold: Hold): void {
  const end = pool.start + 2 ** pool.order;
  let covered = 0;
  for (const { address, bytes, state } of stretches) {
    if (address < pool.start || address >= end) continue;
    covered += bytes;
    const offset = address - pool.start;
    hold(offset % bytes === 0, `${hex(address)} is aligned to its size of ${bytes}`);
    const buddy = pool.start + (Math.floor(offset / bytes) % 2 === 0 ? offset + bytes : offset - bytes);
    const split = bytes === 2 ** pool.order || !free.has(buddy) || 2 ** orderAt(h, buddy) !== bytes;
    hold(state === 'used' || split, `${hex(address)} and its buddy are not both free`);
  }
  hold(covered === 2 ** pool.order, `the blocks tile the pool at ${hex(pool.start)}`);
}

const hex = (address: number): string => `0x${address.toString(16)}`;
