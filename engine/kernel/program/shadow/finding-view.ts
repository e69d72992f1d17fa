import { TYPE_CLASSES } from '../../../c/index.ts';
import type { KernelState } from '../../state.ts';
import { CAUSES, FINDING_KINDS, type Cause, type FindingKind } from './kinds.ts';

/** Something that a program was found doing, in words. */
export interface FindingView {
  readonly task: number;
  readonly kind: FindingKind;
  readonly program: string;
  readonly line: number;
  readonly column: number;
  readonly address: number;
  /** Times that it happened there. */
  readonly times: number;
  /** What happened, one sentence. */
  readonly what: string;
  /** Where it comes from, one sentence, or ''. */
  readonly why: string;
  /** What an optimising compiler may make of it, one sentence, or ''. */
  readonly assumes: string;
}

/** All findings, in the order in which they were made. */
export function findingsOf(k: KernelState): FindingView[] {
  const { findings } = k.programs.shadow;
  return Array.from({ length: findings.rows }, (_, row) => viewOf(k, row));
}

/** Everything a sentence may need. */
interface Facts {
  readonly kind: FindingKind;
  readonly cause: Cause;
  readonly causeLine: number;
  readonly size: number;
  readonly more: number;
  readonly stores: boolean;
  readonly type: string;
  readonly otherType: string;
}

function viewOf(k: KernelState, row: number): FindingView {
  const { findings } = k.programs.shadow;
  const facts: Facts = {
    kind: FINDING_KINDS[findings.kind[row]!]!,
    cause: CAUSES[findings.cause[row]!]!,
    causeLine: findings.causeLine[row]!,
    size: findings.size[row]!,
    more: findings.more[row]!,
    stores: findings.stores[row] === 1,
    type: TYPE_CLASSES[findings.type[row]!]!,
    otherType: TYPE_CLASSES[findings.otherType[row]!]!,
  };
  return {
    task: findings.task[row]!,
    kind: facts.kind,
    program: k.images[findings.image[row]!]?.name ?? '',
    line: findings.line[row]!,
    column: findings.column[row]!,
    address: findings.address[row]!,
    times: findings.times[row]!,
    what: whatText(facts),
    why: whyText(facts),
    assumes: ASSUMES[facts.kind],
  };
}

const bytes = (n: number): string => (n === 1 ? '1 byte' : `${n} bytes`);
const at = (line: number): string => (line === 0 ? '' : ` at line ${line}`);

function whatText({ kind, stores, size, more, type, otherType, cause }: Facts): string {
  const verb = stores ? 'writes' : 'reads';
  switch (kind) {
    case 'uninitialised':
      return 'A value is used that nobody has stored.';
    case 'use-after-free':
      return `The program ${verb} memory of a block that was freed.`;
    case 'out-of-bounds':
      if (cause === 'index') return `Index ${more} is outside of an array of ${size} elements.`;
      return `The program ${verb} memory that does not belong to what it means.`;
    case 'dead-frame':
      return `The program ${verb} a variable of a function that has returned.`;
    case 'overlap':
      return `A copy of ${bytes(size)} overlaps its source: the two begin ${bytes(more)} apart.`;
    case 'padding':
      return 'The comparison looks at bytes between members that nobody has stored.';
    case 'aliasing':
      return `An object of type ${otherType} is ${stores ? 'written' : 'read'} as ${type}.`;
    case 'misaligned':
      return `The program ${verb} ${bytes(size)} at an address that is no multiple of ${size}.`;
    case 'double-free':
      return 'A block is freed a second time.';
    case 'invalid-free':
      return 'The address given to free is not the start of a block.';
    case 'leak':
      return `${bytes(size)} in ${more === 1 ? 'a block' : `${more} blocks`} are lost: the program ends and nothing leads to them.`;
    case 'none':
      return '';
  }
}

function whyText({ cause, causeLine, more, kind, size }: Facts): string {
  switch (cause) {
    case 'allocated':
      if (kind === 'leak') return `They were allocated${at(causeLine)}.`;
      if (kind === 'invalid-free') return `It lies ${bytes(more)} inside a block allocated${at(causeLine)}.`;
      return `It lies in a block of ${bytes(more)} allocated${at(causeLine)}.`;
    case 'declared':
      return `It is a variable declared${at(causeLine)}.`;
    case 'freed':
      return `The block of ${bytes(more)} was freed${at(causeLine)}.`;
    case 'behind-block':
      return `That is ${more === 0 ? 'right' : bytes(more)} behind a block allocated${at(causeLine)}.`;
    case 'before-block':
      return `That is ${bytes(more)} before a block allocated${at(causeLine)}.`;
    case 'variable':
      return `It goes ${bytes(more)} beyond a variable of ${bytes(size)} declared${at(causeLine)}.`;
    case 'frame':
      return 'There lies what the function needs to return: a saved frame pointer or return address.';
    case 'between':
      return 'No variable and no block lies there.';
    case 'wrote':
      return `It was last written${at(causeLine)}.`;
    case 'no-block':
      return 'No block has ever been allocated there.';
    case 'index':
    case 'none':
      return '';
  }
}

/** Source: C17 annex J.2 for each; what gcc and clang make of it. */
const ASSUMES: Readonly<Record<FindingKind, string>> = {
  none: '',
  uninitialised:
    'An optimiser may take any value for it, another one each time, and drop the branch that does not suit.',
  'use-after-free': 'An optimiser may assume that nobody uses the pointer any more, and keep or move what it held.',
  'out-of-bounds': 'An optimiser may assume that the index is in range and drop the test that says otherwise.',
  'dead-frame': 'An optimiser may assume that nobody looks at the variable any more and never store it.',
  overlap: 'An optimiser may copy in any order and in pieces of any size; memmove is made for this.',
  padding: 'An optimiser may leave anything in those bytes, also change them when it stores a member.',
  aliasing:
    'An optimiser may assume that the two types never share memory, and reorder the accesses; memcpy or a union is allowed.',
  misaligned: 'The processor takes it, slower across a cache line; an optimiser may use instructions that trap on it.',
  'double-free': 'Whoever owns the block by now loses it; glibc stops the program where it notices.',
  'invalid-free': 'The allocator reads the bytes in front as its own header; glibc stops the program where it notices.',
  leak: '',
};

/** One finding as the command line prints it. */
export function findingText(view: FindingView): string {
  const times = view.times === 1 ? '' : ` (${view.times} times)`;
  const address = view.kind === 'leak' ? '' : ` [0x${view.address.toString(16)}]`;
  const place = `${view.program}:${view.line}:${view.column}`;
  const rest = [view.why, view.assumes].filter((text) => text !== '').map((text) => `  ${text}\n`);
  return `${place}: ${view.kind}: ${view.what}${address}${times}\n${rest.join('')}`;
}
