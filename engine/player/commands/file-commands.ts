import type { MachineDirective, Quantity, RegionOffset, TaskOperation } from '../../protocol/commands.ts';
import { didYouMean } from '../text/nearest.ts';
import { formatQuantity } from './quantity.ts';
import { WordReader } from './word-reader.ts';

/** Operations on files: how they are read and written. */

type Of<Op extends TaskOperation['op']> = Extract<TaskOperation, { op: Op }>;
export type FileOperation = Of<'ftruncate' | 'fsync' | 'fadvise' | 'pread' | 'pwrite' | 'exec'>;

export const FILE_ADVICE_WORDS = ['willneed', 'dontneed'] as const;

/** @returns null when the operation is none of these */
export function readFileOperation(op: string, read: WordReader): FileOperation | null {
  switch (op) {
    case 'ftruncate':
      return { op, file: read.name('FILE'), size: read.quantity('PAGES') };
    case 'fsync':
      return { op, file: read.name('FILE') };
    case 'exec':
      return { op, image: read.name('IMAGE'), args: argumentsOf(read) };
    case 'fadvise':
      return { op, ...place(read), advice: adviceWord(read) };
    case 'pread':
    case 'pwrite':
      return transferOf(op, read);
    default:
      return null;
  }
}

/** Words of at most this many characters go into argv. */
const MAX_ARGUMENT = 255;

function argumentsOf(read: WordReader): string[] {
  const args: string[] = [];
  while (!read.done) {
    const word = read.take('ARG');
    const fits = word.text.length <= MAX_ARGUMENT && /^[\x21-\x7e]*$/.test(word.text);
    if (!fits) WordReader.refuse(word, 'that argument does not fit', `use ASCII of up to ${MAX_ARGUMENT} characters`);
    args.push(word.text);
  }
  return args;
}

/** Pages of one part of a program. */
const MAX_PART = 65_536;

/** `@image NAME TEXT RODATA DATA BSS` */
export function imageOf(read: WordReader): Extract<MachineDirective, { op: '@image' }> {
  const file = read.name('NAME');
  const part = (what: string): number => read.integer(what, 1, MAX_PART);
  return { op: '@image', file, text: part('TEXT'), rodata: part('RODATA'), data: part('DATA'), bss: part('BSS') };
}

export function onOff(read: WordReader): boolean {
  const word = read.take('on or off');
  if (word.text === 'on' || word.text === 'off') return word.text === 'on';
  return WordReader.refuse(word, `${word.text} is neither on nor off`, 'write on or off');
}

const place = (read: WordReader): { file: string; at: Quantity; length: Quantity } => ({
  file: read.name('FILE'),
  at: read.quantity('OFF'),
  length: read.quantity('PAGES'),
});

function adviceWord(read: WordReader): (typeof FILE_ADVICE_WORDS)[number] {
  const word = read.take('advice');
  const found = FILE_ADVICE_WORDS.find((known) => known === word.text);
  if (found !== undefined) return found;
  return WordReader.refuse(word, `${word.text} is no advice about a file`, didYouMean(word.text, FILE_ADVICE_WORDS, 'use willneed, dontneed')); // prettier-ignore
}

/** `pread F OFF PAGES [to REGION+OFF] [direct]`; a write needs its `from`. */
function transferOf(op: 'pread' | 'pwrite', read: WordReader): FileOperation {
  const where = place(read);
  const preposition = op === 'pread' ? 'to' : 'from';
  let buffer: RegionOffset | null = null;
  let direct = false;
  if (op === 'pwrite') {
    expectWord(read, preposition);
    buffer = read.place('REGION+OFF');
  }
  while (!read.done) {
    const word = read.take('word');
    if (word.text === 'direct') direct = true;
    else if (word.text === preposition && op === 'pread') buffer = read.place('REGION+OFF');
    else WordReader.refuse(word, `${word.text} is no word of ${op}`, `write ${read.usage}`);
  }
  return op === 'pwrite' ? { op, ...where, buffer: buffer!, direct } : { op, ...where, buffer, direct };
}

function expectWord(read: WordReader, wanted: string): void {
  const word = read.take(wanted);
  if (word.text !== wanted) WordReader.refuse(word, `${word.text} is not ${wanted}`, `write ${read.usage}`);
}

/** The one canonical spelling. */
export function formatFileOperation(o: FileOperation): string {
  switch (o.op) {
    case 'ftruncate':
      return `ftruncate ${o.file} ${formatQuantity(o.size)}`;
    case 'fsync':
      return `fsync ${o.file}`;
    case 'exec':
      return ['exec', o.image, ...o.args].join(' ');
    case 'fadvise':
      return `fadvise ${placeText(o)} ${o.advice}`;
    case 'pread':
    case 'pwrite': {
      const buffer = o.buffer === null ? '' : ` ${o.op === 'pread' ? 'to' : 'from'} ${bufferText(o.buffer)}`;
      return `${o.op} ${placeText(o)}${buffer}${o.direct ? ' direct' : ''}`;
    }
  }
}

const placeText = (o: { file: string; at: Quantity; length: Quantity }): string =>
  `${o.file} ${formatQuantity(o.at)} ${formatQuantity(o.length)}`;
const bufferText = ({ name, offset }: RegionOffset): string => `${name}+${formatQuantity(offset)}`;
