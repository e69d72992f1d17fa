import { RUN_EVENTS, STEP_UNITS, type MachineDirective, type RunEvent, type RunUntil, type StepUnit, type TaskOperation } from '../../protocol/commands.ts'; // prettier-ignore
import { didYouMean } from '../text/nearest.ts';
import { row, type OperationRow } from './operation-row.ts';
import { WordReader } from './word-reader.ts';

/** Operations on C programs: how they are read and written. */

export type ProgramOperation = Extract<TaskOperation, { op: 'run' | 'step' | 'secret' }>;
export type ProgramDirective = Extract<MachineDirective, { op: '@run' | '@slice' | '@secret' | '@alignment' }>;

const MAX_LINE = 1_000_000;
const MAX_STEPS = 1_000_000;
/** Instructions that one command may run: minutes of work. */
const MAX_INSTRUCTIONS = 10_000_000_000;
/** Words that may follow `run`. */
export const RUN_WORDS = ['to', 'until', 'for'] as const;
export const STEP_WORDS = ['into', 'out', ...STEP_UNITS] as const;
export const RUN_EVENT_WORDS: readonly string[] = RUN_EVENTS;

export const PROGRAM_ROWS: readonly OperationRow[] = [
  row(
    'secret',
    'pN secret VARIABLE [BYTES]',
    1,
    ['value', 'number'],
    'Marks what a variable of a C program holds, or so many bytes of what it points to; every copy is followed from then on.',
  ),
  row(
    'run',
    'pN run [to line N | to FUNCTION | until EVENT] [for INSTRUCTIONS]',
    0,
    ['runWords', 'runTarget', 'value', 'runWords', 'number'],
    'Lets a C program go on: to its end, to a line or function, or until a fault, cow, syscall, signal or swap.',
  ),
  row(
    'step',
    'pN step [N] [into|out] [line|statement|instruction]',
    0,
    ['stepWords', 'stepWords', 'stepWords'],
    'Lets a C program go on by source lines, statements or instructions; over calls, into them, or out of the function.',
  ),
];

export const PROGRAM_DIRECTIVE_ROWS: readonly OperationRow[] = [
  row(
    '@secret',
    '@secret TEXT',
    1,
    ['value'],
    'Names a text that nobody should find; secret.frames and secret.slots say where it is.',
  ),
  row('@run', '@run [INSTRUCTIONS]', 0, ['number'], 'Lets all C programs go on in turns.'),
  row(
    '@alignment',
    '@alignment trap|allow',
    1,
    ['value'],
    'Whether the processor ends accesses of C programs that are not aligned in SIGBUS; x86 allows them unless told.',
  ),
  row(
    '@slice',
    '@slice INSTRUCTIONS',
    1,
    ['number'],
    'Sets how many instructions a C program has before the next one.',
  ),
];

/** @returns null when the operation is none of these */
export function readProgramOperation(op: string, read: WordReader): ProgramOperation | null {
  if (op === 'run') return readRun(read);
  if (op === 'secret') return readSecretVariable(read);
  return op === 'step' ? readStep(read) : null;
}

export function readProgramDirective(op: string, read: WordReader): ProgramDirective | null {
  if (op === '@slice') return { op, instructions: read.integer('number of instructions', 1, MAX_INSTRUCTIONS) };
  if (op === '@alignment') return { op, trap: readTrap(read) };
  if (op === '@secret') return { op, text: readSecret(read) };
  if (op !== '@run') return null;
  return read.done ? { op } : { op, instructions: read.integer('number of instructions', 1, MAX_INSTRUCTIONS) };
}

function readTrap(read: WordReader): boolean {
  const word = read.take('trap or allow');
  if (word.text !== 'trap' && word.text !== 'allow')
    WordReader.refuse(word, `${word.text} is no setting of alignment`, 'write trap or allow');
  return word.text === 'trap';
}

const MAX_SECRET = 63;
/** Shorter ones turn up by chance. */
const MIN_SECRET = 4;

function readSecret(read: WordReader): string {
  const word = read.take('TEXT');
  if (word.text.length >= MIN_SECRET && word.text.length <= MAX_SECRET && /^[\x21-\x7e]+$/.test(word.text))
    return word.text;
  return WordReader.refuse(word, `${word.text} is no secret that could be found`, `write ${MIN_SECRET} to ${MAX_SECRET} characters of ASCII`); // prettier-ignore
}

/** Bytes that one command may mark. */
const MAX_MARKED = 4096;

function readSecretVariable(read: WordReader): ProgramOperation {
  const word = read.take('VARIABLE');
  if (!/^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|->[A-Za-z_]\w*|\[\w+\])*$/.test(word.text))
    WordReader.refuse(word, `${word.text} is no variable`, 'write a name such as key, or s.key');
  if (read.done) return { op: 'secret', name: word.text };
  return { op: 'secret', name: word.text, bytes: read.integer('number of bytes', 1, MAX_MARKED) };
}

function readRun(read: WordReader): ProgramOperation {
  let until: RunUntil | null = null;
  let instructions: number | null = null;
  while (!read.done) {
    const word = read.take('word');
    if (word.text === 'for') instructions = read.integer('number of instructions', 1, MAX_INSTRUCTIONS);
    else if (word.text === 'to') until = readPlace(read);
    else if (word.text === 'until') until = { kind: 'event', event: readEvent(read) };
    else
      WordReader.refuse(
        word,
        `${word.text} is no word of run`,
        didYouMean(word.text, RUN_WORDS, `write ${read.usage}`),
      );
  }
  return { op: 'run', until, ...(instructions === null ? {} : { instructions }) };
}

function readPlace(read: WordReader): RunUntil {
  if (read.peek()?.text !== 'line') return { kind: 'function', name: readFunction(read) };
  read.take('line');
  return { kind: 'line', line: read.integer('line', 1, MAX_LINE) };
}

function readFunction(read: WordReader): string {
  const word = read.take('a line or a function');
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(word.text)) return word.text;
  return WordReader.refuse(word, `${word.text} is no name of a function`, 'write to line 12, or to main');
}

function readEvent(read: WordReader): RunEvent {
  const word = read.take('what to wait for');
  const found = RUN_EVENTS.find((event) => event === word.text);
  if (found !== undefined) return found;
  return WordReader.refuse(word, `${word.text} is nothing to run to`, didYouMean(word.text, RUN_EVENTS, `use ${RUN_EVENTS.join(', ')}`)); // prettier-ignore
}

function readStep(read: WordReader): ProgramOperation {
  let count = 1;
  let unit: StepUnit = 'line';
  let into = false;
  let out = false;
  while (!read.done) {
    if (/^\d/.test(read.peek()!.text)) {
      count = read.integer('number of steps', 1, MAX_STEPS);
      continue;
    }
    const word = read.take('word');
    const found = STEP_UNITS.find((each) => word.text === each || word.text === `${each}s`);
    if (found !== undefined) unit = found;
    else if (word.text === 'into') into = true;
    else if (word.text === 'out') out = true;
    else
      WordReader.refuse(
        word,
        `${word.text} is no word of step`,
        didYouMean(word.text, STEP_WORDS, `write ${read.usage}`),
      );
  }
  return { op: 'step', count, unit, into: into && !out, ...(out ? { out } : {}) };
}

/** The one canonical spelling. */
export function formatProgramOperation(o: ProgramOperation): string {
  if (o.op === 'secret') return `secret ${o.name}${o.bytes === undefined ? '' : ` ${o.bytes}`}`;
  if (o.op === 'step') {
    return ['step', ...(o.count === 1 ? [] : [o.count]), ...(o.into ? ['into'] : []), ...(o.out === true ? ['out'] : []), ...(o.unit === 'line' ? [] : [o.unit])].join(' '); // prettier-ignore
  }
  const words = ['run'];
  if (o.until?.kind === 'line') words.push(`to line ${o.until.line}`);
  if (o.until?.kind === 'function') words.push(`to ${o.until.name}`);
  if (o.until?.kind === 'event') words.push(`until ${o.until.event}`);
  if (o.instructions !== undefined) words.push(`for ${o.instructions}`);
  return words.join(' ');
}

export function formatProgramDirective(o: ProgramDirective): string {
  if (o.op === '@secret') return `@secret ${o.text}`;
  if (o.op === '@alignment') return `@alignment ${o.trap ? 'trap' : 'allow'}`;
  return o.instructions === undefined ? o.op : `${o.op} ${o.instructions}`;
}
