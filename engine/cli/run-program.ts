import { compileC, Refusal, type Image } from '../c/index.ts';
import { boot } from '../kernel/index.ts';
import { ProgramRun, type ProgramEnd } from '../kernel/program/program-run.ts';
import { DEFAULT_MACHINE } from '../player/scenario/machine-options.ts';
import { HELP } from './help.ts';
import type { ExitCode, Io } from './io.ts';
import { MACHINE_FLAGS, machineFlags } from './machine-flags.ts';
import { parseOptions, type OptionTable } from './options.ts';
import { unusable } from './run.ts';

const OPTIONS: OptionTable = {
  '--instructions': 'value',
  '--output': 'value',
  '--env': 'values',
  '--json': 'value',
  '--real-mode': 'flag',
  '--help': 'flag',
  ...MACHINE_FLAGS,
};
const INSTRUCTIONS = 2_000_000_000;
const OUTPUT = 64 * 2 ** 20;
const BUDGET_STATUS = 124;
const SIGNAL_NAMES: Readonly<Record<number, string>> = {
  1: 'SIGHUP', 2: 'SIGINT', 3: 'SIGQUIT', 4: 'SIGILL', 5: 'SIGTRAP', 6: 'SIGABRT', 7: 'SIGBUS', 8: 'SIGFPE', 9: 'SIGKILL',
  10: 'SIGUSR1', 11: 'SIGSEGV', 12: 'SIGUSR2', 13: 'SIGPIPE', 14: 'SIGALRM', 15: 'SIGTERM',
}; // prettier-ignore

/** `faultline run [options] PROGRAM.c [args…]`. */
export async function runProgram(args: readonly string[], io: Io): Promise<ExitCode> {
  const at = programIndex(args);
  const parsed = parseOptions(args.slice(0, at), OPTIONS);
  if (!parsed.ok) return unusable(io, 'run', parsed.message);
  const { flags, values } = parsed.options;
  if (flags.has('--help')) {
    io.out(HELP['run']!);
    return 0;
  }
  const file = args[at];
  if (file === undefined) return unusable(io, 'run', 'no program is given; name a file such as program.c');
  const machine = machineFlags(parsed.options);
  if (!machine.ok) return unusable(io, 'run', machine.message);
  const instructions = budget(values.get('--instructions')?.at(-1), INSTRUCTIONS);
  const output = budget(values.get('--output')?.at(-1), OUTPUT);
  if (instructions === null || output === null) return unusable(io, 'run', 'a budget is a whole number from 1');
  const environment = values.get('--env') ?? [];
  const wrong = environment.find((text) => !/^[^=]+=/.test(text));
  if (wrong !== undefined) return unusable(io, 'run', `--env ${wrong} is no variable; write NAME=VALUE`);
  const image = compiled(file, io);
  if (image === null) return 2;
  const real = flags.has('--real-mode') ? { real: true as const } : {};
  const k = boot({ ...DEFAULT_MACHINE, image: 'bare', ...machine.machine, ...real });
  const write = (fd: 1 | 2, bytes: Uint8Array): void => io.write(fd, bytes.slice());
  const run = new ProgramRun(k, image, {
    name: file,
    args: args.slice(at + 1),
    environment,
    instructions,
    output,
    write,
  });
  const end = run.run();
  const json = values.get('--json')?.at(-1);
  if (json !== undefined) {
    const { minflt, majflt } = k.tasks;
    const figures = {
      instructions: run.instructions,
      minflt: minflt[0],
      majflt: majflt[0],
      timeNs: k.machine.timeNs[0],
      end,
      findings: [],
    };
    io.writeFile(json, `${JSON.stringify(figures)}\n`);
  }
  return finish(end, io);
}

/** Where the program's name stands: the first argument that is no option or an option's value. */
function programIndex(args: readonly string[]): number {
  let i = 0;
  while (i < args.length && args[i]!.startsWith('-') && args[i] !== '-') {
    const takesValue = !args[i]!.includes('=') && (OPTIONS[args[i]!] === 'value' || OPTIONS[args[i]!] === 'values');
    i += takesValue ? 2 : 1;
  }
  return i;
}

function budget(text: string | undefined, otherwise: number): number | null {
  if (text === undefined) return otherwise;
  return /^\d{1,15}$/.test(text) && Number(text) > 0 ? Number(text) : null;
}

/** The program, or null when its first error has been reported with its line and a caret. */
function compiled(file: string, io: Io): Image | null {
  const read = io.readFile(file);
  if (!read.ok) {
    io.err(`faultline run: ${file}: ${read.why}; name a C program\n`);
    return null;
  }
  try {
    return compileC(file, read.text);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { place, message } = error;
    io.err(`${place.file}:${place.line}:${place.col}: ${message}\n`);
    const line = place.file === file ? read.text.split('\n')[place.line - 1] : undefined;
    if (line !== undefined) io.err(`${line}\n${line.slice(0, place.col - 1).replace(/[^\t]/g, ' ')}^\n`);
    return null;
  }
}

function finish(end: ProgramEnd, io: Io): ExitCode {
  switch (end.kind) {
    case 'exit':
      return end.status;
    case 'signal': {
      const name = SIGNAL_NAMES[end.signal] ?? `signal ${end.signal}`;
      io.err(`faultline run: ${name}${end.reason === '' ? '' : `: ${end.reason}`}\n`);
      return 128 + end.signal;
    }
    case 'budget':
      io.err(`faultline run: stopped: ${end.reason}\n`);
      return BUDGET_STATUS;
  }
}
