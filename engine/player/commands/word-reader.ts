import type { Perms, Quantity, RegionOffset } from '../../protocol/commands.ts';
import { MAX_TASKS } from '../../base/limits.ts';
import type { TextProblem } from '../text/problem.ts';
import { parseQuantity } from './quantity.ts';
import type { Word } from './words.ts';

/** Ends the parse of one line at its first problem. Thrown and caught inside this folder only. */
export class LineProblem extends Error {
  constructor(readonly problem: TextProblem) {
    super(problem.message);
  }
}

/** A region's name: 15 characters, as the recorded scripts allow. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,14}$/;
const PERMS = new Set<string>(['r', 'w', 'x', 'rw', 'rx', 'wx', 'rwx']);
const NUMBER_REMEDY = 'write pages and bytes such as 3, 3+100b, 100b or 60%ram';

/** Takes the words of one command from left to right and refuses the first that does not fit. */
export class WordReader {
  private next = 0;

  constructor(
    private readonly words: readonly Word[],
    /** How the operation is written, for remedies. */
    readonly usage: string,
  ) {}

  static refuse(word: { start: number; end: number }, message: string, remedy: string): never {
    throw new LineProblem({ start: word.start, end: word.end, message, remedy });
  }

  get done(): boolean {
    return this.next >= this.words.length;
  }

  peek(): Word | null {
    return this.words[this.next] ?? null;
  }

  /** The next word; a missing one is reported behind the last. */
  take(what: string): Word {
    const word = this.words[this.next];
    if (word === undefined) {
      const end = this.words.at(-1)?.end ?? 0;
      return WordReader.refuse({ start: end, end }, `${what} is missing`, `write ${this.usage}`);
    }
    this.next++;
    return word;
  }

  /** Refuses what is left over. */
  finish(): void {
    const extra = this.peek();
    if (extra === null) return;
    WordReader.refuse(extra, `${extra.text} is one word too many`, `write ${this.usage}`);
  }

  name(what: string): string {
    const word = this.take(what);
    if (NAME.test(word.text)) return word.text;
    return WordReader.refuse(
      word,
      `${word.text} is no name of a region`,
      'use up to 15 letters, digits and _, a letter first',
    );
  }

  quantity(what: string): Quantity {
    const word = this.take(what);
    return parseQuantity(word.text) ?? WordReader.refuse(word, `${word.text} is no number for ${what}`, NUMBER_REMEDY);
  }

  /** An integer in plain digits or 0x…, within bounds. */
  integer(what: string, from: number, to: number): number {
    const word = this.take(what);
    const value = /^(\d+|0x[0-9a-fA-F]+)$/.test(word.text) ? Number(word.text) : NaN;
    if (value >= from && value <= to) return value;
    return WordReader.refuse(word, `${word.text} is no ${what}`, `write a number from ${from} to ${to}`);
  }

  /** An integer in plain digits, with or without a minus sign; what is too large for it the simulated machine says. */
  signedInteger(what: string): number {
    const word = this.take(what);
    const value = /^-?\d+$/.test(word.text) ? Number(word.text) : NaN;
    // −0 would be a second spelling of 0
    if (Number.isSafeInteger(value)) return value + 0;
    return WordReader.refuse(word, `${word.text} is no ${what}`, 'write a whole number');
  }

  /** Letters of r, w, x in any order, or none. */
  perms(): Perms {
    const word = this.take('PERMS');
    if (word.text === 'none') return '';
    const sorted = [...'rwx'].filter((letter) => word.text.includes(letter)).join('');
    const onlyThose = sorted.length === word.text.length;
    if (onlyThose && PERMS.has(sorted)) return sorted as Perms;
    return WordReader.refuse(word, `${word.text} is no protection`, 'write letters of r, w, x, or none');
  }

  /** `A+2`: a region and an offset in it. */
  place(what: string): RegionOffset {
    const word = this.take(what);
    const plus = word.text.indexOf('+');
    const name = plus < 0 ? word.text : word.text.slice(0, plus);
    const offset = plus < 0 ? null : parseQuantity(word.text.slice(plus + 1));
    if (NAME.test(name) && offset !== null) return { name, offset };
    return WordReader.refuse(word, `${word.text} is no place in a region`, 'write REGION+OFF, such as A+2 or A+0');
  }

  /** The number N of a task pN. */
  task(what: string): number {
    return taskNumber(this.take(what), what);
  }
}

/** N of `pN`, refused with its place otherwise. */
export function taskNumber(word: Word, what: string): number {
  const match = /^p(0|[1-9]\d*)$/.exec(word.text);
  const task = match === null ? NaN : Number(match[1]);
  if (task < MAX_TASKS) return task;
  return WordReader.refuse(word, `${word.text} is no ${what}`, `write p0 … p${MAX_TASKS - 1}`);
}
