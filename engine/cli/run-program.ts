import { Refusal } from '../c/index.ts';
import { boot, findingsOf, findingText, step, whyNot, type KernelState } from '../kernel/index.ts';
import { compiledPrograms } from '../kernel/program/compiled.ts';
import { isAlive } from '../proc/task.ts';
import { DEFAULT_MACHINE } from '../player/scenario/machine-options.ts';
import { HELP } from './help.ts';
import type { ExitCode, Io } from './io.ts';
import { MACHINE_FLAGS, machineFlags, sayHypothetical } from './machine-flags.ts';
import { parseOptions, type OptionTable } from './options.ts';
import { unusable } from './run.ts';

const OPTIONS: OptionTable = {
  '--instructions': 'value',
  '--output': 'value',
  '--env': 'values',
  '--json': 'value',
  '--real-mode': 'flag',
  '--explain': 'flag',
  '--help': 'flag',
  ...MACHINE_FLAGS,
};
const INSTRUCTIONS = 2_000_000_000;
const OUTPUT = 64 * 2 ** 20;
const BUDGET_STATUS = 124;
const SIGKILL = 9;
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
  sayHypothetical(io, machine.machine);
  const instructions = budget(values.get('--instructions')?.at(-1), INSTRUCTIONS);
  const output = budget(values.get('--output')?.at(-1), OUTPUT);
  if (instructions === null || output === null) return unusable(io, 'run', 'a budget is a whole number from 1');
  const environment = values.get('--env') ?? [];
  const wrong = environment.find((text) => !/^[^=]+=/.test(text));
  if (wrong !== undefined) return unusable(io, 'run', `--env ${wrong} is no variable; write NAME=VALUE`);
  const text = readProgram(file, io);
  if (text === null) return 2;
  const programs = [{ name: file, text }];
  const real = flags.has('--real-mode') ? { real: true as const } : {};
  const json = values.get('--json')?.at(-1);
  const explains = flags.has('--explain');
  const checked = explains || json !== undefined;
  const k = boot({
    ...DEFAULT_MACHINE,
    image: 'bare',
    ...machine.machine,
    ...real,
    programs,
    outputBytes: output,
    checked,
  });
  k.host = {
    write: (fd, bytes) => io.write(fd, bytes.slice()),
    read: (position, length) => io.readInput(position, length),
  };
  for (const variable of environment) {
    const refused = setVariable(k, variable);
    if (refused !== null) return unusable(io, 'run', `--env ${variable}: ${refused}`);
  }
  const end = playProgram(k, file, args.slice(at + 1), instructions);
  if (explains) for (const view of findingsOf(k)) io.err(findingText(view));
  if (json !== undefined) io.writeFile(json, `${JSON.stringify(figuresOf(k, end))}\n`);
  return finish(end, io);
}

type ProgramEnd =
  | { readonly kind: 'exit'; readonly status: number }
  | { readonly kind: 'signal'; readonly signal: number; readonly reason: string }
  | { readonly kind: 'budget'; readonly reason: string };

/** After the first process has ended, others may go on so long. */
const ORPHAN_INSTRUCTIONS = 5_000_000;
/** Instructions of one command, so that the log of events can be emptied in between. */
const COMMAND_INSTRUCTIONS = 50_000_000;

/** @returns why it cannot be set, or null */
function setVariable(k: KernelState, variable: string): string | null {
  const at = variable.indexOf('=');
  const command = { op: '@env', name: variable.slice(0, at), value: variable.slice(at + 1) } as const;
  const refused = whyNot(k, command);
  if (refused === null) step(k, command);
  return refused;
}

/** The program from its start until its first process has ended, or a budget has. */
function playProgram(k: KernelState, file: string, args: readonly string[], instructions: number): ProgramEnd {
  const { runtime } = k.programs;
  const started = step(k, { task: 0, op: 'exec', image: file, args });
  if (started.errno !== undefined)
    return { kind: 'signal', signal: SIGKILL, reason: 'the program does not fit the machine' };
  let end: ProgramEnd | null = null;
  while (end === null) {
    const left = instructions - runtime.instructions[0]!;
    if (left <= 0) return { kind: 'budget', reason: `${instructions} instructions have run` };
    const { program, panic } = step(k, { op: '@run', instructions: Math.min(left, COMMAND_INSTRUCTIONS) });
    const death = program?.deaths?.find(({ task }) => task === 0);
    if (death !== undefined)
      end = death.signal === 0 ? { kind: 'exit', status: death.status } : { kind: 'signal', ...death };
    else if (!isAlive(k, 0)) end = { kind: 'signal', signal: SIGKILL, reason: panic ?? 'out of memory' };
    else if (program?.stopped === 'output')
      end = { kind: 'budget', reason: `${runtime.outputLimit[0]!} bytes of output were written` };
    else if (program?.stopped === 'waiting')
      end = { kind: 'budget', reason: 'all processes wait for something that never comes' };
    forgetEvents(k);
  }
  if (end.kind !== 'budget') step(k, { op: '@run', instructions: ORPHAN_INSTRUCTIONS });
  return end;
}

/** Nobody asks for events of a run from the command line. */
function forgetEvents({ events }: KernelState): void {
  events.first = events.next;
}

function figuresOf(k: KernelState, end: ProgramEnd): object {
  const { minflt, majflt } = k.tasks;
  return {
    instructions: k.programs.runtime.instructions[0],
    minflt: minflt[0],
    majflt: majflt[0],
    timeNs: k.machine.timeNs[0],
    end,
    findings: findingsOf(k),
  };
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

/** The program's text, or null when its first error has been reported with its line and a caret. */
function readProgram(file: string, io: Io): string | null {
  const read = io.readFile(file);
  if (!read.ok) {
    io.err(`faultline run: ${file}: ${read.why}; name a C program\n`);
    return null;
  }
  try {
    compiledPrograms([{ name: file, text: read.text }]);
    return read.text;
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
