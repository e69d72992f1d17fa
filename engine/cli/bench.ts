import path from 'node:path';
import { didYouMean } from '../player/text/nearest.ts';
import { NativeTools } from './bench/native-tools.ts';
import { FULL_SIZE, QUICK_SIZE, type BenchRow, type Measured } from './bench/row.ts';
import { BENCH_ROWS } from './bench/rows/rows.ts';
import type { ExitCode, Io } from './io.ts';
import { parseOptions } from './options.ts';
import { PROJECT_ROOT } from './project-root.ts';
import { unusable } from './run.ts';

const OPTIONS = { '--json': 'flag', '--quick': 'flag' } as const;

/** `faultline bench [NAME…]`: the lab's speed and size against references measured in the same run. */
export async function bench(args: readonly string[], io: Io): Promise<ExitCode> {
  const parsed = parseOptions(args, OPTIONS);
  if (!parsed.ok) return unusable(io, 'bench', parsed.message);
  const { flags, files: names } = parsed.options;
  const rows: BenchRow[] = names.length === 0 ? [...BENCH_ROWS] : [];
  for (const name of names) {
    const found = BENCH_ROWS.filter((row) => row.name === name || row.name.startsWith(`${name}/`));
    if (found.length === 0) return unusable(io, 'bench', `${name} is no row; ${remedyFor(name)}`);
    rows.push(...found.filter((row) => !rows.includes(row)));
  }
  const size = flags.has('--quick') ? QUICK_SIZE : FULL_SIZE;
  const tools = new NativeTools(path.join(PROJECT_ROOT, 'engine/cli/bench/native'));
  const say = flags.has('--json') ? jsonLine : textLine;
  const tally = { reached: 0, missed: 0, skipped: 0, watched: 0 };
  try {
    for (const row of rows) {
      const result = await row.measure(size, tools);
      tally[verdict(row, result)]++;
      io.out(`${say(row, result)}\n`);
    }
  } finally {
    tools.remove();
  }
  if (!flags.has('--json')) {
    const { reached, missed, skipped, watched } = tally;
    io.out(`\n${reached} goals reached, ${missed} missed, ${watched} without a goal, ${skipped} skipped\n`);
  }
  return 0;
}

const groups = (): string[] => [...new Set(BENCH_ROWS.map(({ name }) => name.split('/')[0]!))];

function remedyFor(name: string): string {
  const known = [...BENCH_ROWS.map((row) => row.name), ...groups()];
  return didYouMean(name, known, `use ${groups().join(', ')}, or one of their rows`);
}

type Verdict = 'reached' | 'missed' | 'skipped' | 'watched';

function verdict({ goal }: BenchRow, result: Measured): Verdict {
  if ('skipped' in result) return 'skipped';
  if (goal === null) return 'watched';
  return result.ratio >= goal ? 'reached' : 'missed';
}

const rounded = (value: number): number => Number(value.toPrecision(4));

function jsonLine(row: BenchRow, result: Measured): string {
  const { name, against } = row;
  const goal = row.goal === null ? null : rounded(row.goal);
  if ('skipped' in result) {
    return JSON.stringify({ name, ratio: null, against, goal, reached: null, rounds: 0, skipped: result.skipped });
  }
  const reached = goal === null ? null : result.ratio >= row.goal!;
  const { ratio, rounds, detail } = result;
  return JSON.stringify({ name, ratio: rounded(ratio), against, goal, reached, rounds, detail });
}

const WORDS: Readonly<Record<Verdict, string>> = {
  reached: 'reached',
  missed: 'MISSED',
  skipped: 'skipped',
  watched: '',
};

/** One row for people: the ratio and its goal, then what it is and the figures behind it. */
function textLine(row: BenchRow, result: Measured): string {
  const word = WORDS[verdict(row, result)];
  const goal = row.goal === null ? '' : `of ${rounded(row.goal)}`;
  const ratio = 'skipped' in result ? '' : `${rounded(result.ratio)}`;
  const what = 'skipped' in result ? result.skipped : result.detail;
  const head = `${row.name.padEnd(20)}${ratio.padStart(10)} ${goal.padEnd(10)} ${word.padEnd(8)}`;
  return `${head} ${what}\n${' '.repeat(20)}against ${row.against}`;
}
