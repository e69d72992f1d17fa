import { version } from '../../package.json';
import { didYouMean } from '../player/text/nearest.ts';
import { HELP } from './help.ts';
import type { ExitCode, Io } from './io.ts';

type Verb = (args: readonly string[], io: Io) => Promise<ExitCode>;

/** Loaded when they are asked for, so that --version and --help answer at once. */
const VERBS: Readonly<Record<string, () => Promise<Verb>>> = {
  play: async () => (await import('./play.ts')).play,
  exec: async () => (await import('./exec.ts')).exec,
  check: async () => (await import('./check.ts')).check,
  run: async () => (await import('./run-program.ts')).runProgram,
  trace: async () => (await import('./trace.ts')).trace,
  verify: async () => (await import('./verify.ts')).verify,
  bench: async () => (await import('./bench.ts')).bench,
};

/** The `faultline` command. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  const [first, ...rest] = argv;
  if (first === '--version') {
    io.out(`faultline ${version}\n`);
    return 0;
  }
  if (first === '--help' || first === '-h' || first === undefined) {
    const text = HELP['faultline']!;
    if (first === undefined) io.err(text);
    else io.out(text);
    return first === undefined ? 2 : 0;
  }
  const verb = Object.hasOwn(VERBS, first) ? VERBS[first] : undefined;
  if (verb === undefined) {
    const known = Object.keys(VERBS);
    const what = first.startsWith('-') ? 'option' : 'verb';
    io.err(`faultline: ${first} is no ${what}; ${didYouMean(first, known, `use ${known.join(', ')}`)}\n`);
    return 2;
  }
  // What stands behind a program's name is the program's.
  const own = first === 'run' ? rest.slice(0, 1) : rest;
  if (own.includes('--help') || own.includes('-h')) {
    io.out(HELP[first]!);
    return 0;
  }
  return (await verb())(rest, io);
}

/** A message that stops a verb: what is wrong; what to do. */
export function unusable(io: Io, verb: string, message: string): ExitCode {
  io.err(`faultline ${verb}: ${message}\n`);
  return 2;
}
