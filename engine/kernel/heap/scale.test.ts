import { describe, expect, test } from 'vitest';
import { reserveRows, type TableCore } from '../../base/table.ts';
import { command } from '../../testing/fixtures.ts';
import { countReads } from '../../testing/count-reads.ts';
import { boot, step, type KernelState } from '../index.ts';
import { byteStates, heapListsOf, heapReport, pointersOf, reachOfBlocks } from './index.ts';
import { heapTablesOf } from './tables.ts';

/**
 * Nothing takes longer with the number of blocks than it must: steps are counted, as reads of the tables that hold
 * blocks, names and frames, among few live blocks and among a hundred thousand.
 */
const FEW = 1000;
const MANY = 100_000;
/** For what visits every block: each read is counted, and that takes its time. */
const SOME = 5000;
const LOOP = 1000;

function machineWith(blocks: number, ...first: string[]): KernelState {
  const k = boot({ ramPages: 8192, swapPages: 0, seed: 1, overcommit: 1, image: 'bare' });
  const run = (line: string): void => void step(k, command(line));
  first.forEach(run);
  run('p0 malloc a 100');
  for (let i = 0; i < blocks / LOOP; i++) run(`p0 loop malloc b${i}_ ${LOOP} 24`);
  return k;
}

const tablesOf = (k: KernelState): TableCore[] => [
  ...heapTablesOf(k.heapTables),
  k.frames as unknown as TableCore,
  k.vmas as unknown as TableCore,
];
const readsOf = (k: KernelState, run: () => void): number => countReads(tablesOf(k), run);

const COMMANDS = [
  'p0 malloc m 24', 'p0 malloc n 3000', 'p0 malloc o 200000', 'p0 calloc c 10 30', 'p0 usable m', 'p0 show m',
  'p0 realloc m 500', 'p0 realloc n 60000', 'p0 reallocarray m 30 40', 'p0 memalign g 256 100',
  'p0 aligned_alloc h 64 64', 'p0 posix_memalign i 4096 4096', 'p0 valloc v 100', 'p0 store m 0 n', 'p0 null i',
  'p0 fill m 7 1200', 'p0 raw m 1', 'p0 prev m', 'p0 poke m 3 1 2 3', 'p0 bytes m 0 16', 'p0 poke a 116 9',
  'p0 free m', 'p0 free o', 'p0 free n', 'p0 mallopt perturb 7', 'p0 trim 0', 'p0 mallinfo', 'p0 malloc_stats',
  'p0 free b0_7', 'p0 malloc b0_7 24', 'p0 loop malloc x 20 40', 'p0 loop free x 20',
]; // prettier-ignore

describe(`among ${MANY} live blocks`, () => {
  const few = machineWith(FEW);
  const many = machineWith(MANY);

  test.each(COMMANDS)('%s takes hardly more steps than among a thousand', (line) => {
    const [a, b] = [few, many].map((k) => readsOf(k, () => void step(k, command(line))));
    // Trees are half as deep again, or a little more.
    expect(b!).toBeLessThan(2.5 * a! + 100);
  });

  test('a window on bytes does not walk the heap', () => {
    const at = (k: KernelState): number => pointersOf(k, 0).find(({ name }) => name === 'b0_500')!.address;
    for (const [length, most] of [
      [64, 3000],
      [4096, 40_000],
    ] as const) {
      const [a, b] = [few, many].map((k) => {
        const address = at(k);
        return readsOf(k, () => void byteStates(k, 0, address, length));
      }); // prettier-ignore
      expect(a!).toBeGreaterThan(0);
      expect(b!).toBeLessThan(2.5 * a! + 100);
      expect(b!).toBeLessThan(most);
    }
  });
});

describe('what visits every block', () => {
  const few = machineWith(FEW);
  const some = machineWith(SOME);

  test('what looks at every block takes as many steps as there are blocks, and not their square', () => {
    for (const look of [
      (k: KernelState) => void heapReport(k, 0),
      (k: KernelState) => void reachOfBlocks(k, 0),
      (k: KernelState) => void heapListsOf(k, 0),
      (k: KernelState) => void pointersOf(k, 0),
    ]) {
      const [a, b] = [few, some].map((k) => readsOf(k, () => look(k)));
      expect(b!).toBeLessThan(2 * (SOME / FEW) * a!);
    }
  });

  test('fork and exit visit each block a few times', () => {
    const [a, b] = [few, some].map((k) => {
      // Room for the copies, so that no column grows and its reads are lost.
      for (const table of heapTablesOf(k.heapTables)) reserveRows(table, 3 * table.rows);
      return readsOf(k, () => {
        step(k, command('p0 fork p1'));
        step(k, command('p1 exit'));
      });
    });
    expect(b!).toBeLessThan(3 * (SOME / FEW) * a!);
  });
});

test('steps are counted at all: a look at every block takes at least one each', () => {
  const k = machineWith(FEW);
  expect(readsOf(k, () => void heapReport(k, 0))).toBeGreaterThan(FEW);
});
