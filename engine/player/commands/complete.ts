import type { Completion } from '../../protocol/player.ts';
import { DESIGN_NAMES, DESIGN_WORDS } from '../../protocol/library-calls.ts';
import { SYSCTL_HELP, SYSCTL_NAMES } from '../../protocol/sysctls.ts';
import { MACHINE_ROWS, TASK_ROWS } from './help.ts';
import type { ArgumentKind, OperationRow } from './operation-row.ts';
import { SIGNAL_WORDS } from './task-commands.ts';
import { MACHINE_FILES, TASK_FILES } from '../../protocol/commands.ts';
import { ADVICE_WORDS } from './lock-and-advice.ts';
import { COST_WORDS, THP_WORDS, TLB_POLICY_WORDS } from './mmu-directives.ts';
import { RUN_EVENT_WORDS, STEP_WORDS } from './program-commands.ts';
import { wordsOf } from './words.ts';

/** What the machine holds where the cursor is. */
export interface CompletionContext {
  readonly regions: readonly string[];
  /** Numbers of the tasks alive. */
  readonly tasks: readonly number[];
  /** Names of pointers by task. */
  readonly pointers?: ReadonlyMap<number, readonly string[]>;
  readonly files?: readonly string[];
}

type Candidate = readonly [text: string, help: string];

const PERMS: readonly Candidate[] = [
  ['rw', 'load and store'],
  ['r', 'load only'],
  ['rx', 'load and run'],
  ['none', 'no access'],
];
const MMAP_WORDS: readonly Candidate[] = [
  ['private', 'copied on write'],
  ['shared', 'one memory for all'],
  ['anon', 'no file behind it'],
  ['file', 'a file from a page on'],
  ['at', 'next to a region; refused where something is'],
  ['fixed', 'over a region; replaces what is there'],
  ['noreserve', 'not counted in Committed_AS'],
  ['populate', 'all pages at once'],
  ['locked', 'all pages at once, and kept in memory'],
  ['hugepages', 'from the pool of huge pages, which @sysctl nr_hugepages fills'],
];

/**
 * Ways to finish the word left of the cursor, best first.
 * @param cursor UTF-16 offset in text
 */
export function complete(text: string, cursor: number, context: CompletionContext): Completion[] {
  const lineStart = text.lastIndexOf('\n', cursor - 1) + 1;
  const left = text.slice(lineStart, cursor);
  if (left.includes('#')) return [];
  const words = wordsOf(left).map((word) => word.text);
  const typed = /\s$/.test(left) || left === '' ? '' : words.pop()!;
  return candidates(words, typed, context)
    .filter(([candidate]) => candidate.startsWith(typed) && candidate !== typed)
    .map(([candidate, help]) => ({ text: candidate, from: cursor - typed.length, help }));
}

const OVERCOMMIT_MODES: readonly Candidate[] = [
  ['0', 'guess: refuse only what can never fit'],
  ['1', 'never refuse'],
  ['2', 'count every promise'],
];

/** Words of one argument that never change. */
const FIXED_WORDS: Partial<Record<ArgumentKind, readonly Candidate[]>> = {
  lockWords: [
    ['current', 'what is mapped now'],
    ['future', 'what will be mapped'],
    ['onfault', 'each page once it is touched'],
  ],
  resource: [
    ['memlock', 'locked memory'],
    ['as', 'address space'],
    ['data', 'private writable memory'],
    ['stack', 'the stack'],
  ],
  limit: [['inf', 'no limit']],
  runWords: [
    ['to', 'a line or a function'],
    ['until', 'something happens to memory'],
    ['for', 'so many instructions'],
  ],
  runTarget: [
    ['line', 'a line of the source'],
    ['main', 'the first function of the program'],
    ...RUN_EVENT_WORDS.map((event): Candidate => [event, 'stops at the next one']),
  ],
  stepWords: STEP_WORDS.map((word): Candidate => [
    word,
    word === 'into' ? 'stops in called functions too' : `one ${word} at a time`,
  ]),
  capability: [
    ['ipc_lock', 'lock beyond the limit'],
    ['sys_admin', 'use the last of a strict commit limit'],
    ['sys_resource', 'raise a hard limit'],
  ],
  fileAdvice: [
    ['willneed', 'read it ahead'],
    ['dontneed', 'drop it from the cache'],
  ],
  toWords: [
    ['to', 'into this buffer'],
    ['direct', 'past the page cache'],
  ],
  fromWords: [['from', 'out of this buffer']],
  newFile: [['F', 'a new file']],
  onOff: [
    ['on', 'from now on'],
    ['off', 'no more'],
  ],
  mremapWords: [
    ['maymove', 'move it when it cannot grow'],
    ['dontunmap', 'leave the old range, empty'],
    ['fixed', 'to this place'],
  ],
  size: [['100', 'bytes; k and m stand for KiB and MiB']],
  alignment: [
    ['64', 'a line of the cache'],
    ['4096', 'a page'],
  ],
  loopAction: [
    ['malloc', 'allocate them'],
    ['free', 'free them'],
  ],
  mallopt: [
    ['mmap_threshold', 'chunks from this size on are mapped'],
    ['trim_threshold', 'free bytes at the break before it moves down'],
    ['top_pad', 'bytes asked for beyond the need'],
    ['mmap_max', 'mappings at most'],
    ['perturb', 'the byte that freed blocks are filled with'],
    ['mxfast', 'largest block of the fastbins'],
    ['arena_max', 'arenas at most'],
    ['check_action', 'what a damaged heap does'],
  ],
  design: DESIGN_NAMES.map((name): Candidate => [name, DESIGN_WORDS[name][1]]),
  variable: [
    ['GLIBC_TUNABLES', 'glibc.malloc.tcache_count=0 and the like'],
    ['MALLOC_PERTURB_', 'the byte that freed blocks are filled with'],
    ['MALLOC_CHECK_', 'checks, with the debug library'],
    ['LD_PRELOAD', 'libc_malloc_debug.so.0'],
  ],
  mode: OVERCOMMIT_MODES,
  sysctl: SYSCTL_NAMES.map((name): Candidate => [name, SYSCTL_HELP[name]]),
  tlbEntries: [['64', 'translations it holds']],
  tlbWays: [['4', 'places for each page']],
  tlbPolicy: TLB_POLICY_WORDS,
  thp: THP_WORDS,
  cost: COST_WORDS,
  nanoseconds: [['0', 'free of charge']],
  signal: SIGNAL_WORDS.map((word): Candidate => [word, 'a signal']),
  disposition: [
    ['default', 'what the kernel does without one'],
    ['ignore', 'nothing'],
    ['handler', 'a function of the program'],
  ],
  usage: [
    ['self', 'of the task'],
    ['children', 'of children it has waited for'],
  ],
  machineFile: MACHINE_FILES.map((file): Candidate => [file, `/proc/${file}`]),
  taskFile: TASK_FILES.map((file): Candidate => [file, `/proc/N/${file}`]),
  advice: ADVICE_WORDS.map((word): Candidate => [word, 'advice']),
};

const rowCandidate = ({ op, help }: OperationRow): Candidate => [op, help];

function candidates(before: readonly string[], typed: string, context: CompletionContext): readonly Candidate[] {
  const [task, op, ...args] = before;
  const tasks = context.tasks.map((n): Candidate => [`p${n}`, 'a task']);
  if (task === undefined) return [...tasks, ...MACHINE_ROWS.map(rowCandidate)];
  if (task.startsWith('@')) return directiveArgument(task, op === undefined ? [] : [op, ...args], typed, context);
  if (op === undefined) return TASK_ROWS.map(rowCandidate);
  const row = TASK_ROWS.find((each) => each.op === op);
  if (row === undefined) return [];
  const kind = row.args[args.length] ?? (row.args.at(-1) === 'mmapWords' ? 'mmapWords' : null);
  if (kind === null) return [];
  const pointers = (context.pointers?.get(Number(task.slice(1))) ?? []).map((name): Candidate => [name, 'a pointer']);
  if (kind === 'pointer') return pointers;
  if (kind === 'bytePlace') return [...argument('region', args, typed, context), ...pointers];
  if (kind === 'newPointer') return [[firstUnusedPointer(pointers.map(([name]) => name)), 'a new pointer']];
  return argument(kind, args, typed, context);
}

/** The next argument of a directive. */
function directiveArgument(
  op: string,
  args: readonly string[],
  typed: string,
  context: CompletionContext,
): readonly Candidate[] {
  const kind = MACHINE_ROWS.find((each) => each.op === op)?.args[args.length];
  return kind === undefined ? [] : argument(kind, args, typed, context);
}

function argument(kind: ArgumentKind, args: readonly string[], typed: string, context: CompletionContext): Candidate[] {
  switch (kind) {
    case 'region':
      return context.regions.map((name) => [name, 'a region']);
    case 'image':
    case 'file':
      return (context.files ?? []).map((name) => [name, 'a file']);
    case 'newRegion':
      return [[firstUnusedName(context.regions), 'a new region']];
    case 'offset':
      return [['0', 'from its first page']];
    case 'count':
      return [['1', 'one page']];
    case 'perms':
      return [...PERMS];
    case 'mmapWords':
      return mmapWords(args, typed, context);
    case 'break':
      return [
        ['+1', 'one page up'],
        ['-1', 'one page down'],
        ['=0', 'back to the start'],
      ];
    case 'task':
      return context.tasks.map((n): Candidate => [`p${n}`, 'a task']);
    case 'signalOrTask':
      return [...argument('task', args, typed, context), ...argument('signal', args, typed, context)];
    case 'newTask':
      return [[firstUnusedTask(context.tasks), 'the child']];
    default:
      return [...(FIXED_WORDS[kind] ?? [])];
  }
}

/** Words that are not there yet; behind `at` and `fixed` the places. */
function mmapWords(args: readonly string[], typed: string, { regions, files = [] }: CompletionContext): Candidate[] {
  const last = args.at(-1);
  if (last === 'file') return typed.includes('+') ? [] : files.map((name): Candidate => [`${name}+`, 'a file']);
  if (last === 'at' || last === 'fixed') {
    const places = regions.map((name): Candidate => [`${name}+`, 'a place in it']);
    return typed.includes('+') ? [] : places;
  }
  const sharingChosen = args.includes('private') || args.includes('shared');
  const placeChosen = args.includes('at') || args.includes('fixed');
  return MMAP_WORDS.filter(([word]) => {
    if (word === 'private' || word === 'shared') return !sharingChosen;
    if (word === 'at' || word === 'fixed') return !placeChosen;
    return !args.includes(word);
  });
}

function firstUnusedName(regions: readonly string[]): string {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  return letters.find((letter) => !regions.includes(letter)) ?? `R${regions.length}`;
}

function firstUnusedPointer(pointers: readonly string[]): string {
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  return letters.find((letter) => !pointers.includes(letter)) ?? `p${pointers.length}`;
}

function firstUnusedTask(tasks: readonly number[]): string {
  let task = 0;
  while (tasks.includes(task)) task++;
  return `p${task}`;
}
