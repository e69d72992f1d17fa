/** Programs compiled by us and by gcc -O0: what they put out must be equal. */
import { describe, expect, it } from 'vitest';
import { Random } from '../../testing/random.ts';
import { ORDER_PROGRAM, PROGRAMS } from './programs.ts';
import { ProgramMaker } from './random-program.ts';
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
  const count = Number(process.env['C_SEEDS'] ?? 8);
  it.skipIf(!hasGcc).each(Array.from({ length: count }, (_, i) => from + i))(
    'random program %i (skipped without gcc)',
    (seed) => {
      const text = new ProgramMaker(new Random(seed)).program(60);
      const ours = runFlat(text).lines;
      const theirs = runWithGcc(text);
      expect(values(ours), `seed ${seed}\n${text}`).toEqual(values(theirs));
    },
  );
});
