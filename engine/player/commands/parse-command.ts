import { isSysctlName, SYSCTL_NAMES } from '../../protocol/sysctls.ts';
import type { BytePlace, Command, Quantity, RegionOffset, TaskOperation } from '../../protocol/commands.ts';
import { LIBRARY_OPS, type LibraryOp } from '../../protocol/library-calls.ts';
import { SWAP_KINDS } from '../../base/event-kinds.ts';
import { MAX_SWAP_PAGES } from '../../base/limits.ts';
import type { Parsed } from '../text/problem.ts';
import { didYouMean } from '../text/nearest.ts';
import { MACHINE_ROWS, OPERATION_ROWS, TASK_ROWS } from './help.ts';
import { LIBRARY_USAGE, readLibraryCall } from './library-call.ts';
import { imageOf, onOff, readFileOperation } from './file-commands.ts';
import { readLockOrAdvice } from './lock-and-advice.ts';
import { MallocReader } from './parse-malloc-words.ts';
import { readMmuDirective } from './mmu-directives.ts';
import { traceOf } from './trace-command.ts';
import { negated, parseQuantity } from './quantity.ts';
import { readProgramDirective, readProgramOperation } from './program-commands.ts';
import { readMachineFile, readTaskCommand } from './task-commands.ts';
import { LineProblem, taskNumber, WordReader } from './word-reader.ts';
import type { Word } from './words.ts';

/** Pages of 4 KiB. */
const PAGES_PER_MIB = 256;
/** Longest pause that @sleep takes: a day, so that the clock stays exact. */
const MAX_SLEEP_MS = 86_400_000;
/** 4 GiB: the largest RAM. */
const MAX_FILE_PAGES = 1_048_576;
/** 1 GiB. */
const MAX_DEVICE_PAGES = 262_144;
const MMAP_WORDS = [
  'private',
  'shared',
  'anon',
  'at',
  'fixed',
  'noreserve',
  'populate',
  'locked',
  'hugepages',
  'noflags',
  'file',
] as const;
const MMAP_NOT_SIMULATED = ['droppable'];
const OPS = TASK_ROWS.map((row) => row.op);
const DIRECTIVES = MACHINE_ROWS.map((row) => row.op);

/**
 * One command of the console language.
 * @param words of one line, at least one; their offsets place the problems
 */
export function parseCommand(words: readonly Word[]): Parsed<Command> {
  try {
    return { ok: true, value: commandOf(words) };
  } catch (error) {
    if (error instanceof LineProblem) return { ok: false, problems: [error.problem] };
    throw error;
  }
}

function commandOf(words: readonly Word[]): Command {
  const first = words[0]!;
  // `run p0 to line 12` and `step p0 3` read as people say them.
  if (words.length > 1 && /^(run|step)$/.test(first.text)) return commandOf([words[1]!, first, ...words.slice(2)]);
  if (first.text.startsWith('@')) return directiveOf(first, words.slice(1));
  if (!/^p\d/.test(first.text)) refuseFirst(first);
  const task = taskNumber(first, 'task');
  const op = words[1];
  if (op === undefined) {
    const { end } = first;
    return WordReader.refuse({ start: end, end }, 'the operation is missing', `write one of ${OPS.join(', ')}`);
  }
  const operation = operationOf(op, words.slice(2));
  return { task, ...operation };
}

/** A line that starts with neither a task nor a directive: the likeliest slip is to leave the task out. */
function refuseFirst(first: Word): never {
  if (OPS.includes(first.text))
    WordReader.refuse(first, `${first.text} has no task in front`, `write p0 ${first.text} …`);
  return WordReader.refuse(first, `${first.text} is neither a task nor a directive`, 'start with a task such as p0');
}

function refuseOperation(word: Word, what: string, known: readonly string[]): never {
  return WordReader.refuse(word, `${word.text} is no ${what}`, didYouMean(word.text, known, `use ${known.join(', ')}`));
}

function readerFor(op: Word, rest: readonly Word[]): WordReader {
  const usage = OPERATION_ROWS.find((row) => row.op === op.text)?.usage ?? op.text;
  // the operation itself stays first, so that a missing argument is placed behind it
  const reader = new WordReader([op, ...rest], usage);
  reader.take('operation');
  return reader;
}

function directiveOf(word: Word, rest: readonly Word[]): Command {
  const read = readerFor(word, rest);
  let command: Command;
  if (word.text === '@overcommit') command = { op: '@overcommit', mode: read.integer('mode', 0, 2) as 0 | 1 | 2 };
  else if (word.text === '@cas') command = { op: '@cas' };
  else if (word.text === '@env') command = environmentOf(read);
  else if (word.text === '@image') command = imageOf(read);
  else if (word.text === '@aslr') command = { op: '@aslr', on: onOff(read) };
  else if (word.text === '@device')
    command = { op: '@device', file: read.name('NAME'), pages: read.integer('PAGES', 1, MAX_DEVICE_PAGES) };
  else if (word.text === '@trace') command = traceOf(read);
  else if (word.text === '@real') command = { op: '@real', on: onOff(read) };
  else if (word.text === '@file')
    command = { op: '@file', file: read.name('NAME'), pages: read.integer('PAGES', 0, MAX_FILE_PAGES) };
  else if (word.text === '@sleep') command = { op: '@sleep', milliseconds: read.integer('time', 0, MAX_SLEEP_MS) };
  else if (word.text === '@cat') command = readMachineFile(read);
  else if (word.text === '@sysctl') command = sysctlOf(read);
  else if (word.text === '@swap') command = swapOf(read);
  else
    command =
      readMmuDirective(word.text, read) ??
      readProgramDirective(word.text, read) ??
      refuseOperation(word, 'directive', DIRECTIVES);
  read.finish();
  return command;
}

function sysctlOf(read: WordReader): Command {
  const word = read.take('NAME');
  if (!isSysctlName(word.text)) {
    const remedy = didYouMean(word.text, SYSCTL_NAMES, `use ${SYSCTL_NAMES.join(', ')}`);
    return WordReader.refuse(word, `${word.text} is no setting of the machine`, remedy);
  }
  return { op: '@sysctl', name: word.text, value: read.signedInteger('VALUE') };
}

/** A value may hold spaces; one between two words stands for all of them. */
function environmentOf(read: WordReader): Command {
  const name = read.take('NAME').text;
  const words = [read.take('VALUE').text];
  while (!read.done) words.push(read.take('VALUE').text);
  return { op: '@env', name, value: words.join(' ') };
}

function swapOf(read: WordReader): Command {
  const word = read.take('kind');
  const kind = SWAP_KINDS.find((known) => known === word.text);
  if (kind === undefined) WordReader.refuse(word, `${word.text} is no kind of swap`, `use ${SWAP_KINDS.join(' or ')}`);
  const mib = read.integer('size in MiB', 1, MAX_SWAP_PAGES / PAGES_PER_MIB);
  // one page of the device is its header
  return { op: '@swap', kind, pages: mib * PAGES_PER_MIB - 1 };
}

function operationOf(word: Word, rest: readonly Word[]): TaskOperation {
  const call = LIBRARY_OPS.find((op) => op === word.text);
  if (call !== undefined) return libraryCallOf(call, [word, ...rest]);
  const read = readerFor(word, rest);
  const operation = readOperation(word, read);
  read.finish();
  return operation;
}

function readOperation(word: Word, read: WordReader): TaskOperation {
  const op = word.text;
  switch (op) {
    case 'mmap':
      return mmapOf(read);
    case 'munmap':
    case 'touch_r':
    case 'read':
      return { op, ...rangeOf(read) };
    case 'bytes':
      return bytesOf(read);
    case 'mprotect':
      return { op, ...rangeOf(read), perms: read.perms() };
    case 'touch_w':
      return { op, ...rangeOf(read), byte: read.done ? null : read.integer('byte', 0, 255) };
    case 'poke':
      return pokeOf(read);
    case 'brk':
      return brkOf(read);
    case 'fork':
      return { op, child: read.task('child') };
    case 'state':
      return { op };
    case 'walk':
      return { op, name: read.name('REGION'), offset: read.quantity('OFF') };
    default:
      return (
        readFileOperation(op, read) ??
        readLockOrAdvice(op, read) ??
        readTaskCommand(op, read) ??
        readProgramOperation(op, read) ??
        refuseOperation(word, 'operation', OPS)
      );
  }
}

function rangeOf(read: WordReader): RegionOffset & { length: Quantity } {
  return { name: read.name('REGION'), offset: read.quantity('OFF'), length: read.quantity('PAGES') };
}

function libraryCallOf(op: LibraryOp, words: readonly Word[]): TaskOperation {
  const read = new MallocReader(words, `pN ${LIBRARY_USAGE[op]}`, null);
  const call = readLibraryCall(op, read);
  read.finish();
  return call;
}

function pokeOf(read: WordReader): TaskOperation {
  const place = bytePlaceOf(read);
  const values = [read.integer('byte', 0, 255)];
  while (!read.done) values.push(read.integer('byte', 0, 255));
  return { op: 'poke', ...place, values };
}

function bytesOf(read: WordReader): TaskOperation {
  const place = bytePlaceOf(read);
  const plain = isPlain(read);
  const length = read.quantity('BYTES');
  return { op: 'bytes', ...place, length, ...(plain ? { plainLength: true } : {}) };
}

function bytePlaceOf(read: WordReader): BytePlace {
  const name = read.name('REGION');
  const plain = isPlain(read);
  const offset = read.quantity('OFF');
  return { name, offset, ...(plain ? { plainOffset: true } : {}) };
}

/** Without a unit: pages of a region, bytes behind a pointer. */
const isPlain = (read: WordReader): boolean => /^\d+$/.test(read.peek()?.text ?? '');

function brkOf(read: WordReader): TaskOperation {
  const word = read.take('the new break');
  const sign = word.text[0];
  if (sign === '-') {
    // the sign is that of the first term alone: -3+100b is three pages down and 100 bytes up
    const signed = parseQuantity(word.text);
    if (signed !== null) return { op: 'brk', change: '-', amount: negated(signed) };
  } else {
    const change = sign === '+' ? '+' : '=';
    const amount = parseQuantity(sign === change ? word.text.slice(1) : word.text);
    if (amount !== null) return { op: 'brk', change, amount };
  }
  return WordReader.refuse(word, `${word.text} is no change of the break`, 'write +3, -3, =3 or +100b');
}

function mmapOf(read: WordReader): TaskOperation {
  const name = read.name('NAME');
  const length = read.quantity('PAGES');
  const perms = read.perms();
  let sharing: 'private' | 'shared' | 'none' = 'private';
  let at: (RegionOffset & { kind: 'at' | 'fixed' }) | null = null;
  let noreserve = false;
  let populate = false;
  let locked = false;
  let hugepages = false;
  let file: RegionOffset | null = null;
  while (!read.done) {
    const word = read.take('word');
    if (word.text === 'private' || word.text === 'shared') sharing = word.text;
    else if (word.text === 'noflags') sharing = 'none';
    else if (word.text === 'at' || word.text === 'fixed') at = { kind: word.text, ...read.place('REGION+OFF') };
    else if (word.text === 'noreserve') noreserve = true;
    else if (word.text === 'populate') populate = true;
    else if (word.text === 'locked') locked = true;
    else if (word.text === 'hugepages') hugepages = true;
    else if (word.text === 'file') file = read.place('FILE+OFF');
    else if (word.text !== 'anon') refuseMmapWord(word);
  }
  const operation = { op: 'mmap' as const, name, length, perms, sharing, at, noreserve, populate };
  return {
    ...operation,
    ...(locked ? { locked } : {}),
    ...(hugepages ? { hugepages } : {}),
    ...(file === null ? {} : { file }),
  };
}

function refuseMmapWord(word: Word): never {
  if (MMAP_NOT_SIMULATED.includes(word.text)) {
    WordReader.refuse(word, `mmap … ${word.text} is not simulated yet`, `leave ${word.text} out`);
  }
  const known = MMAP_WORDS.join(', ');
  return WordReader.refuse(word, `${word.text} is no word of mmap`, didYouMean(word.text, MMAP_WORDS, `use ${known}`));
}
