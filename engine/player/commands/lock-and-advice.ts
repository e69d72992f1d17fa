import type { Advice, Quantity, RegionOffset, TaskOperation } from '../../protocol/commands.ts';
import { didYouMean } from '../text/nearest.ts';
import { formatQuantity } from './quantity.ts';
import { WordReader } from './word-reader.ts';

/** Operations about locks, limits, advice and moved areas: how they are read and written. */

type Of<Op extends TaskOperation['op']> = Extract<TaskOperation, { op: Op }>;
export type LockOrAdvice = Of<
  'mlock' | 'munlock' | 'mincore' | 'mlock2' | 'mlockall' | 'munlockall' | 'madvise' | 'msync' | 'mremap' | 'rlimit' | 'dropcap'
>; // prettier-ignore

const LOCK_OPS: ReadonlySet<string> = new Set<LockOrAdvice['op']>([
  'mlock', 'munlock', 'mincore', 'mlock2', 'mlockall', 'munlockall', 'madvise', 'msync', 'mremap', 'rlimit', 'dropcap',
]); // prettier-ignore
export const isLockOrAdvice = (o: TaskOperation): o is LockOrAdvice => LOCK_OPS.has(o.op);

export const ADVICE_WORDS: readonly Advice[] = [
  'dontneed', 'populate_read', 'populate_write', 'dontfork', 'dofork', 'wipeonfork', 'keeponfork', 'guard_install',
  'guard_remove', 'remove', 'willneed', 'free', 'cold', 'pageout', 'dontneed_locked', 'normal', 'random', 'sequential',
  'mergeable', 'unmergeable', 'hugepage', 'nohugepage', 'dontdump', 'dodump', 'collapse', 'bogus',
]; // prettier-ignore
const LOCK_BITS = { current: 1, future: 2, onfault: 4 } as const;
const RESOURCES = ['memlock', 'as', 'data', 'stack'] as const;
const CAPABILITIES = { ipc_lock: 14, sys_admin: 21, sys_resource: 24 } as const;
/** Flags are a C int. */
const MAX_FLAGS = 2 ** 31 - 1;
const MAX_CAPABILITY = 63;

const range = (read: WordReader): RegionOffset & { length: Quantity } => ({
  name: read.name('REGION'),
  offset: read.quantity('OFF'),
  length: read.quantity('PAGES'),
});

/** @returns null when the operation is none of these */
export function readLockOrAdvice(op: string, read: WordReader): LockOrAdvice | null {
  switch (op) {
    case 'mlock':
    case 'munlock':
    case 'mincore':
      return { op, ...range(read) };
    case 'mlock2':
      return { op, ...range(read), flags: read.done ? 0 : onFaultOrBits(read) };
    case 'mlockall':
      return { op, flags: lockBits(read) };
    case 'munlockall':
      return { op };
    case 'madvise':
      return { op, ...range(read), advice: oneOf(read, 'advice', ADVICE_WORDS) };
    case 'msync':
      return { op, ...range(read), flags: read.integer('flags', 0, MAX_FLAGS) };
    case 'mremap':
      return readMremap(read);
    case 'rlimit':
      return readLimit(read);
    case 'dropcap':
      return { op, capability: readCapability(read) };
    default:
      return null;
  }
}

function oneOf<Word extends string>(read: WordReader, what: string, known: readonly Word[]): Word {
  const word = read.take(what);
  const found = known.find((each) => each === word.text);
  if (found !== undefined) return found;
  const remedy = didYouMean(word.text, known, `use ${known.join(', ')}`);
  return WordReader.refuse(word, `${word.text} is no ${what}`, remedy);
}

function onFaultOrBits(read: WordReader): number {
  if (read.peek()?.text !== 'onfault') return read.integer('flags', 0, MAX_FLAGS);
  read.take('flags');
  return 1;
}

function lockBits(read: WordReader): number {
  let bits = 0;
  do {
    const known = LOCK_BITS[read.peek()?.text as keyof typeof LOCK_BITS];
    if (known === undefined) bits |= read.integer('current, future, onfault or number', 0, MAX_FLAGS);
    else read.take('flags');
    bits |= known ?? 0;
  } while (!read.done);
  return bits;
}

function readMremap(read: WordReader): LockOrAdvice {
  const place = { name: read.name('REGION'), offset: read.quantity('OFF') };
  const lengths = { oldLength: read.quantity('OLD'), newLength: read.quantity('NEW') };
  let mayMove = false;
  let dontUnmap = false;
  let fixed: RegionOffset | null = null;
  while (!read.done) {
    const word = oneOf(read, 'word of mremap', ['maymove', 'dontunmap', 'fixed']);
    if (word === 'fixed') fixed = read.place('REGION+OFF');
    if (word === 'dontunmap') dontUnmap = true;
    else mayMove = true;
  }
  return { op: 'mremap', ...place, ...lengths, mayMove, dontUnmap, fixed };
}

function readLimit(read: WordReader): LockOrAdvice {
  const resource = oneOf(read, 'limit', RESOURCES);
  const limit = (what: string): Quantity | 'inf' => {
    if (read.peek()?.text !== 'inf') return read.quantity(what);
    read.take(what);
    return 'inf';
  };
  return { op: 'rlimit', resource, soft: limit('SOFT'), hard: read.done ? null : limit('HARD') };
}

function readCapability(read: WordReader): number {
  const known = CAPABILITIES[read.peek()?.text as keyof typeof CAPABILITIES];
  if (known === undefined) return read.integer('capability (ipc_lock, sys_admin, sys_resource)', 0, MAX_CAPABILITY);
  read.take('capability');
  return known;
}

const rangeText = (o: RegionOffset & { length: Quantity }): string =>
  `${o.name} ${formatQuantity(o.offset)} ${formatQuantity(o.length)}`;
const limitText = (limit: Quantity | 'inf'): string => (limit === 'inf' ? 'inf' : formatQuantity(limit));

/** The one canonical spelling. */
export function formatLockOrAdvice(o: LockOrAdvice): string {
  switch (o.op) {
    case 'mlock':
    case 'munlock':
    case 'mincore':
      return `${o.op} ${rangeText(o)}`;
    case 'mlock2':
      return `mlock2 ${rangeText(o)}${o.flags === 0 ? '' : o.flags === 1 ? ' onfault' : ` ${o.flags}`}`;
    case 'mlockall':
      return `mlockall ${lockBitsText(o.flags)}`;
    case 'munlockall':
      return 'munlockall';
    case 'madvise':
      return `madvise ${rangeText(o)} ${o.advice}`;
    case 'msync':
      return `msync ${rangeText(o)} ${o.flags}`;
    case 'mremap':
      return formatMremap(o);
    case 'rlimit':
      return `rlimit ${o.resource} ${limitText(o.soft)}${o.hard === null ? '' : ` ${limitText(o.hard)}`}`;
    case 'dropcap': {
      const name = Object.entries(CAPABILITIES).find(([, number]) => number === o.capability)?.[0];
      return `dropcap ${name ?? o.capability}`;
    }
  }
}

function lockBitsText(flags: number): string {
  const words = Object.entries(LOCK_BITS).filter(([, bit]) => (flags & bit) !== 0);
  const known = words.reduce((sum, [, bit]) => sum | bit, 0);
  return flags === known && flags !== 0 ? words.map(([word]) => word).join(' ') : `${flags}`;
}

function formatMremap(o: Of<'mremap'>): string {
  const words = ['mremap', o.name, formatQuantity(o.offset), formatQuantity(o.oldLength), formatQuantity(o.newLength)];
  // fixed says maymove too, as MREMAP_FIXED is nothing without it.
  if (o.mayMove && o.fixed === null) words.push('maymove');
  if (o.dontUnmap) words.push('dontunmap');
  if (o.fixed !== null) words.push('fixed', `${o.fixed.name}+${formatQuantity(o.fixed.offset)}`);
  return words.join(' ');
}
