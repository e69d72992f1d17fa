import { boot, peekFiles, peekMachine, peekTask, step, whyNot, type KernelState } from '../kernel/index.ts';
import { PROGRAM_FILE } from '../proc/image.ts';
import type { Command, CommandResult, MachineOptions } from '../protocol/commands.ts';
import { SYSCTL_NAMES } from '../protocol/sysctls.ts';
import { parseScript, type ScriptCommand } from '../player/commands/parse-script.ts';
import { costText } from '../player/narrate/chips.ts';
import { outcomeText } from '../player/outcome.ts';
import { DEFAULT_MACHINE } from '../player/scenario/machine-options.ts';
import { didYouMean } from '../player/text/nearest.ts';
import { DESIGN_FLAGS, execDesigns, isComparison } from './exec-designs.ts';
import { Footprints } from '../kernel/heap/index.ts';
import { footprintFields, footprintText } from './footprint-fields.ts';
import { isLibraryCall } from '../protocol/library-calls.ts';
import { libraryFields } from './library-fields.ts';
import { execMalloc } from './exec-malloc.ts';
import type { ExitCode, Io } from './io.ts';
import { MACHINE_FLAGS, machineFlags, sayHypothetical } from './machine-flags.ts';
import { ScriptNames } from './names.ts';
import { parseOptions } from './options.ts';
import { RecordedState } from './recorded-state.ts';
import { unusable } from './run.ts';
import { readScriptFiles } from './script-files.ts';

const OPTIONS = {
  '--json': 'flag',
  '--malloc': 'flag',
  '--footprint': 'flag',
  ...DESIGN_FLAGS,
  ...MACHINE_FLAGS,
} as const;

/** What every recorded file starts with. */
const HARNESS_VM_PAGES = 47;
const MEMLOCK_PAGES = 2048;

interface Script {
  readonly commands: readonly ScriptCommand[];
}

/** `faultline exec [FILE…]`: runs scripts, each on a machine of its own; nothing runs unless all of them can be read. */
export async function exec(args: readonly string[], io: Io): Promise<ExitCode> {
  const parsed = parseOptions(args, OPTIONS);
  if (!parsed.ok) return unusable(io, 'exec', parsed.message);
  const { flags, files } = parsed.options;
  const machine = machineFlags(parsed.options);
  if (!machine.ok) return unusable(io, 'exec', machine.message);
  const [setting] = Object.keys(machine.settings);
  if (setting !== undefined)
    return unusable(io, 'exec', `there is no setting ${setting}; ${didYouMean(setting, SYSCTL_NAMES, 'leave it out')}`);
  sayHypothetical(io, machine.machine);
  if (isComparison(parsed.options)) return execDesigns(parsed.options, io);
  if (flags.has('--malloc')) return execMalloc(files.length === 0 ? ['-'] : files, machine.machine.seed ?? 1, io);
  const scripts = await readScriptFiles(files.length === 0 ? ['-'] : files, io, (text) => {
    const { commands, problems } = parseScript(text);
    return { script: { commands }, problems };
  });
  if (scripts === null) return 2;
  const options: MachineOptions = { ...DEFAULT_MACHINE, image: 'bare', ...machine.machine };
  const runScript = flags.has('--json') ? runJson : runText;
  for (const script of scripts) runScript(script, options, flags.has('--footprint'), io);
  return 0;
}

const NO_SUCH_TASK = { ret: -1, errno: 'ESRCH' } as const;

/**
 * What a line says of a command that could not be given: a task that does not exist is what a real kernel would answer;
 * for all else the lab gives its reason.
 */
function notGiven(k: KernelState, command: Command, reason: string): Record<string, unknown> {
  const gone = 'task' in command && peekTask(k, command.task) === null;
  const taken = command.op === 'fork' && !gone && reason.endsWith('exists already');
  return (gone || taken) && peekMachine(k).panic === null ? NO_SUCH_TASK : { refused: reason };
}

function runJson({ commands }: Script, options: MachineOptions, withFootprint: boolean, io: Io): void {
  const k = boot(options);
  const footprints = withFootprint ? new Footprints(k) : null;
  const names = new ScriptNames();
  const state = new RecordedState(names);
  let casOn = false;
  const env = { harness_vm_pages: HARNESS_VM_PAGES, overcommit: options.overcommit };
  io.out(`${JSON.stringify({ env: { ...env, memlock_cur: MEMLOCK_PAGES, memlock_max: MEMLOCK_PAGES } })}\n`);
  commands.forEach(({ command, text }, i) => {
    names.mention(command);
    const head = { step: i + 1, op: text };
    const refused = whyNot(k, command);
    if (refused !== null) {
      io.out(`${JSON.stringify({ ...head, ...notGiven(k, command, refused), procs: state.processes(k) })}\n`);
      return;
    }
    const result = step(k, command);
    names.follow(k, command, result);
    if (command.op === '@cas') casOn = true;
    if (!('task' in command)) {
      io.out(
        `${JSON.stringify({ ...head, ...recordedResult(command, result), ...footprintFields(footprints, result) })}\n`,
      );
      return;
    }
    const cas = casOn ? { cas_delta: result.casDelta } : {};
    const stands = { procs: state.processes(k), ...filesOf(k), ...footprintFields(footprints, result) };
    io.out(`${JSON.stringify({ ...head, ...recordedResult(command, result), ...cas, ...stands })}\n`);
  });
}

/** Files that the script made, with a letter a page: `.` not cached, c clean, d dirty, w being written back. */
function filesOf(k: KernelState): Record<string, unknown> {
  const files = peekFiles(k).filter(({ name }) => name !== PROGRAM_FILE);
  if (files.length === 0) return {};
  return { files: Object.fromEntries(files.map(({ name, sizeBytes, cache }) => [name, { size: sizeBytes, cache }])) };
}

/** The result's fields in the order of the recorded lines. */
function recordedResult(command: Command, result: CommandResult): Record<string, unknown> {
  const {
    ret,
    errno,
    sig,
    code,
    done,
    bytes,
    vec,
    min,
    maj,
    status,
    usage,
    text,
    oom,
    panic,
    walk,
    tlb,
    physical,
    trace,
  } = result;
  const out = { ...oomFields(oom), ...(panic === undefined ? {} : { panic }) };
  if (isLibraryCall(command)) return { ...libraryFields(command, result), ...out };
  if (result.died === true && (sig === undefined || sig === 'SIGKILL')) return { died: true, ...out };
  return {
    ...(ret === undefined ? {} : { ret }),
    ...(errno === undefined ? {} : { errno }),
    ...(status === undefined ? {} : { status }),
    ...(usage === undefined ? {} : { usage }),
    ...(text === undefined ? {} : { text }),
    ...(sig === undefined ? {} : { sig, code: code ?? '?', done: done ?? 0 }),
    ...(result.died === true ? { died: true } : {}),
    ...(vec === undefined ? {} : { vec: vec.join('') }),
    ...(bytes === undefined || command.op === 'touch_r' ? {} : { bytes }),
    ...(min === undefined ? {} : { min, maj }),
    ...(walk === undefined ? {} : { walk, tlb }),
    ...(trace === undefined ? {} : { trace }),
    ...(physical === undefined ? {} : { physical }),
    ...out,
  };
}

/** The first pass; where there were more in one command, all victims, and the log of all. */
function oomFields(oom: CommandResult['oom']): Record<string, unknown> {
  const [first, ...more] = oom ?? [];
  if (first === undefined) return {};
  const { victim, badness } = first;
  const log = [first, ...more].map((pass) => pass.log).join('');
  const victims = more.length === 0 ? {} : { victims: [first, ...more].map((pass) => pass.victim) };
  return { oom: { victim, ...victims, badness, log } };
}

function runText({ commands }: Script, options: MachineOptions, withFootprint: boolean, io: Io): void {
  const k = boot(options);
  const footprints = withFootprint ? new Footprints(k) : null;
  commands.forEach(({ command, text }, i) => {
    const refused = whyNot(k, command);
    const given = refused === null ? step(k, command) : null;
    const what = given === null ? notGivenText(notGiven(k, command, refused!)) : `${outcomeText(given)}${costs(given)}`;
    const footprint = given === null ? '' : footprintText(footprints, given);
    io.out(`${i + 1}  ${text}  → ${what}  ${tasksText(k)}${footprint}\n`);
    for (const pass of given?.oom ?? []) io.out(pass.log);
  });
}

const notGivenText = ({ errno, refused }: Record<string, unknown>): string => String(errno ?? refused);

const costs = ({ min, maj, timeNs }: CommandResult): string =>
  min === undefined ? '' : `, ${costText({ minflt: min, majflt: maj ?? 0, timeNs })}`;

/** The processes in a few figures. Pages. */
function tasksText(k: KernelState): string {
  return peekMachine(k)
    .tasks.flatMap((pid) => {
      const view = peekTask(k, pid);
      return view === null
        ? []
        : [`[p${pid} rss ${view.rss} pss ${Math.round(view.pss * 10) / 10} commit ${view.commit}]`];
    })
    .join(' ');
}
