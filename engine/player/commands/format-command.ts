import { PAGE_SIZE } from '../../base/units.ts';
import type { BytePlace, Command, Quantity, TaskOperation } from '../../protocol/commands.ts';
import { isLibraryCall } from '../../protocol/library-calls.ts';
import { formatLibraryCall } from './library-call.ts';
import { formatFileOperation } from './file-commands.ts';
import { formatLockOrAdvice } from './lock-and-advice.ts';
import { formatTrace } from './trace-command.ts';
import { formatMmuDirective } from './mmu-directives.ts';
import { formatProgramDirective, formatProgramOperation } from './program-commands.ts';
import { formatTaskCommand } from './task-commands.ts';
import { formatQuantity, formatTaken } from './quantity.ts';

/** The command in the console language, in its one canonical spelling: parsing it gives the same command back. */
export function formatCommand(command: Command): string {
  switch (command.op) {
    case '@overcommit':
      return `@overcommit ${command.mode}`;
    case '@cas':
      return '@cas';
    case '@cat':
      return `@cat ${command.file}`;
    case '@sysctl':
      return `@sysctl ${command.name} ${command.value}`;
    case '@env':
      return `@env ${command.name} ${command.value}`;
    case '@swap':
      return `@swap ${command.kind} ${(command.pages + 1) / 256}`;
    case '@image':
      return `@image ${command.file} ${command.text} ${command.rodata} ${command.data} ${command.bss}`;
    case '@aslr':
      return `@aslr ${command.on ? 'on' : 'off'}`;
    case '@trace':
      return formatTrace(command);
    case '@device':
      return `@device ${command.file} ${command.pages}`;
    case '@real':
      return `@real ${command.on ? 'on' : 'off'}`;
    case '@file':
      return `@file ${command.file} ${command.pages}`;
    case '@sleep':
      return `@sleep ${command.milliseconds}`;
    case '@run':
    case '@slice':
    case '@secret':
    case '@alignment':
      return formatProgramDirective(command);
    case '@tlb':
    case '@cost':
    case '@thp':
      return formatMmuDirective(command);
    default:
      return `p${command.task} ${formatOperation(command)}`;
  }
}

const range = (o: { name: string; offset: Quantity; length: Quantity }): string =>
  `${o.name} ${formatQuantity(o.offset)} ${formatQuantity(o.length)}`;

/** With its unit, so that it says bytes of a region and of a pointer alike; a plain number stays one. */
function byteQuantity(quantity: Quantity, plain?: true): string {
  if (plain === true) return `${quantity.bytes / PAGE_SIZE}`;
  const share = quantity.ramPercent === 0 ? '' : `+${quantity.ramPercent}%ram`;
  return `${quantity.bytes}b${share}`;
}

const bytePlace = (o: BytePlace): string => `${o.name} ${byteQuantity(o.offset, o.plainOffset)}`;

function formatOperation(o: TaskOperation): string {
  switch (o.op) {
    case 'mmap':
      return formatMmap(o);
    case 'munmap':
    case 'touch_r':
    case 'read':
      return `${o.op} ${range(o)}`;
    case 'bytes':
      return `bytes ${bytePlace(o)} ${byteQuantity(o.length, o.plainLength)}`;
    case 'mprotect':
      return `mprotect ${range(o)} ${o.perms || 'none'}`;
    case 'touch_w':
      return `touch_w ${range(o)}${o.byte === null ? '' : ` ${o.byte}`}`;
    case 'poke':
      return `poke ${bytePlace(o)} ${o.values.join(' ')}`;
    case 'brk':
      return `brk ${o.change === '-' ? formatTaken(o.amount) : o.change + formatQuantity(o.amount)}`;
    case 'fork':
      return `fork p${o.child}`;
    case 'walk':
      return `walk ${o.name} ${formatQuantity(o.offset)}`;
    case 'ftruncate':
    case 'fsync':
    case 'fadvise':
    case 'pread':
    case 'pwrite':
    case 'exec':
      return formatFileOperation(o);
    case 'run':
    case 'step':
    case 'secret':
      return formatProgramOperation(o);
    case 'state':
      return o.op;
    case 'oom_score_adj':
    case 'setuid':
    case 'sigaction':
    case 'wait':
    case 'kill':
    case 'exit':
    case 'getrusage':
    case 'block':
    case 'unblock':
    case 'cat':
    case 'allocator':
      return formatTaskCommand(o);
    default:
      return isLibraryCall(o) ? formatLibraryCall(o) : formatLockOrAdvice(o);
  }
}

function formatMmap(o: TaskOperation & { op: 'mmap' }): string {
  const words = ['mmap', o.name, formatQuantity(o.length), o.perms || 'none'];
  words.push(o.sharing === 'none' ? 'noflags' : o.sharing);
  if (o.file === undefined) words.push('anon');
  else words.push('file', `${o.file.name}+${formatQuantity(o.file.offset)}`);
  if (o.at !== null) words.push(o.at.kind, `${o.at.name}+${formatQuantity(o.at.offset)}`);
  if (o.noreserve) words.push('noreserve');
  if (o.populate) words.push('populate');
  if (o.locked === true) words.push('locked');
  if (o.hugepages === true) words.push('hugepages');
  return words.join(' ');
}
