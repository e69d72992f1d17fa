import { PAGE_SIZE } from '../../base/units.ts';
import type { CommandResult, Quantity } from '../../protocol/commands.ts';
import type { FileOperation as AnyFileOperation } from '../commands/file-commands.ts';
import { formatQuantity } from '../commands/quantity.ts';
import type { Tally } from './tally.ts';
import { counted } from './words.ts';

type FileOperation = Exclude<AnyFileOperation, { op: 'exec' }>;

/** What a command about a file did. */
export function fileSentence(who: string, command: FileOperation, result: CommandResult, tally: Tally): string {
  const { file } = command;
  const written = tally.pagesWritten > 0 ? ` ${isAre(tally.pagesWritten, 'dirty page')} written to the disk.` : '';
  const read = tally.pagesRead > 0 ? ` ${isAre(tally.pagesRead, 'page')} read from the disk into the page cache.` : '';
  const dropped = tally.pagesDropped > 0 ? ` ${counted(tally.pagesDropped, 'page')} ${tally.pagesDropped === 1 ? 'leaves' : 'leave'} the page cache.` : ''; // prettier-ignore
  switch (command.op) {
    case 'ftruncate':
      return `${who} sets the size of ${file} to ${pagesText(command.size)}.${dropped}${unmapped(tally)}`;
    case 'fsync':
      return `${who} waits until ${file} is on the disk.${written || ' There was nothing to write.'}`;
    case 'fadvise':
      return command.advice === 'willneed'
        ? `${who} says it will need ${pagesText(command.length)} of ${file}.${read || ' They are cached already.'}`
        : `${who} says it does not need ${pagesText(command.length)} of ${file} any more.${written}${dropped}`;
    case 'pread':
    case 'pwrite':
      return transferText(who, command, result, read || written);
  }
}

const isAre = (n: number, what: string): string => `${counted(n, what)} ${n === 1 ? 'is' : 'are'}`;

const unmapped = ({ unmappedPages }: Tally): string =>
  unmappedPages > 0 ? ` ${counted(unmappedPages, 'entry of a page table', 'entries of page tables')} lose them.` : '';

function transferText(
  who: string,
  command: FileOperation & { op: 'pread' | 'pwrite' },
  { ret }: CommandResult,
  disk: string,
): string {
  const done = typeof ret === 'number' ? counted(ret, 'byte') : 'nothing';
  const verb = command.op === 'pread' ? 'reads' : 'writes';
  const preposition = command.op === 'pread' ? 'from' : 'to';
  const way = command.direct ? 'past the page cache' : 'through the page cache';
  return `${who} ${verb} ${done} ${preposition} ${command.file}, ${way}.${disk}`;
}

function pagesText(quantity: Quantity): string {
  const whole = quantity.ramPercent === 0 && quantity.bytes >= 0 && quantity.bytes % PAGE_SIZE === 0;
  return whole ? counted(quantity.bytes / PAGE_SIZE, 'page') : `${formatQuantity(quantity)} pages`;
}
