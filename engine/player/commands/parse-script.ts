import { MAX_COMMANDS } from '../../base/limits.ts';
import type { Command } from '../../protocol/commands.ts';
import type { TextProblem } from '../text/problem.ts';
import { parseCommand } from './parse-command.ts';
import { PointerList } from './pointer-list.ts';
import { TaskList } from './task-list.ts';
import { codeEnd, wordsOf } from './words.ts';

/** A command of a script with the text it was written as. */
export interface ScriptCommand {
  readonly command: Command;
  /** The line without comment and outer white space. */
  readonly text: string;
  /** UTF-16 offset of the command in the script. */
  readonly start: number;
}

export interface ParsedScript {
  readonly commands: readonly ScriptCommand[];
  /** All problems of all lines; commands may run only when there is none. */
  readonly problems: readonly TextProblem[];
}

/**
 * A whole script, one command a line; nothing runs before all of it is read.
 * @param tasks what the lines before this text have forked and ended; followed on. A new machine has p0.
 * @param pointers the same for names of pointers
 */
export function parseScript(script: string, tasks = new TaskList(), pointers = new PointerList()): ParsedScript {
  const commands: ScriptCommand[] = [];
  const problems: TextProblem[] = [];
  let lineStart = 0;
  for (const line of script.split('\n')) {
    readLine(line, lineStart);
    lineStart += line.length + 1;
    if (commands.length > MAX_COMMANDS) {
      const message = `the script has more than ${MAX_COMMANDS} commands`;
      problems.push({ start: lineStart, end: lineStart, message, remedy: 'split it in two' });
      break;
    }
  }
  return { commands, problems };

  function readLine(line: string, start: number): void {
    const words = wordsOf(line, start);
    const first = words[0];
    if (first === undefined) return;
    const parsed = parseCommand(words);
    if (!parsed.ok) {
      problems.push(...parsed.problems);
      return;
    }
    const command = parsed.value;
    const misuse = tasks.follow(command);
    if (misuse !== null) {
      const word = command.op === 'fork' && misuse.message.includes('already') ? words[2]! : first;
      problems.push({ start: word.start, end: word.end, ...misuse });
      return;
    }
    const unknown = pointers.follow(command);
    if (unknown !== null) {
      const word = words[2] ?? first;
      problems.push({ start: word.start, end: word.end, ...unknown });
      return;
    }
    const text = line.slice(first.start - start, codeEnd(line)).trimEnd();
    commands.push({ command, text, start: first.start });
  }
}
