import { Random } from '../../testing/random.ts';
import { Zipf } from './traces.ts';

/** Bits 30 and 31 of a word: what happens. Bits 20 to 29 the process, 0 to 19 its page, or the child. */
export const OP = { read: 0, write: 1, fork: 2, exit: 3 } as const;
/** Pages that every process has. */
export const PROCESS_PAGES = 16_384;

const MAX_ALIVE = 24;
/** Accesses between a fork or an exit and the next. */
const CALM = 10_000;
/** Accesses that a new child makes, most of them writes. */
const BURST = 2_000;

const word = (op: number, process: number, page: number): number => ((op << 30) | (process << 20) | page) >>> 0;

/** Processes that fork, write to what they share, and end; p0 stays. Follows from the seed. */
export function processTrace(accesses: number, seed = 42): Uint32Array {
  const random = new Random(seed);
  const zipf = new Zipf(PROCESS_PAGES, 0.99, random);
  const words: number[] = [];
  const alive = [0];
  const unused = Array.from({ length: MAX_ALIVE * 2 }, (_, i) => MAX_ALIVE * 2 - i);
  const page = (): number => (zipf.next() * 0x9e5) % PROCESS_PAGES;
  for (let done = 0; done < accesses;) {
    const forks = alive.length < 2 || (alive.length < MAX_ALIVE && random.chance(0.5));
    if (forks) {
      const child = unused.pop()!;
      words.push(word(OP.fork, random.pick(alive), child));
      alive.push(child);
      for (let i = 0; i < BURST && done < accesses; i++, done++) {
        words.push(word(random.chance(0.7) ? OP.write : OP.read, child, page()));
      }
    } else {
      const [ended] = alive.splice(random.integer(1, alive.length - 1), 1);
      words.push(word(OP.exit, ended!, 0));
      unused.push(ended!);
    }
    for (let i = 0; i < CALM && done < accesses; i++, done++) {
      words.push(word(random.chance(0.2) ? OP.write : OP.read, random.pick(alive), page()));
    }
  }
  return Uint32Array.from(words);
}
