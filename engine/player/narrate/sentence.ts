import { PAGE_SIZE } from '../../base/units.ts';
import { SIGNAL_REASONS, type SignalReason } from '../../base/event-kinds.ts';
import { sysctlRange } from '../../mm/sysctl.ts';
import type { Command, CommandResult, MachineDirective } from '../../protocol/commands.ts';
import { isLibraryCall } from '../../protocol/library-calls.ts';
import { formatQuantity } from '../commands/quantity.ts';
import { accessSentence } from './access-sentence.ts';
import { librarySentence } from './library-sentence.ts';
import { fileSentence } from './file-sentence.ts';
import { freed } from './freed.ts';
import { lockSentence } from './lock-sentence.ts';
import { traceSentence } from './trace-words.ts';
import { flatText, realSentence } from './real-words.ts';
import { mmuDirectiveSentence, walkSentence } from './mmu-sentence.ts';
import { isLockOrAdvice } from '../commands/lock-and-advice.ts';
import { range } from './range-words.ts';
import { programDirectiveSentence, programSentence } from './program-sentence.ts';
import { taskSentence } from './task-sentence.ts';
import type { Tally } from './tally.ts';
import { counted, ERRNO_WHY, listed } from './words.ts';

/** What one command did, in one or two sentences of plain words. */
export function commandSentence(command: Command, result: CommandResult, tally: Tally): string {
  const killed = tally.killed.length === 0 ? '' : ` No frame was free, so the kernel killed ${victims(tally)}.`;
  return sentence(command, result, tally) + killed + reapedText(tally) + panicText(result);
}

const reapedText = ({ reaped }: Tally): string =>
  reaped
    .map(({ pid, pages }) => ` p${pid} cannot end yet, so the reaper takes ${counted(pages, 'page')} of it.`)
    .join('');

const panicText = ({ panic }: CommandResult): string =>
  panic === undefined
    ? ''
    : ` No task may be killed: the kernel panics, ${panic}. Nothing runs any more; only going back helps.`;

const victims = ({ killed }: Tally): string => listed([...new Set(killed)].map((pid) => `p${pid}`));

function sentence(command: Command, result: CommandResult, tally: Tally): string {
  if (!('task' in command)) return directiveSentence(command, result);
  const who = `p${command.task}`;
  if (isLibraryCall(command)) return librarySentence(who, command, result, tally);
  if (result.errno !== undefined) return refusedSentence(who, command, result.errno);
  switch (command.op) {
    case 'mmap':
      return mapSentence(who, command, tally);
    case 'munmap':
      return `${who} gives ${range(command)} back. ${freed(tally)}`;
    case 'mprotect':
      return `${who} lets ${range(command)} be ${allowed(command.perms)} from now on. No frame moves.`;
    case 'touch_r':
    case 'touch_w':
    case 'read':
    case 'poke':
    case 'bytes':
      return accessSentence(who, command, signalOf(result), tally, result.bytes, result.pointer === true);
    case 'brk':
      return breakSentence(who, result, tally);
    case 'fork':
      return forkSentence(who, `p${command.child}`, tally);
    case 'walk':
      return walkSentence(who, command, result);
    case 'state':
      return 'Nothing happens; this is where things stand.';
    case 'run':
    case 'step':
      return programSentence(who, result, tally);
    case 'secret':
      return `What ${who}’s ${command.name} holds is secret from now on: the lab follows every copy of it.`;
    case 'exec':
      return `${who} runs ${command.image} now: the old address space is gone, and ${counted(tally.pagesRead, 'page')} had to be read.`;
    case 'ftruncate':
    case 'fsync':
    case 'fadvise':
    case 'pread':
    case 'pwrite':
      return fileSentence(who, command, result, tally);
    default:
      return isLockOrAdvice(command)
        ? lockSentence(who, command, result, tally)
        : taskSentence(who, command, result, tally);
  }
}

/** The signal a command ended in. */
function signalOf({ sig, reason, done }: CommandResult): { name: string; why: SignalReason; done: number } | null {
  if (sig === undefined) return null;
  const why = SIGNAL_REASONS.find((known) => known === reason) ?? 'none';
  return { name: sig, why, done: done ?? 0 };
}

function directiveSentence(command: MachineDirective, result: CommandResult): string {
  const { errno } = result;
  if (command.op === '@sysctl') return sysctlSentence(command, errno);
  if (command.op === '@run' || command.op === '@slice' || command.op === '@secret' || command.op === '@alignment')
    return programDirectiveSentence(command, result);
  if (command.op === '@env') return `Programs start with ${command.name}=${command.value} in their environment.`;
  if (command.op === '@sleep') return `${counted(command.milliseconds, 'millisecond')} of virtual time pass.`;
  if (command.op === '@swap')
    return `A swap device of ${counted(command.pages, 'slot')} is there: ${command.kind === 'zram' ? 'compressed RAM, which answers at once' : 'a file on a disk'}.`;
  if (command.op === '@image')
    return `There is a program ${command.file} now, of ${counted(command.text, 'page')} of text; nothing of it is in memory.`;
  if (command.op === '@trace') return traceSentence(command, result);
  if (command.op === '@device')
    return `There is a device ${command.file} with ${counted(command.pages, 'page')} of memory of its own, behind the addresses of RAM.`;
  if (command.op === '@real') return realSentence(command.on);
  if (command.op === '@aslr')
    return command.on
      ? 'Programs that start from now on get places by chance.'
      : 'Programs that start from now on get fixed places.';
  if (command.op === '@file')
    return `There is a file ${command.file} of ${counted(command.pages, 'page')} now; none of it is in memory.`;
  if (command.op === '@cat') return `/proc/${command.file} says how the machine stands; nothing changes.`;
  if (command.op === '@cas') return 'From now on each step also says how Committed_AS changed.';
  if (command.op !== '@overcommit') return mmuDirectiveSentence(command);
  const modes = [
    'refuses only what can never fit',
    'never refuses a promise',
    'counts every promise and refuses beyond the limit',
  ];
  return `The machine is now in overcommit mode ${command.mode}: it ${modes[command.mode]}.`;
}

function sysctlSentence({ name, value }: MachineDirective & { op: '@sysctl' }, errno: string | undefined): string {
  if (errno !== undefined)
    return `The machine refuses ${value} for ${name} with ${errno}: it takes ${sysctlRange(name)}.`;
  return `The machine's setting ${name} is now ${value}.`;
}

function allowed(perms: string): string {
  const words = { r: 'read', w: 'written', x: 'run' } as const;
  const may = [...perms].map((letter) => words[letter as keyof typeof words]);
  return may.length === 0 ? 'untouchable' : may.length === 1 && perms === 'r' ? 'read-only' : listed(may);
}

function mapSentence(
  who: string,
  command: Command & { op: 'mmap' },
  { commitChange, faults, mappedPages, flatFrames }: Tally,
): string {
  const { length, name, sharing } = command;
  const what = length.ramPercent === 0 ? counted(Math.ceil(length.bytes / PAGE_SIZE), 'page') : formatQuantity(length);
  const { file } = command;
  const shared = file !== undefined ? ` of ${file.name}` : sharing === 'shared' ? ' of shared memory' : '';
  const promise = commitChange > 0 ? `a promise of ${counted(commitChange, 'page')}` : 'no promise is counted';
  if (flatFrames !== null) return `${who} maps ${what} as ${name}: ${flatText(flatFrames)}`;
  if (command.populate && (faults.length > 0 || mappedPages > 0)) {
    return `${who} maps ${what}${shared} as ${name} and has them filled at once: ${counted(mappedPages, 'frame')} taken.`;
  }
  return `${who} maps ${what}${shared} as ${name}: ${promise}, and no frame is taken yet.`;
}

function breakSentence(who: string, { ret }: CommandResult, { breakChange, commitChange, freedFrames }: Tally): string {
  if (typeof ret === 'string' && ret.startsWith('unchanged'))
    return `${who} asks to move the break, and the kernel refuses.`;
  if (breakChange === 0) return `${who} leaves the break where it is.`;
  const by = counted(Math.abs(breakChange), 'page');
  if (breakChange > 0)
    return `${who} moves the end of its heap up by ${by}: ${counted(commitChange, 'page')} promised, no frame taken yet.`;
  return `${who} moves the end of its heap down by ${by}: ${counted(freedFrames, 'frame')} free at once.`;
}

function forkSentence(who: string, child: string, { pagesShared, copies, tableFrames }: Tally): string {
  const tables = `${counted(tableFrames, 'frame')} for page tables`;
  if (copies > 0) return `${who} forks ${child}. ${counted(copies, 'frame')} copied at once, and ${tables}.`;
  if (tableFrames === 0) return `${who} forks ${child}, which runs in the very same memory: without page tables there is no other.`; // prettier-ignore
  if (pagesShared === 0) return `${who} forks ${child}. There was no page to share; the child takes ${tables}.`;
  const both = pagesShared === 1 ? 'The one page' : `All ${pagesShared} pages`;
  return `${who} forks ${child}. ${both} of ${who} now belong${pagesShared === 1 ? 's' : ''} to both and no page is copied; the child takes ${tables}.`;
}

function refusedSentence(who: string, command: Command & { task: number }, errno: string): string {
  const why = ERRNO_WHY[errno as keyof typeof ERRNO_WHY] ?? 'it is refused';
  const wish =
    command.op === 'mmap'
      ? `asks for ${formatQuantity(command.length)} pages as ${command.name}`
      : `calls ${command.op}`;
  return `${who} ${wish}, and the kernel refuses with ${errno}: ${why}.`;
}
