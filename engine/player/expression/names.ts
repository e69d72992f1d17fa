import { ERRNO } from '../../base/errno.ts';
import { BYTE_STATES, type BlockReach, type HeapReport, type Reach } from '../../kernel/heap/index.ts';
import { FINDING_KINDS, type FindingKind } from '../../kernel/index.ts';
import { CHUNK_STATES } from '../../malloc/index.ts';
import type { MachineView, PageState, TaskView } from '../../protocol/views.ts';

/** The words an expression may name, with what they mean. */

/** Fields of a task: `p0.rss`. */
export const TASK_FIELDS = {
  rss: (t: TaskView) => t.rss,
  uss: (t: TaskView) => t.uss,
  vsz: (t: TaskView) => t.vsz,
  anon: (t: TaskView) => t.anon,
  file: (t: TaskView) => t.file,
  shmem: (t: TaskView) => t.shmem,
  swap: (t: TaskView) => t.swap,
  locked: (t: TaskView) => t.locked,
  commit: (t: TaskView) => t.commit,
  minflt: (t: TaskView) => t.minflt,
  majflt: (t: TaskView) => t.majflt,
  page_tables: (t: TaskView) => t.pageTables,
  time: (t: TaskView) => t.timeNs,
  stalled: (t: TaskView) => t.stallNs,
  huge_pages: (t: TaskView) => t.hugePages,
  tlb_hits: (t: TaskView) => t.tlb.hits,
  tlb_misses: (t: TaskView) => t.tlb.misses,
  tlb_flushes: (t: TaskView) => t.tlb.flushes,
  tlb_shootdowns: (t: TaskView) => t.tlb.shootdowns,
  uid: (t: TaskView) => t.uid,
  oom_score: (t: TaskView) => t.oomScore,
  oom_score_adj: (t: TaskView) => t.oomScoreAdj,
} as const satisfies Record<string, (t: TaskView) => number>;
/** Besides these, `p0.pss` is the exact fraction. */
export type TaskField = keyof typeof TASK_FIELDS | 'pss';

/** Fields of the machine: `frames.free`. */
export const MACHINE_FIELDS = {
  'frames.total': (m: MachineView) => m.frames.total,
  'frames.free': (m: MachineView) => m.frames.free,
  'frames.used': (m: MachineView) => m.frames.used,
  'frames.kernel': (m: MachineView) => m.frames.kernel,
  'frames.tables': (m: MachineView) => m.frames.tables,
  'frames.anon': (m: MachineView) => m.frames.anon,
  'frames.shmem': (m: MachineView) => m.frames.shmem,
  'frames.file': (m: MachineView) => m.frames.file,
  'frames.flat': (m: MachineView) => m.frames.flat,
  'swap.total': (m: MachineView) => m.swap.total,
  'swap.used': (m: MachineView) => m.swap.used,
  'swap.free': (m: MachineView) => m.swap.free,
  'swap.cached': (m: MachineView) => m.swap.cached,
  committed: (m: MachineView) => m.committed,
  commit_limit: (m: MachineView) => m.commitLimit,
  overcommit: (m: MachineView) => m.overcommit,
  time: (m: MachineView) => m.timeNs,
  'tlb.entries': (m: MachineView) => m.tlb.entries,
  'tlb.hits': (m: MachineView) => m.tlb.hits,
  'tlb.misses': (m: MachineView) => m.tlb.misses,
  'tlb.flushes': (m: MachineView) => m.tlb.flushes,
  'tlb.shootdowns': (m: MachineView) => m.tlb.shootdowns,
  oom_kills: (m: MachineView) => m.oomKills,
} as const satisfies Record<string, (m: MachineView) => number>;
export type MachineField = keyof typeof MACHINE_FIELDS;

/** Entries of a walk by their level: 4 is the top, 1 holds pages. */
type Level = 1 | 2 | 3 | 4;
export type PageField =
  | 'refcount' | 'state' | 'byte' | 'frame' | 'accessed' | 'dirty' | 'huge' | 'tlb' | 'walk_levels'
  | `index${Level}` | `entry${Level}`; // prettier-ignore
/** Fields of a process's heap, in bytes and blocks: `p0.heap.in_use`. */
export const HEAP_FIELDS = {
  'heap.size': ({ report }: HeapReading) => report.end - report.start,
  'heap.in_use': ({ report }: HeapReading) => report.inUse,
  'heap.free': ({ report }: HeapReading) => report.free,
  'heap.largest_free': ({ report }: HeapReading) => report.largestFree,
  'heap.top': ({ report }: HeapReading) => report.top,
  'heap.tcache': ({ report }: HeapReading) => report.tcache,
  'heap.pinned': ({ report }: HeapReading) => report.pinned,
  'heap.blocks': ({ report }: HeapReading) => report.blocks,
  'heap.asked': ({ report }: HeapReading) => report.asked,
  'heap.usable': ({ report }: HeapReading) => report.usable,
  'heap.chunk_bytes': ({ report }: HeapReading) => report.chunkBytes,
  'heap.mapped': ({ report }: HeapReading) => report.mapped,
  'heap.own': ({ report }: HeapReading) => report.own,
  'heap.internal': ({ report }: HeapReading) => report.internal,
  'heap.external': ({ report }: HeapReading) => report.external,
  'heap.held': ({ report }: HeapReading) => report.held,
  'heap.peak': ({ report }: HeapReading) => report.peak,
  'heap.system_calls': ({ report }: HeapReading) => report.systemCalls,
  'heap.looks': ({ report }: HeapReading) => report.looks,
  'heap.lost': ({ reach }: HeapReading) => lostBytes(reach(), 'lost'),
  'heap.lost_behind': ({ reach }: HeapReading) => lostBytes(reach(), 'behind'),
} as const satisfies Record<string, (heap: HeapReading) => number>;
export type HeapField = keyof typeof HEAP_FIELDS;

/** What heap fields are computed from; leaks are looked for only when somebody asks. */
export interface HeapReading {
  readonly report: HeapReport;
  readonly reach: () => readonly BlockReach[];
}

/** Bytes asked for by the blocks of one kind. */
const lostBytes = (blocks: readonly BlockReach[], kind: Reach): number =>
  blocks.reduce((sum, block) => sum + (block.reach === kind ? block.asked : 0), 0);

/** What can be asked of a pointer: `usable(p0:a)`. */
export type PointerField =
  | 'usable'
  | 'asked'
  | 'chunk_size'
  | 'offset'
  | 'life'
  | 'place'
  | 'holds'
  | 'reach'
  | 'dangling'
  | 'same_block'
  | 'link';

/** Functions of pointers whose value is a word of their own kind. */
export type WordType = 'life' | 'place' | 'holds' | 'reach' | 'finding';

/** What was found of a program: its newest kind and line, and how many. */
export type FindingField = 'finding' | 'finding_line' | 'findings';

/** What a step gave, which exists only after it. */
export type StepField = (typeof STEP_FIELDS)[number];
export const STEP_FIELDS = [
  'ret',
  'errno',
  'copies',
  'syscalls',
  'library_ns',
  'system_ns',
  'fault_ns',
  'blamed_ago',
] as const;
export type StepTaskField = 'signal' | 'minflt' | 'majflt';

/** Functions with what they take. */
export const FUNCTIONS = {
  signal: ['task'],
  minflt: ['task'],
  majflt: ['task'],
  alive: ['task'],
  line: ['task'],
  finding: ['task'],
  finding_line: ['task'],
  findings: ['task'],
  sizeof: ['variable'],
  refcount: ['page'],
  state: ['page'],
  byte: ['page'],
  same_frame: ['page', 'page'],
  accessed: ['page'],
  dirty: ['page'],
  huge: ['page'],
  tlb: ['page'],
  walk_levels: ['page'],
  index1: ['page'],
  index2: ['page'],
  index3: ['page'],
  index4: ['page'],
  entry1: ['page'],
  entry2: ['page'],
  entry3: ['page'],
  entry4: ['page'],
  usable: ['page'],
  asked: ['page'],
  chunk_size: ['page'],
  offset: ['page'],
  life: ['page'],
  place: ['page'],
  holds: ['page'],
  reach: ['page'],
  dangling: ['page'],
  same_block: ['page', 'page'],
  links_to: ['page', 'page'],
} as const;
export type FunctionName = keyof typeof FUNCTIONS;

export const ERRNO_WORDS: readonly string[] = Object.keys(ERRNO);
export const STATE_WORDS: readonly PageState[] = [
  'unmapped',
  'reserved',
  'zero',
  'resident',
  'readOnly',
  'noAccess',
  'swapped',
  'device',
];
/** What a step returns in which the simulated kernel panicked. */
export const PANIC_WORD = 'panic';
/** `none`: no errno, no signal. `ok`: the call succeeded. */
export const LOOKUP_WORDS: readonly string[] = ['hit', 'miss'];
export const SIGNAL_WORDS: readonly string[] = ['SIGSEGV', 'SIGBUS', 'SIGKILL', 'SIGABRT'];
/** Words that the functions of pointers give. `gone`: NULL, or nothing there any more. */
export const POINTER_WORDS = {
  life: [...CHUNK_STATES, 'free', 'gone'],
  place: ['heap', 'mapping', 'gone'],
  holds: BYTE_STATES,
  reach: ['reachable', 'lost', 'behind', 'gone'],
} as const satisfies Partial<Record<PointerField, readonly string[]>>;
/** A kind of finding as a word of expressions: a hyphen would be a minus. */
export const findingWord = (kind: FindingKind): string => kind.replaceAll('-', '_');
export const FINDING_WORDS: readonly string[] = FINDING_KINDS.map(findingWord);
/** `none`: no errno, no signal. `ok`: the call succeeded. */
export const WORDS: readonly string[] = [
  ...new Set([
    ...ERRNO_WORDS,
    ...SIGNAL_WORDS,
    ...STATE_WORDS,
    ...LOOKUP_WORDS,
    ...Object.values<readonly string[]>(POINTER_WORDS).flat(),
    ...FINDING_WORDS,
    'none',
    'ok',
    PANIC_WORD,
  ]),
];
const OPERATOR_WORDS: readonly string[] = ['and', 'or', 'not', 'before'];

/** All names but those of parameters and tasks. */
export const KNOWN_NAMES: readonly string[] = [
  ...STEP_FIELDS,
  ...Object.keys(FUNCTIONS),
  ...Object.keys(MACHINE_FIELDS),
  'secret.frames',
  'secret.slots',
  'secret.bytes',
  ...WORDS,
];

/** Names that a parameter may not take. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set([...KNOWN_NAMES, ...OPERATOR_WORDS, 'frames', 'swap']);
