import { POLICY_NAMES } from '../../policy/policy.ts';
import type { MachineDirective } from '../../protocol/commands.ts';
import { didYouMean } from '../text/nearest.ts';
import { WordReader } from './word-reader.ts';

type Trace = Extract<MachineDirective, { op: '@trace' }>;

/** A row of references that still fits a screen, and frames likewise; `faultline trace` takes any number. */
const MAX_REFERENCES = 1_000;
const MAX_PAGE = 2 ** 31;

/** `@trace POLICY FRAMES PAGE…` */
export function traceOf(read: WordReader): Trace {
  const word = read.take('POLICY');
  const policy = POLICY_NAMES.find((known) => known === word.text);
  if (policy === undefined) {
    const remedy = didYouMean(word.text, POLICY_NAMES, `use ${POLICY_NAMES.join(', ')}`);
    return WordReader.refuse(word, `${word.text} is no policy`, remedy);
  }
  const frames = read.integer('FRAMES', 1, MAX_REFERENCES);
  const pages = [read.integer('PAGE', 0, MAX_PAGE)];
  while (!read.done) {
    const next = read.peek()!;
    pages.push(read.integer('PAGE', 0, MAX_PAGE));
    if (pages.length > MAX_REFERENCES)
      WordReader.refuse(next, `${MAX_REFERENCES} references are enough here`, 'use faultline trace for more');
  }
  return { op: '@trace', policy, frames, pages };
}

export const formatTrace = ({ policy, frames, pages }: Trace): string =>
  `@trace ${policy} ${frames} ${pages.join(' ')}`;
