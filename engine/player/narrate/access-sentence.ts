import type { SignalReason } from '../../base/event-kinds.ts';
import { PAGE_SIZE } from '../../base/units.ts';
import type { TaskOperation } from '../../protocol/commands.ts';
import { formatQuantity } from '../commands/quantity.ts';
import { strayText } from './real-words.ts';
import type { FaultStory, Tally } from './tally.ts';
import { counted, listed, pagesOf, signalWhy } from './words.ts';

type Access = Extract<TaskOperation, { op: 'touch_r' | 'touch_w' | 'read' | 'poke' | 'bytes' }>;

interface SignalStory {
  readonly name: string;
  readonly why: SignalReason;
  /** Accesses that succeeded before it. */
  readonly done: number;
}

/** What loads or stores met: one page in full, many pages summed up. */
export function accessSentence(
  who: string,
  command: Access,
  signal: SignalStory | null,
  tally: Tally,
  values: readonly number[] = [],
  behindPointer = false,
): string {
  const verb = command.op === 'touch_w' || command.op === 'poke' ? 'writes' : 'reads';
  const what = `${who} ${verb} ${placeOf(command, behindPointer)}${damageText(tally)}`;
  const shown = valuesText(command, values);
  const grown = tally.stackGrown > 0 ? ` The stack grows by ${counted(tally.stackGrown, 'page')}.` : '';
  const pages = pageCount(command);
  if (signal !== null && (signal.done === 0 || pages === 1)) return `${what}.${grown} ${signalText(who, signal)}`;
  const [only] = tally.faults;
  if (tally.strays.length > 0) return `${what}${shown}: ${strayText(tally.strays)}`;
  if (pages === 1 && tally.faults.length <= 1)
    return `${what}${shown}.${grown} ${only === undefined ? noFault(verb) : faultText(who, only)}`;
  if (signal === null) return `${what}${shown}: ${summary(tally.faults)}.${grown}`;
  const end = `the next page ends in ${signal.name}: ${signalWhy(signal.why)}.`;
  return `${who} ${verb} ${doneOf(command, signal.done)}: ${summary(tally.faults)}; ${end}${grown}`;
}

function pageCount(command: Access): number {
  if (command.op === 'poke' || command.op === 'bytes') return 1;
  return command.length.ramPercent === 0 ? Math.floor(command.length.bytes / PAGE_SIZE) : Infinity;
}

function placeOf(command: Access, behindPointer: boolean): string {
  const { name, offset } = command;
  if (command.op === 'poke' || command.op === 'bytes') {
    const plain = (bytes: number, isPlain?: true): number => (behindPointer && isPlain ? bytes / PAGE_SIZE : bytes);
    const start = plain(offset.bytes, command.plainOffset);
    const length = command.op === 'poke' ? command.values.length : plain(command.length.bytes, command.plainLength);
    const where = behindPointer ? `byte ${start} of ${name}` : `${name}+${formatQuantity(offset)}`;
    return `${counted(length, 'byte')} at ${where}`;
  }
  const whole = offset.ramPercent === 0 && command.length.ramPercent === 0;
  const count = Math.floor(command.length.bytes / PAGE_SIZE);
  if (whole && count > 0) return pagesOf(name, Math.floor(offset.bytes / PAGE_SIZE), count);
  return `${formatQuantity(command.length)} of ${name}`;
}

/** What a store hit that was not the program's to write. */
const DAMAGE_WORDS = [
  ', in a block that was freed',
  ', into the allocator’s own bytes',
  ', in a part of the heap that is nobody’s',
  '',
];
const damageText = ({ damage }: Tally): string => (damage === null ? '' : (DAMAGE_WORDS[damage] ?? ''));

/** Values read that a sentence names; more are left to the console. */
const FEW_VALUES = 4;

/** ` and finds 101`. */
function valuesText(command: Access, values: readonly number[]): string {
  if ((command.op !== 'read' && command.op !== 'bytes') || values.length === 0 || values.length > FEW_VALUES) return '';
  return ` and finds ${listed(values.map(String))}`;
}

/** The pages that were reached before a signal. */
function doneOf(command: Access, done: number): string {
  const { name, offset } = command;
  return offset.ramPercent === 0 ? pagesOf(name, Math.floor(offset.bytes / PAGE_SIZE), done) : counted(done, 'page');
}

const noFault = (verb: string): string =>
  verb === 'writes'
    ? 'The page is there and its own, so nothing else happens.'
    : 'The page is there, so nothing else happens.';

function signalText(who: string, { name, why }: SignalStory): string {
  return why === 'out of memory'
    ? `No frame was left, and ${who} itself was killed.`
    : `${signalWhy(why).charAt(0).toUpperCase()}${signalWhy(why).slice(1)}, so the access ends in ${name}.`;
}

/** How one fault was served, in a sentence. */
function faultText(who: string, { kind, frame, from, write, major, dirties, reads }: FaultStory): string {
  const dirty = dirties ? ' It is dirty now: the file on the disk is older.' : '';
  switch (kind) {
    case 'zero':
      return 'Nothing was ever written there, so the kernel maps the one zero page; no frame is taken.';
    case 'huge':
      return `512 pages fit there, so the kernel maps a huge page: frames ${frame} to ${frame + 511}, filled with zeros, in one entry.`;
    case 'hugeZero':
      return 'Nothing was ever written there, so the kernel maps the huge zero page: one entry for 512 pages, no frame of its own.';
    case 'fresh':
      return `It is the first ${write ? 'write' : 'access'} there, so the kernel fills frame ${frame} with zeros and gives it to ${who}.`;
    case 'copy':
      return `The page was shared, so the kernel copies frame ${from} into frame ${frame} and gives the copy to ${who}.`;
    case 'fileCopy':
      return `The page belongs to the file, so the kernel copies frame ${from} into frame ${frame} and gives the copy to ${who}.`;
    case 'reuse':
      return `Nobody else maps frame ${frame}, so ${who} keeps it without a copy.`;
    case 'read':
      return reads < 2
        ? `The page is read from the file into frame ${frame}: a major fault.${dirty}`
        : `The page is read from the file into frame ${frame}, and ${counted(reads - 1, 'page')} around it along: a major fault.${dirty}`;
    case 'cached':
      return `Frame ${frame} holds the page already, so it is only mapped${major ? '' : ': a minor fault'}.${dirty}`;
    case 'swapped':
      return `The page was in swap, so the kernel reads slot ${from} into frame ${frame}: a major fault.`;
    case 'swapCached':
      return `The page was in swap, but frame ${frame} still holds it, so it is only mapped: a minor fault.`;
    case 'unserved':
      return 'The fault finds nothing to do.';
  }
}

/** Many faults in numbers: `6 minor faults, 6 fresh frames`. */
function summary(faults: readonly FaultStory[]): string {
  if (faults.length === 0) return 'no fault, all pages are there';
  const of = (kind: FaultStory['kind']): number => faults.filter((f) => f.kind === kind).length;
  const major = faults.filter((f) => f.major).length;
  const minor = faults.length - major;
  const copied = of('copy') + of('fileCopy');
  const zero = of('zero');
  const pagesRead = faults.reduce((sum, f) => sum + f.reads, 0);
  const parts = [
    [minor, counted(minor, 'minor fault')],
    [major, counted(major, 'major fault')],
    [of('huge'), counted(of('huge'), 'huge page')],
    [of('hugeZero'), `${counted(of('hugeZero'), 'huge zero page')} mapped`],
    [of('fresh'), counted(of('fresh'), 'fresh frame')],
    [copied, `${counted(copied, 'frame')} copied`],
    [of('reuse'), `${counted(of('reuse'), 'frame')} kept without a copy`],
    [zero, `${counted(zero, 'page maps', 'pages map')} the zero page`],
    [of('swapped'), `${counted(of('swapped'), 'page')} read from swap`],
    [of('swapCached'), `${counted(of('swapCached'), 'page')} mapped from the swap cache`],
    [pagesRead, `${counted(pagesRead, 'page')} read from the file`],
    [
      faults.filter((f) => f.dirties).length,
      `${counted(faults.filter((f) => f.dirties).length, 'page')} of a file made dirty`,
    ],
    [of('cached'), `${counted(of('cached'), 'page')} mapped from the cache`],
  ] as const;
  return parts
    .filter(([n]) => n > 0)
    .map(([, text]) => text)
    .join(', ');
}
