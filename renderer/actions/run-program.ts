import { code } from '../stores/code.svelte.ts';
import { lab } from '../stores/lab.svelte.ts';
import { next } from './step.ts';
import { typeCommand } from './type-command.ts';

/** What the pane's controls do: words behind `pN` in the language of the console. */
export const PROGRAM_COMMANDS = {
  line: 'step',
  into: 'step into',
  out: 'step out',
  run: 'run',
  fault: 'run until fault',
  cow: 'run until cow',
  syscall: 'run until syscall',
} as const;
export type ProgramCommand = keyof typeof PROGRAM_COMMANDS;

/** Carries a command out for the task that is looked at: a typed step, which the journal keeps and ← takes back. */
async function command(words: string): Promise<void> {
  const task = code.tasks.find(({ pid }) => pid === code.pid);
  const text =
    task?.alive === true
      ? `p${task.pid} ${words}`
      : // Nobody runs it yet: the first command loads it.
        `p0 exec ${code.source?.name ?? ''}\np0 ${words}`;
  // Stepping back and on again is the same step, not another one.
  const { outline, player } = lab;
  const ahead = outline?.steps[player?.position ?? 0];
  if (ahead?.typed === true && ahead.title === text.replace('\n', '; ')) await next();
  else await typeCommand(text);
}

export const runProgram = (name: ProgramCommand): Promise<void> => command(PROGRAM_COMMANDS[name]);
export const runToLine = (line: number): Promise<void> => command(`run to line ${line}`);
