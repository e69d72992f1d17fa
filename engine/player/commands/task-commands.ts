import { SIGNAL, SIGNAL_NAMES_ALL, type SignalName } from '../../base/signals.ts';
import {
  DISPOSITIONS,
  MACHINE_FILES,
  TASK_FILES,
  type MachineDirective,
  type TaskOperation,
} from '../../protocol/commands.ts';
import { DESIGN_NAMES } from '../../protocol/library-calls.ts';
import { didYouMean } from '../text/nearest.ts';
import { WordReader } from './word-reader.ts';
import type { Word } from './words.ts';

/** Operations about a task as such: its end, signals, identity, and what /proc says. How they are read and written. */

export type TaskCommand = Extract<
  TaskOperation,
  {
    op:
      | 'oom_score_adj'
      | 'setuid'
      | 'sigaction'
      | 'wait'
      | 'kill'
      | 'exit'
      | 'getrusage'
      | 'block'
      | 'unblock'
      | 'cat'
      | 'allocator';
  }
>;

/** User ids are 32 bits without the last, which means none. Source: Linux uid_valid. */
const MAX_UID = 4_294_967_294;
/** What exit(2) keeps of its argument. */
const MAX_STATUS = 255;

export const SIGNAL_WORDS: readonly string[] = SIGNAL_NAMES_ALL.map((name) => name.slice(3));

/** @returns null when the operation is none of these */
export function readTaskCommand(op: string, read: WordReader): TaskCommand | null {
  switch (op) {
    case 'oom_score_adj':
      return { op, value: read.signedInteger('VALUE') };
    case 'setuid':
      return { op, uid: read.integer('UID', 0, MAX_UID) };
    case 'sigaction':
      return { op, signal: readSignal(read), action: oneOf(read, 'action', DISPOSITIONS) };
    case 'wait':
      return read.done ? { op } : { op, child: read.task('child') };
    case 'kill':
      return readKill(read);
    case 'exit':
      return read.done ? { op } : { op, status: read.integer('STATUS', 0, MAX_STATUS) };
    case 'getrusage':
      return { op, who: read.done ? 'self' : oneOf(read, 'whose usage', ['self', 'children'] as const) };
    case 'block':
    case 'unblock':
      return { op };
    case 'cat':
      return { op, file: oneOf(read, 'file', TASK_FILES) };
    case 'allocator':
      return { op, design: oneOf(read, 'allocator', DESIGN_NAMES) };
    default:
      return null;
  }
}

/** `@cat FILE` */
export const readMachineFile = (read: WordReader): MachineDirective => ({
  op: '@cat',
  file: oneOf(read, 'file', MACHINE_FILES),
});

/** `kill`, `kill SIGNAL` from outside; `kill pM SIGNAL` from task to task. */
function readKill(read: WordReader): TaskCommand {
  if (read.done) return { op: 'kill' };
  if (!/^p\d/.test(read.peek()!.text)) return { op: 'kill', signal: readSignal(read) };
  return { op: 'kill', target: read.task('target'), signal: readSignal(read) };
}

/** `TERM`, `SIGTERM`, `term` or a number; 0 only asks whether a signal could be sent. */
function readSignal(read: WordReader): number {
  const word = read.take('SIGNAL');
  const text = word.text.toUpperCase();
  const name = (text.startsWith('SIG') ? text : `SIG${text}`) as SignalName;
  const signal = /^\d+$/.test(text) ? Number(text) : SIGNAL[name];
  if (signal !== undefined && signal <= MAX_SIGNAL) return signal;
  return refuseWord(word, 'signal', SIGNAL_WORDS);
}
const MAX_SIGNAL = 31;

function oneOf<Text extends string>(read: WordReader, what: string, known: readonly Text[]): Text {
  const word = read.take(what);
  return known.find((each) => each === word.text) ?? refuseWord(word, what, known);
}

const refuseWord = (word: Word, what: string, known: readonly string[]): never =>
  WordReader.refuse(word, `${word.text} is no ${what}`, didYouMean(word.text, known, `use ${known.join(', ')}`));

/** The one canonical spelling. */
export function formatTaskCommand(o: TaskCommand): string {
  switch (o.op) {
    case 'oom_score_adj':
      return `oom_score_adj ${o.value}`;
    case 'setuid':
      return `setuid ${o.uid}`;
    case 'sigaction':
      return `sigaction ${signalText(o.signal)} ${o.action}`;
    case 'wait':
      return o.child === undefined ? 'wait' : `wait p${o.child}`;
    case 'kill':
      return ['kill', ...(o.target === undefined ? [] : [`p${o.target}`]), ...(o.signal === undefined ? [] : [signalText(o.signal)])].join(' '); // prettier-ignore
    case 'exit':
      return o.status === undefined ? 'exit' : `exit ${o.status}`;
    case 'getrusage':
      return o.who === 'self' ? 'getrusage' : 'getrusage children';
    case 'block':
    case 'unblock':
      return o.op;
    case 'cat':
      return `cat ${o.file}`;
    case 'allocator':
      return `allocator ${o.design}`;
  }
}

const signalText = (signal: number): string =>
  SIGNAL_NAMES_ALL.find((name) => SIGNAL[name] === signal)?.slice(3) ?? String(signal);
