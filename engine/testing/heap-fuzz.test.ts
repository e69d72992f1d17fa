import { expect, test } from 'vitest';
import { boot, checkInvariants, step } from '../kernel/index.ts';
import { command, lab } from './fixtures.ts';
import { report, runCase } from './fuzz.ts';
import { heapCase, heapProblem, heapWatch } from './heap-fuzz.ts';

/** `npm run fuzz -- --seeds A-B` sets these. */
const [first, last] = (process.env.FAULTLINE_SEEDS ?? '1-6').split('-').map(Number) as [number, number];

test(`heaps of random programs stay in order, seeds ${first} to ${last}`, { timeout: 3_600_000 }, () => {
  for (let seed = first; seed <= last; seed++) {
    const fuzz = heapCase(seed, 100);
    if (runCase(fuzz, heapWatch) !== null) expect.fail(report(fuzz, heapWatch));
  }
});

test('the checks see a damaged size, a block nobody knows of, and a name that leads nowhere', () => {
  const l = lab({ ramPages: 512 });
  l.run('p0 malloc a 100', 'p0 malloc b 5000', 'p0 malloc c 24');
  expect(heapProblem(l.k)).toBeNull();
  const { blocks, pointers } = l.k.heapTables;
  blocks.address[1]! += 16;
  expect(heapProblem(l.k)).toMatch(/3 blocks, 2 chunks/);
  blocks.address[1]! -= 16;
  l.run('p0 malloc d 3000', 'p0 malloc wall 24', 'p0 free d');
  l.k.heapTables.unsorted.address[0]! += 16;
  expect(heapProblem(l.k)).toMatch(/is unsorted, and remembered otherwise/);
  l.k.heapTables.unsorted.address[0]! -= 16;
  pointers.address[0]! += 8;
  expect(heapProblem(l.k)).toMatch(/a points at no block/);
  pointers.address[0]! -= 8;
  l.run('p0 poke a 104 0x41');
  expect(heapProblem(l.k)).toMatch(/^heap of p0/);
});

test('INV-27 sees a row that hangs nowhere, and one out of order', () => {
  const l = lab({ ramPages: 512 });
  l.run('p0 malloc a 100', 'p0 malloc b 5000', 'p0 malloc c 24');
  const { blocks, allocators } = l.k.heapTables;
  const rules = (): string[] => checkInvariants(l.k).map(({ rule }) => rule);
  expect(rules()).toEqual([]);
  blocks.address[0]! += 1e6;
  expect(rules()).toContain('INV-27');
  blocks.address[0]! -= 1e6;
  const root = allocators.blocks[0]!;
  allocators.blocks[0] = -1;
  expect(rules()).toEqual(['INV-27', 'INV-31']);
  allocators.blocks[0] = root;
  expect(rules()).toEqual([]);
});

test('INV-31 sees a second choice of one task, a choice that is none, and more held than ever', () => {
  const l = lab({ ramPages: 512 });
  l.run('p0 allocator best', 'p0 malloc a 100', 'p0 fork p1', 'p1 malloc b 5000');
  const { allocators, designs } = l.k.heapTables;
  const rules = (): string[] => checkInvariants(l.k).map(({ rule }) => rule);
  expect(rules()).toEqual([]);
  designs.pid[1] = 0;
  expect(rules()).toContain('INV-31');
  designs.pid[1] = 1;
  designs.design[0] = 0;
  expect(rules()).toEqual(['INV-31']);
  designs.design[0] = 2;
  const peak = allocators.peak[0]!;
  allocators.peak[0] = 10;
  expect(rules()).toEqual(['INV-31']);
  allocators.peak[0] = peak;
  allocators.asked[0]! += 1;
  expect(rules()).toEqual(['INV-31']);
});

test('the same seed is the same program', () => {
  expect(heapCase(3, 40)).toEqual(heapCase(3, 40));
  const k = boot(heapCase(3, 1).options);
  step(k, command('p0 malloc a 10'));
  expect(heapProblem(k)).toBeNull();
});
