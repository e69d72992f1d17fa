import { Random } from '../../testing/random.ts';
import { ProgramMaker } from './random-program.ts';

/** Statements of one random program. */
const STATEMENTS = 60;

/** The program of a seed. */
export const randomProgram = (seed: number): string => new ProgramMaker(new Random(seed)).program(STATEMENTS);

/**
 * The programs of several seeds in one, one after the other, as gcc takes longer to start than to compile. Before each
 * it puts out the mark of its seed.
 */
export function randomBatch(first: number, count: number): string {
  const seeds = Array.from({ length: count }, (_, i) => first + i);
  const parts = seeds.map((seed) => randomProgram(seed).replace(/\b(main|f|g)\(/g, `$1_${seed}(`));
  return `${parts.join('\n')}\nint main(void) { ${seeds.map((seed) => `out(${MARK}L + ${seed}); main_${seed}();`).join(' ')} return 0; }\n`;
}
const MARK = 7_000_000_000_000;

/** What each program of a batch put out, by its seed. */
export function splitBatch(lines: readonly string[]): Map<number, string[]> {
  const found = new Map<number, string[]>();
  let current: string[] = [];
  for (const line of lines) {
    const seed = Number(line) - MARK;
    if (Number.isInteger(seed) && seed >= 0 && seed < 1e9) {
      current = [];
      found.set(seed, current);
    } else current.push(line);
  }
  return found;
}
