import { attempt, FLAT_LAYOUT, FlatMemory, makeAllocator, type FlatPlace, type StopReason } from '../malloc/index.ts';
import { parseMallocScript, type ParsedMallocScript } from '../player/commands/parse-malloc.ts';
import type { TextProblem } from '../player/text/problem.ts';
import { MallocScriptRun, type LineField } from './exec-malloc-run.ts';
import type { ExitCode, Io } from './io.ts';
import { readScriptFiles } from './script-files.ts';

/** `faultline exec --malloc`: runs malloc scripts, each in a process of its own, one JSON object a command. */
export async function execMalloc(files: readonly string[], seed: number, io: Io): Promise<ExitCode> {
  const scripts = await readMallocScripts(files, io);
  if (scripts === null) return 2;
  for (const script of scripts) runMallocScript(script, seed, io);
  return 0;
}

/** @param problemsOf what else is wrong with a script @returns null when one cannot be used, which has been said */
export const readMallocScripts = (
  files: readonly string[],
  io: Io,
  problemsOf: (script: ParsedMallocScript) => readonly TextProblem[] = () => [],
): Promise<ParsedMallocScript[] | null> =>
  readScriptFiles(files, io, (text) => {
    const script = parseMallocScript(text);
    return { script, problems: [...script.problems, ...problemsOf(script)] };
  });

/** Numbers of the signals that end a process in the allocator; an endless loop is ended from outside. */
const SIGNALS = { SIGABRT: 6, SIGBUS: 7, SIGKILL: 9, SIGSEGV: 11 } as const;

/** A step that dies prints nothing of what it found on its way. */
export function died(stop: StopReason): { readonly how: string; readonly exit: number; readonly stderr: string } {
  switch (stop.kind) {
    case 'abort':
      return { how: 'SIGABRT', exit: -SIGNALS.SIGABRT, stderr: stop.message };
    case 'signal':
      return { how: stop.signal, exit: -SIGNALS[stop.signal], stderr: '' };
    case 'loop':
      return { how: `endless loop in a ${stop.list}`, exit: -SIGNALS.SIGKILL, stderr: '' };
  }
}

/**
 * Runs a script in a process of its own; what each command did goes to standard output.
 * @param place where the process's heap and libraries begin, when that is not the usual one
 */
export function runMallocScript(
  script: ParsedMallocScript,
  seed: number,
  io: Pick<Io, 'out'>,
  place?: FlatPlace,
): void {
  const memory = new FlatMemory(seed, undefined, place);
  const allocator = makeAllocator(memory, FLAT_LAYOUT.arena, script.environment);
  const run = new MallocScriptRun(allocator, memory, memory.breakAddress);
  for (const [i, { command, text }] of script.commands.entries()) {
    const head: LineField[] = [
      ['step', `${i + 1}`],
      ['op', JSON.stringify(text)],
    ];
    const done = attempt(() => run.step(command));
    if (!done.ok) {
      const { how, exit, stderr } = died(done.stop);
      io.out(line([...head, ['died', JSON.stringify(how)]]));
      io.out(`${JSON.stringify({ exit, stderr })}\n`);
      return;
    }
    io.out(line([...head, ...done.value]));
  }
  io.out(`${JSON.stringify({ exit: 0, stderr: '' })}\n`);
}

/** Built by hand: a damaged word has 64 bits, more than a number of JSON.stringify. */
const line = (fields: readonly LineField[]): string =>
  `{${fields.map(([name, json]) => `"${name}":${json}`).join(',')}}\n`;
