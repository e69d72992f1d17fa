import type { CommandResult, MachineDirective, TracePolicy } from '../../protocol/commands.ts';
import { counted } from './words.ts';

/** What a rule of replacement is called in a sentence. */
const POLICY_WORDS: Readonly<Record<TracePolicy, string>> = {
  fifo: 'First in, first out',
  lru: 'Least recently used',
  clock: 'The clock',
  lfu: 'Least frequently used',
  random: 'Chance',
  opt: 'The best rule there is, which knows the future',
  linux: 'Linux’s two lists',
};

/** References that a sentence can still list one by one. */
const LISTED = 24;

/** Who faulted where: `1F 2F 1h`. */
export function traceSentence(
  { policy, frames, pages }: Extract<MachineDirective, { op: '@trace' }>,
  { ret, trace = '' }: CommandResult,
): string {
  const faults = Number(ret);
  const row = pages.length <= LISTED ? `: ${pages.map((page, i) => `${page}${trace[i]!}`).join(' ')}` : '';
  return `${POLICY_WORDS[policy]}, ${counted(frames, 'frame')}: ${counted(faults, 'fault')} and ${counted(pages.length - faults, 'hit')} in ${counted(pages.length, 'reference')}${row}.`;
}
