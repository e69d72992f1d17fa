import { MAX_COMMANDS } from '../../base/limits.ts';
import { didYouMean } from '../text/nearest.ts';
import type { TextProblem } from '../text/problem.ts';
import { LIBRARY_USAGE, readLibraryCall } from './library-call.ts';
import type { MallocCommand } from './parse-malloc-command.ts';
import { MallocReader } from './parse-malloc-words.ts';
import { LineProblem, WordReader } from './word-reader.ts';
import { codeEnd, wordsOf } from './words.ts';

export interface MallocScriptCommand {
  readonly command: MallocCommand;
  /** The line without comment and outer white space. */
  readonly text: string;
  /** Where its first word stands in the script. */
  readonly start: number;
}

export interface ParsedMallocScript {
  readonly commands: readonly MallocScriptCommand[];
  /** What `@env` lines set, in their order; they are no commands. */
  readonly environment: ReadonlyMap<string, string>;
  readonly problems: readonly TextProblem[];
}

/** Operations with how they are written. */
const USAGE: Readonly<Record<MallocCommand['op'], string>> = {
  ...LIBRARY_USAGE,
  poke: 'poke NAME OFFSET BYTE',
  bytes: 'bytes NAME OFFSET COUNT',
  state: 'state',
  stats: 'stats 0|1',
};
const OPS = Object.keys(USAGE);

/** A malloc script, one command a line; nothing runs before all of it is read. */
export function parseMallocScript(script: string): ParsedMallocScript {
  const commands: MallocScriptCommand[] = [];
  const environment = new Map<string, string>();
  const problems: TextProblem[] = [];
  const names = new Set<string>();
  let start = 0;
  for (const line of script.split('\n')) {
    try {
      readLine(line, start);
    } catch (error) {
      if (!(error instanceof LineProblem)) throw error;
      problems.push(error.problem);
    }
    start += line.length + 1;
    if (commands.length > MAX_COMMANDS) {
      problems.push({
        start,
        end: start,
        message: `the script has more than ${MAX_COMMANDS} commands`,
        remedy: 'split it in two',
      });
      break;
    }
  }
  return { commands, environment, problems };

  function readLine(line: string, at: number): void {
    const words = wordsOf(line, at);
    const first = words[0];
    if (first === undefined) return;
    if (first.text === '@env') {
      const match = /^\s*@env (\S+) (.*?)\r?$/.exec(line);
      if (match === null) WordReader.refuse(first, 'the variable has no name or value', 'write @env NAME VALUE');
      environment.set(match[1]!, match[2]!);
      return;
    }
    if (!OPS.includes(first.text)) {
      const known = [...OPS, '@env'];
      WordReader.refuse(
        first,
        `${first.text} is no operation`,
        didYouMean(first.text, known, `use ${known.join(', ')}`),
      );
    }
    const op = first.text as MallocCommand['op'];
    const reader = new MallocReader(words, USAGE[op], names);
    const command = commandOf(op, reader);
    reader.finish();
    commands.push({ command, text: line.slice(0, codeEnd(line)).trim(), start: first.start });
  }
}

function commandOf(op: MallocCommand['op'], read: MallocReader): MallocCommand {
  switch (op) {
    case 'poke':
      return { op, name: read.knownName(), offset: read.word('OFFSET'), byte: read.int('BYTE') & 0xff };
    case 'bytes':
      return { op, name: read.knownName(), offset: read.word('OFFSET'), count: read.count('COUNT') };
    case 'state':
      return { op };
    case 'stats':
      return { op, on: read.int('0 or 1') !== 0 };
    default:
      return readLibraryCall(op, read);
  }
}
