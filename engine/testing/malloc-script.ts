import { MALLOPT_NAMES } from '../protocol/library-calls.ts';
import { Random } from './random.ts';

/**
 * What a random malloc script may do: only what is defined, anything that a broken program does, or that in an
 * environment with any settings the allocator reads, senseless ones too.
 */
export type MallocVocabulary = 'defined' | 'broken' | 'tuned';

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
/** Values that a tunable may be given: in range, at its borders, beyond them, and no numbers at all. */
const SETTINGS: Readonly<Record<string, readonly string[]>> = {
  check: ['0', '1', '3', '4'],
  top_pad: ['0', '1', '4096', '65537', '0x10000', '1000000'],
  perturb: ['0', '1', '165', '255', '256', '-1', '0x5a'],
  mmap_threshold: ['4096', '65536', '010000', '33554432', '40000000', '18446744073709551615'],
  trim_threshold: ['0', '4096', '10000000', '-1'],
  mmap_max: ['0', '1', '65536', '-1', 'x'],
  arena_max: ['0', '1', '2'],
  arena_test: ['1', '8'],
  tcache_max: ['0', '24', '25', '256', '1032', '1033', '-5'],
  tcache_count: ['0', '1', '7', '100', '65535', '65536', '-1'],
  tcache_unsorted_limit: ['0', '1', '2', '5'],
  mxfast: ['0', '7', '8', '64', '128', '160', '161', '-1'],
  no_such_thing: ['1'],
};
const VARIABLES: Readonly<Record<string, keyof typeof SETTINGS>> = {
  MALLOC_TOP_PAD_: 'top_pad',
  MALLOC_PERTURB_: 'perturb',
  MALLOC_MMAP_THRESHOLD_: 'mmap_threshold',
  MALLOC_TRIM_THRESHOLD_: 'trim_threshold',
  MALLOC_MMAP_MAX_: 'mmap_max',
  MALLOC_ARENA_MAX: 'arena_max',
  MALLOC_ARENA_TEST: 'arena_test',
};
/** Values of mallopt, whatever the parameter. */
const WILD = [
  -2147483648, -4096, -1, 0, 1, 7, 8, 80, 160, 161, 4095, 4096, 65536, 131072, 1048576, 33554433, 2147483647,
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
    if (this.vocabulary === 'tuned') return [...this.environment(), 'state'];
    if (!this.random.chance(0.3)) return ['state'];
    return [`@env GLIBC_TUNABLES ${this.random.pick(TUNABLES)}`, 'state'];
  }

  /** Any of the variables, up to four tunables in a row, and the debug library with its checks. */
  private environment(): string[] {
    const { random } = this;
    const lines: string[] = [];
    for (const [variable, name] of Object.entries(VARIABLES)) {
      if (random.chance(0.12)) lines.push(`@env ${variable} ${random.pick(SETTINGS[name]!)}`);
    }
    const tunables = Array.from({ length: random.integer(0, 4) }, () => random.pick(Object.keys(SETTINGS)));
    const settings = tunables.map((name) => `glibc.malloc.${name}=${random.pick(SETTINGS[name]!)}`);
    if (settings.length > 0) lines.push(`@env GLIBC_TUNABLES ${settings.join(':')}`);
    if (random.chance(0.4)) lines.push(`@env MALLOC_CHECK_ ${random.pick(['0', '1', '2', '3', '5', 'x'])}`);
    if (random.chance(0.4)) lines.push('@env LD_PRELOAD libc_malloc_debug.so.0');
    return lines;
  }

  tail(): string[] {
    const rest = this.vocabulary === 'defined' ? this.live.map((name) => `free ${name}`) : [];
    return [...rest, 'state'];
  }

  line(): string {
    const { random } = this;
    if (
      this.vocabulary !== 'defined' &&
      this.live.length > 0 &&
      random.chance(this.vocabulary === 'tuned' ? 0.05 : 0.15)
    ) {
      return this.bug();
    }
    const dice = random.next();
    if (this.live.length === 0 || dice < 0.46) return this.allocate();
    if (dice < 0.76) return this.release();
    if (dice < 0.88) return `realloc ${random.pick(this.live)} ${this.size() + 1}`;
    if (dice < 0.91) return `trim ${random.pick([0, 100, 4096, 131072])}`;
    if (dice < 0.95) return this.look();
    if (dice < 0.97) return 'state';
    if (this.vocabulary === 'tuned') return `mallopt ${random.pick(MALLOPT_NAMES)} ${random.pick(WILD)}`;
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

  /** With the debug library the C library lies elsewhere, and so does what a free chunk's neighbour points at. */
  private look(): string {
    const looks = this.vocabulary === 'tuned' ? ['usable', 'show'] : ['usable', 'show', 'prev'];
    return `${this.random.pick(looks)} ${this.random.pick(this.live)}`;
  }

  /** Double frees, frees of what is no block, writes past the end and into freed blocks. */
  private bug(): string {
    const { random } = this;
    const name = random.pick(this.live);
    const dice = random.next();
    if (this.vocabulary === 'tuned') return this.tunedBug(name);
    if (dice < 0.2 && this.freed.length > 0) return `free ${random.pick(this.freed)}`;
    if (dice < 0.35) return `free ${name} ${random.pick([8, 16, 32, -16])}`;
    if (dice < 0.7) return `poke ${name} ${random.pick([-8, -16, -7, 24, 32])} ${random.integer(0, 255)}`;
    if (this.freed.length > 0)
      return `poke ${random.pick(this.freed)} ${random.pick([0, 8, 16, 1])} ${random.integer(0, 255)}`;
    return `poke ${name} -8 ${random.integer(0, 255)}`;
  }

  /**
   * Only what does not depend on the places of other libraries, which move with the environment: a block freed twice,
   * and the bytes around a live one.
   */
  private tunedBug(name: string): string {
    const { random } = this;
    if (this.freed.length > 0 && random.chance(0.4)) return `free ${random.pick(this.freed)}`;
    return `poke ${name} ${random.pick([-8, -16, 24, 32])} ${random.integer(0, 255)}`;
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
