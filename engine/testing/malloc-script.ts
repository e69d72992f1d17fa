import { Random } from './random.ts';

/** What a random malloc script may do: only what is defined, or anything that a broken program does. */
export type MallocVocabulary = 'defined' | 'broken';

const TUNABLES = [
  'glibc.malloc.tcache_count=0',
  'glibc.malloc.tcache_count=2',
  'glibc.malloc.tcache_max=256',
  'glibc.malloc.mxfast=0',
  'glibc.malloc.tcache_unsorted_limit=1',
  'glibc.malloc.top_pad=0',
  'glibc.malloc.perturb=165',
  'glibc.malloc.mmap_threshold=65536',
];
const PARAMETERS: readonly (readonly [string, readonly number[]])[] = [
  ['trim_threshold', [0, 4096, 131072]],
  ['top_pad', [0, 4096, 65536]],
  ['mmap_threshold', [4096, 131072, 1048576]],
  ['mmap_max', [0, 1, 65536]],
  ['mxfast', [0, 64, 160, 1000]],
  ['perturb', [0, 165]],
];

/** seed → malloc script; the same on every machine. */
export function randomMallocScript(seed: number, vocabulary: MallocVocabulary, commands = 60): string {
  const writer = new MallocWriter(new Random(seed), vocabulary);
  return `${[...writer.head(), ...Array.from({ length: commands }, () => writer.line()), ...writer.tail()].join('\n')}\n`;
}

class MallocWriter {
  private readonly live: string[] = [];
  /** Names that had a block once: pointers that dangle. */
  private readonly freed: string[] = [];
  private made = 0;

  constructor(
    private readonly random: Random,
    private readonly vocabulary: MallocVocabulary,
  ) {}

  head(): string[] {
    if (!this.random.chance(0.3)) return ['state'];
    return [`@env GLIBC_TUNABLES ${this.random.pick(TUNABLES)}`, 'state'];
  }

  tail(): string[] {
    const rest = this.vocabulary === 'defined' ? this.live.map((name) => `free ${name}`) : [];
    return [...rest, 'state'];
  }

  line(): string {
    const { random } = this;
    if (this.vocabulary === 'broken' && this.live.length > 0 && random.chance(0.15)) return this.bug();
    const dice = random.next();
    if (this.live.length === 0 || dice < 0.46) return this.allocate();
    if (dice < 0.76) return this.release();
    if (dice < 0.88) return `realloc ${random.pick(this.live)} ${this.size() + 1}`;
    if (dice < 0.91) return `trim ${random.pick([0, 100, 4096, 131072])}`;
    if (dice < 0.95) return `${random.pick(['usable', 'show', 'prev'])} ${random.pick(this.live)}`;
    if (dice < 0.97) return 'state';
    const [name, values] = random.pick(PARAMETERS);
    return `mallopt ${name} ${random.pick(values)}`;
  }

  private allocate(): string {
    const { random } = this;
    const name = `v${++this.made}`;
    this.live.push(name);
    const dice = random.next();
    if (dice < 0.75) return `malloc ${name} ${this.size()}`;
    if (dice < 0.87) return `calloc ${name} ${random.integer(1, 40)} ${random.integer(1, 300)}`;
    const alignment = random.pick([16, 32, 64, 48, 256, 4096]);
    const call = random.pick(['memalign', 'aligned_alloc', 'posix_memalign']);
    return `${call} ${name} ${call === 'posix_memalign' && alignment === 48 ? 32 : alignment} ${random.integer(0, 4000)}`;
  }

  private release(): string {
    const name = this.live.splice(this.random.integer(0, this.live.length - 1), 1)[0]!;
    this.freed.push(name);
    return `free ${name}`;
  }

  /** Double frees, frees of what is no block, writes past the end and into freed blocks. */
  private bug(): string {
    const { random } = this;
    const name = random.pick(this.live);
    const dice = random.next();
    if (dice < 0.2 && this.freed.length > 0) return `free ${random.pick(this.freed)}`;
    if (dice < 0.35) return `free ${name} ${random.pick([8, 16, 32, -16])}`;
    if (dice < 0.7) return `poke ${name} ${random.pick([-8, -16, -7, 24, 32])} ${random.integer(0, 255)}`;
    if (this.freed.length > 0)
      return `poke ${random.pick(this.freed)} ${random.pick([0, 8, 16, 1])} ${random.integer(0, 255)}`;
    return `poke ${name} -8 ${random.integer(0, 255)}`;
  }

  private size(): number {
    const { random } = this;
    const dice = random.next();
    if (dice < 0.35) return random.integer(0, 130);
    if (dice < 0.7) return random.integer(1, 1100);
    if (dice < 0.92) return random.integer(1000, 20_000);
    return random.integer(20_000, 280_000);
  }
}
