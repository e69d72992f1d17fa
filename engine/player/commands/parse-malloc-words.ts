import { loopNames } from '../../protocol/library-calls.ts';
import { didYouMean } from '../text/nearest.ts';
import { WordReader } from './word-reader.ts';
import type { Word } from './words.ts';

/** A pointer's name is a name in C, as long as C17 5.2.4.1 promises. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const MAX_NAME = 31;
/** Of a loop's names the number takes three characters. */
const MAX_PREFIX = MAX_NAME - 3;
const NUMBER = /^(-?)(0x[0-9a-fA-F]+|\d+)([kKmM]?)$/;
const SHIFT: Readonly<Record<string, bigint>> = { '': 0n, k: 10n, m: 20n };
/** Names that one loop may make, and bytes that one line may print. */
const MAX_LOOP = 1000;
const MAX_BYTES = 4096;

/** Takes the words of one command of a malloc script. */
export class MallocReader {
  private readonly reader: WordReader;

  /** @param names known so far, followed on; null where somebody else looks after them */
  constructor(
    words: readonly Word[],
    usage: string,
    private readonly names: Set<string> | null,
  ) {
    this.reader = new WordReader(words, usage);
    this.reader.take('operation');
  }

  get done(): boolean {
    return this.reader.done;
  }

  finish(): void {
    this.reader.finish();
  }

  /** A name that stands for a pointer from now on. */
  newName(): string {
    const word = this.nameWord('NAME', MAX_NAME);
    this.names?.add(word.text);
    return word.text;
  }

  knownName(): string {
    const word = this.nameWord('NAME', MAX_NAME);
    if (this.names === null || this.names.has(word.text)) return word.text;
    const remedy = didYouMean(word.text, this.names, `allocate it first: malloc ${word.text} 100`);
    return WordReader.refuse(word, `nothing is called ${word.text}`, remedy);
  }

  /** PREFIX and N: the names PREFIX0 … . */
  numberedNames(): { readonly prefix: string; readonly count: number } {
    const prefix = this.nameWord('PREFIX', MAX_PREFIX).text;
    const word = this.reader.take('N');
    const count = Number(this.parse(word));
    if (count < 0 || count > MAX_LOOP) WordReader.refuse(word, `${word.text} is too many`, `write 0 … ${MAX_LOOP}`);
    for (const name of loopNames({ prefix, count })) this.names?.add(name);
    return { prefix, count };
  }

  /** A 64-bit word, as a signed number. */
  word(what: string): number {
    return Number(BigInt.asIntN(64, this.parse(this.reader.take(what))));
  }

  /** A C int, cut from a 64-bit word. */
  int(what: string): number {
    return Number(BigInt.asIntN(32, this.parse(this.reader.take(what))));
  }

  /** A number of bytes to print. */
  count(what: string): number {
    const word = this.reader.take(what);
    const value = this.parse(word);
    if (value >= 0n && value <= MAX_BYTES) return Number(value);
    return WordReader.refuse(word, `${word.text} is no ${what}`, `write 0 … ${MAX_BYTES}`);
  }

  oneOf<Word extends string>(what: string, known: readonly Word[]): Word {
    const word = this.reader.take(what);
    const found = known.find((each) => each === word.text);
    if (found !== undefined) return found;
    const remedy = didYouMean(word.text, known, `use ${known.join(', ')}`);
    return WordReader.refuse(word, `${word.text} is no ${what}`, remedy);
  }

  private nameWord(what: string, longest: number): Word {
    const word = this.reader.take(what);
    if (NAME.test(word.text) && word.text.length <= longest) return word;
    const remedy = `use up to ${longest} letters, digits and _, a letter first`;
    const wrong = NAME.test(word.text) ? `is ${word.text.length} characters long` : 'is no name of a pointer';
    return WordReader.refuse(word, `${word.text} ${wrong}`, remedy);
  }

  private parse(word: Word): bigint {
    const match = NUMBER.exec(word.text);
    if (match === null) {
      WordReader.refuse(
        word,
        `${word.text} is no number`,
        'write digits or 0x…, with k or m after them for KiB or MiB',
      );
    }
    const value = BigInt(match[2]!) << SHIFT[match[3]!.toLowerCase()]!;
    return match[1] === '-' ? -value : value;
  }
}
