/** Programs compiled by us and by gcc -O0: what they put out must be equal. */
import { describe, expect, it } from 'vitest';
import { ORDER_PROGRAM, PROGRAMS } from './programs.ts';
import { randomBatch, randomProgram, splitBatch } from './random-batch.ts';
import { runFlat } from './run-flat.ts';
import { hasGcc, runWithGcc } from './with-gcc.ts';

const numberOf = (text: string): number => Number(text.replace('inf', 'Infinity').replace('-nan', 'nan'));
/** Doubles are compared by value. */
const values = (lines: readonly string[]): (string | number)[] =>
  lines.map((line) => (line.startsWith('d') ? numberOf(line.slice(1)) : line));
const differ = (text: string): void => {
  expect(values(runFlat(text).lines)).toEqual(values(runWithGcc(text)));
};

describe('programs give what gcc -O0 gives', () => {
  it.skipIf(!hasGcc).each(Object.entries(PROGRAMS))('%s (skipped without gcc)', (_name, text) => differ(text));

  it.skipIf(!hasGcc)('in the order of evaluation (skipped without gcc)', () => differ(ORDER_PROGRAM));

  const from = Number(process.env['C_SEED'] ?? 1);
  const count = Number(process.env['C_SEEDS'] ?? 24);
  const BATCH = 24;
  const batches = Array.from({ length: Math.ceil(count / BATCH) }, (_, i) => from + i * BATCH);
  it.skipIf(!hasGcc).each(batches)('random programs of seeds from %i on (skipped without gcc)', (first) => {
    const text = randomBatch(first, Math.min(BATCH, from + count - first));
    const ours = splitBatch(runFlat(text).lines);
    const theirs = splitBatch(runWithGcc(text));
    expect([...ours.keys()]).toEqual([...theirs.keys()]);
    for (const [seed, lines] of theirs)
      expect(values(ours.get(seed)!), `seed ${seed}\n${randomProgram(seed)}`).toEqual(values(lines));
  });
});
