import { EVENT } from '../../base/event-kinds.ts';
import type { EventRecord } from '../../base/event-log.ts';
import type { CommandResult, ProgramResult } from '../../protocol/commands.ts';
import type { ProgramDirective } from '../commands/program-commands.ts';
import { FINDING_KINDS, FINDING_WORDS } from '../../kernel/index.ts';
import { counted } from './words.ts';
import type { Tally } from './tally.ts';

/** What a C program did while it ran: where it stands now, and what memory had to do for it. */
export function programSentence(who: string, { program, sig, reason }: CommandResult, tally: Tally): string {
  if (program === undefined) return `${who} goes on.`;
  return `${who} ${endText(program, sig, reason)} after ${counted(program.instructions, 'instruction')}.${workText(tally)}`;
}

function endText({ stopped, line, status }: ProgramResult, sig?: string, reason?: string): string {
  if (sig !== undefined) return `dies of ${sig}${reason === undefined ? '' : ` (${reason})`}`;
  const where = line === null ? 'inside the library' : `at line ${line}`;
  switch (stopped) {
    case 'there':
      return `stops ${where}`;
    case 'ended':
      return `ends with status ${status ?? 0}`;
    case 'budget':
      return `is still running, ${where},`;
    case 'output':
      return `has put out too much and stands ${where}`;
    case 'waiting':
      return `waits ${where}`;
  }
}

function workText({ faults, copies }: Tally): string {
  const parts = [
    ...(faults.length > 0 ? [counted(faults.length, 'page fault')] : []),
    ...(copies > 0 ? [`${counted(copies, 'frame')} copied`] : []),
  ];
  return parts.length === 0 ? '' : ` On the way: ${parts.join(', ')}.`;
}

export function programDirectiveSentence(command: ProgramDirective, { program }: CommandResult): string {
  if (command.op === '@secret')
    return `From now on the lab says in which frames and swap slots “${command.text}” can be found.`;
  if (command.op === '@alignment')
    return command.trap
      ? 'From now on the processor ends a misaligned access in SIGBUS.'
      : 'From now on the processor takes misaligned accesses.';
  if (command.op === '@slice')
    return `From now on a C program runs ${counted(command.instructions, 'instruction')} before the next one has its turn.`;
  const end = program?.stopped === 'ended' ? 'All C programs have ended' : 'The C programs went on in turns';
  return `${end}, ${counted(program?.instructions ?? 0, 'instruction')}.`;
}

/** Events of C programs in a few words; null for any other kind. */
export function programEventText(e: EventRecord): string | null {
  if (e.kind === EVENT.OUTPUT) return `${counted(e.b, 'byte')} to standard ${e.a === 2 ? 'error' : 'output'}`;
  if (e.kind === EVENT.FINDING) return `found at line ${e.b}: ${FINDING_WORDS[FINDING_KINDS[e.a]!]}`;
  if (e.kind !== EVENT.PROGRAM_STOPPED) return null;
  return `p${e.pid} ${e.a === 0 ? 'stops' : `stops at line ${e.a}`} after ${counted(e.b, 'instruction')}`;
}
