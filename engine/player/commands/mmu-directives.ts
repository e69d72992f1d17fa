import { COSTS, COST_NAMES } from '../../mm/costs.ts';
import { TLB_POLICIES, type TlbPolicy } from '../../mm/tlb-policy.ts';
import { THP_MODES } from '../../mm/thp.ts';
import type { MachineDirective, ThpMode, TlbShape } from '../../protocol/commands.ts';
import { didYouMean } from '../text/nearest.ts';
import { WordReader } from './word-reader.ts';

/** Directives about the processor: its TLB and what things cost. */
export type MmuDirective = Extract<MachineDirective, { op: '@tlb' | '@cost' | '@thp' }>;

/** Translations of the largest TLB; second-level ones have 1,536 to 3,072. */
const MAX_ENTRIES = 4096;
/** Longest price: a thousand virtual seconds. */
export const MAX_COST_NS = 1e12;

const POLICY_HELP: Readonly<Record<TlbPolicy, string>> = {
  lru: 'the least recently used goes',
  fifo: 'the oldest goes',
  random: 'any goes',
  plru: 'a tree of bits points away from what was used',
};
export const TLB_POLICY_WORDS = TLB_POLICIES.map((policy) => [policy, POLICY_HELP[policy]] as const);
const THP_HELP: Readonly<Record<ThpMode, string>> = {
  never: 'only single pages',
  madvise: 'where madvise hugepage asks for them',
  always: 'wherever 512 pages fit',
};
export const THP_WORDS = THP_MODES.map((mode) => [mode, THP_HELP[mode]] as const);
export const COST_WORDS = COST_NAMES.map((name) => [name, COSTS[name].what] as const);

/** @returns null when the directive is none of these */
export function readMmuDirective(op: string, read: WordReader): MmuDirective | null {
  if (op === '@cost') {
    const name = wordOf(read, 'price', COST_NAMES);
    return { op, name, ns: read.integer('time', 0, MAX_COST_NS) };
  }
  if (op === '@thp') return { op, mode: wordOf(read, 'setting', THP_MODES) };
  return op === '@tlb' ? readTlb(read) : null;
}

function readTlb(read: WordReader): MmuDirective {
  const place = read.peek();
  const shape: TlbShape = {
    entries: read.integer('number of entries', 1, MAX_ENTRIES),
    ways: read.integer('number of ways', 1, MAX_ENTRIES),
    policy: wordOf(read, 'policy', TLB_POLICIES),
  };
  const problem = tlbProblem(shape);
  if (problem !== null) WordReader.refuse(place!, problem, 'write 64 4 lru');
  return { op: '@tlb', ...shape };
}

/** What no hardware could be, or null. */
export function tlbProblem({ entries, ways, policy }: TlbShape): string | null {
  if (entries < 1 || entries > MAX_ENTRIES) return `a TLB has 1 to ${MAX_ENTRIES} entries`;
  if (!Number.isInteger(entries / ways) || !isPowerOfTwo(entries / ways))
    return `${entries} entries in sets of ${ways} make no power of two of sets`;
  if (policy === 'plru' && (!isPowerOfTwo(ways) || ways > 32)) return `a tree has 1 to 32 ways, a power of two`;
  return null;
}

const isPowerOfTwo = (n: number): boolean => Number.isInteger(Math.log2(n));

function wordOf<Word extends string>(read: WordReader, what: string, known: readonly Word[]): Word {
  const word = read.take(what);
  const found = known.find((each) => each === word.text);
  if (found !== undefined) return found;
  return WordReader.refuse(word, `${word.text} is no ${what}`, didYouMean(word.text, known, `use ${known.join(', ')}`));
}

export function formatMmuDirective(command: MmuDirective): string {
  switch (command.op) {
    case '@cost':
      return `@cost ${command.name} ${command.ns}`;
    case '@thp':
      return `@thp ${command.mode}`;
    case '@tlb':
      return `@tlb ${command.entries} ${command.ways} ${command.policy}`;
  }
}
