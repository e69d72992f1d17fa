import type { Advice, CommandResult } from '../../protocol/commands.ts';
import { formatQuantity } from '../commands/quantity.ts';
import type { LockOrAdvice } from '../commands/lock-and-advice.ts';
import { range } from './range-words.ts';
import type { Tally } from './tally.ts';
import { counted } from './words.ts';

/** What a command about locks, limits, advice or moved areas did. */
export function lockSentence(who: string, command: LockOrAdvice, result: CommandResult, tally: Tally): string {
  const filled = tally.mappedPages > 0 ? ` ${counted(tally.mappedPages, 'page')} had to be faulted in.` : '';
  switch (command.op) {
    case 'mlock':
    case 'mlock2':
      return `${who} locks ${range(command)} in memory.${filled}`;
    case 'munlock':
      return `${who} unlocks ${range(command)}; its pages stay until somebody needs the room.`;
    case 'mlockall':
      return `${who} locks ${whatIsLocked(command.flags)} in memory.${filled}`;
    case 'munlockall':
      return `${who} unlocks everything, and what it maps from now on is not locked.`;
    case 'mincore': {
      const present = result.vec?.filter((bit) => bit === 1).length ?? 0;
      return `${who} asks which pages are in memory: ${present} of ${result.vec?.length ?? 0}.`;
    }
    case 'madvise':
      return `${who} advises ${command.advice} for ${range(command)}.${swapText(command.advice, tally)}${filled}`;
    case 'msync':
      return `${who} asks for ${range(command)} to be written back; ${tally.pagesWritten > 0 ? `${counted(tally.pagesWritten, 'dirty page')} went to the disk` : 'there is nothing to write now'}.`;
    case 'mremap':
      return mremapSentence(who, command, result);
    case 'rlimit':
      return `${who} sets its limit ${command.resource} to ${command.soft === 'inf' ? 'none' : formatQuantity(command.soft)}.`;
    case 'dropcap':
      return `${who} gives up capability ${command.capability} for good.`;
  }
}

/** What became of the pages between memory and swap. */
function swapText(advice: Advice, { swappedOut, discarded, swapReads }: Tally): string {
  const gone = swappedOut + discarded;
  if (advice === 'pageout' && gone === 0) return ' No page could be taken away.';
  if (swappedOut > 0) return ` ${counted(swappedOut, 'page goes', 'pages go')} to swap.`;
  if (discarded > 0) return ` ${counted(discarded, 'page is', 'pages are')} no longer mapped.`;
  return swapReads > 0
    ? ` ${counted(swapReads, 'page is', 'pages are')} read from swap, and nobody maps them yet.`
    : '';
}

function whatIsLocked(flags: number): string {
  const what = (flags & 3) === 3 ? 'all that is mapped and all that will be' : 'all that is mapped';
  return (flags & 3) === 2 ? 'all that will be mapped' : what;
}

function mremapSentence(who: string, command: LockOrAdvice & { op: 'mremap' }, { ret }: CommandResult): string {
  const what = `${formatQuantity(command.oldLength)} pages of ${command.name}`;
  if (ret === 'inplace') return `${who} makes ${what} ${formatQuantity(command.newLength)} where they are.`;
  return `${who} moves ${what} to ${String(ret)}: the frames go along, nothing is copied.`;
}
