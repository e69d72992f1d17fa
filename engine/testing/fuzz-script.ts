import type { MachineOptions } from '../protocol/commands.ts';
import { FileWords } from './fuzz-files.ts';
import { PoolWords } from './fuzz-pool.ts';
import { Random } from './random.ts';

/** What a random script is made of: `core` is what the reference model covers, `all` every operation there is. */
export type Vocabulary = 'core' | 'all';

export interface FuzzCase {
  readonly seed: number;
  readonly options: MachineOptions;
  readonly vocabulary: Vocabulary;
  readonly lines: readonly string[];
}

const NAMES = ['A', 'B', 'C', 'D', 'E'];
const ADVICE = [
  'dontneed', 'dontneed', 'populate_read', 'populate_write', 'dontfork', 'dofork', 'wipeonfork', 'keeponfork', 'remove',
  'guard_install', 'guard_remove', 'hugepage', 'nohugepage', 'collapse', 'free', 'cold', 'willneed', 'dontneed_locked', 'bogus', 'pageout', 'pageout', 'pageout',
  'pageout', 'willneed',
]; // prettier-ignore

/** seed → machine and commands. Small machines run out of frames, the large ones never do. */
export function fuzzCase(seed: number, vocabulary: Vocabulary, commands: number): FuzzCase {
  const random = new Random(seed);
  const huge = vocabulary === 'all' && random.chance(0.25);
  const ramPages = vocabulary === 'core' ? 1024 : huge ? 4096 : random.pick([40, 64, 96, 512]);
  const overcommit = vocabulary === 'core' ? random.pick([0, 1] as const) : random.pick([0, 1, 2] as const);
  const swapPages = vocabulary === 'core' ? 8192 : random.pick([0, 6, 40, 200]);
  const options: MachineOptions = {
    ramPages,
    swapPages,
    seed,
    overcommit,
    image: 'bare',
    ...(huge ? { thp: random.pick(['always', 'always', 'madvise'] as const) } : {}),
  };
  const writer = new ScriptWriter(random, vocabulary, huge);
  return { seed, options, vocabulary, lines: Array.from({ length: commands }, () => writer.line()) };
}

class ScriptWriter {
  private readonly sizes = new Map<string, number>();
  private alive = [0];
  private nextTask = 1;
  private readonly files: FileWords;
  private readonly pool: PoolWords;

  constructor(
    private readonly random: Random,
    private readonly vocabulary: Vocabulary,
    /** Regions large enough for huge pages. */
    private readonly huge: boolean,
  ) {
    this.pool = new PoolWords(random);
    this.files = new FileWords(random, () => this.place());
  }

  line(): string {
    const { random } = this;
    const task = `p${random.pick(this.alive)}`;
    if (this.sizes.size === 0 || (this.sizes.size < NAMES.length && random.chance(0.08))) return this.newRegion(task);
    if (this.huge && random.chance(0.15)) return this.pool.line(task);
    if (this.vocabulary === 'all' && random.chance(0.35)) return this.special(task);
    const dice = random.next();
    if (dice < 0.28) return `${task} touch_w ${this.range()} ${random.integer(1, 250)}`;
    if (dice < 0.42) return `${task} ${random.pick(['touch_r', 'read'])} ${this.range()}`;
    if (dice < 0.52) return `${task} munmap ${this.range()}`;
    if (dice < 0.64) return `${task} mprotect ${this.range()} ${random.pick(['rw', 'rw', 'r', 'none', 'rx'])}`;
    const advice = this.vocabulary === 'core' && dice < 0.67 ? 'pageout' : 'dontneed';
    if (dice < 0.7) return `${task} madvise ${this.range()} ${advice}`;
    if (dice < 0.78) return this.mapInside(task);
    if (dice < 0.84) return `${task} brk ${random.pick(['+', '+', '-'])}${random.integer(0, 5)}`;
    if (dice < 0.88) return `${task} touch_w heap ${random.integer(0, 5)} ${random.integer(1, 3)}`;
    if (dice < 0.96) return this.fork(task);
    return this.end();
  }

  private newRegion(task: string): string {
    const { random } = this;
    const name = NAMES[this.sizes.size]!;
    const pages = this.huge ? random.integer(780, 1000) : random.integer(2, 24);
    this.sizes.set(name, pages);
    return `${task} mmap ${name} ${pages} ${this.perms()} ${this.kind()}`;
  }

  private kind(): string {
    const words =
      this.vocabulary === 'all' ? ['', '', 'noreserve', 'populate', 'locked'] : ['', '', 'noreserve', 'populate'];
    return `${this.random.chance(0.3) ? 'shared' : 'private'} anon ${this.random.pick(words)}`.trim();
  }

  private perms(): string {
    return this.random.pick(['rw', 'rw', 'rw', 'r', 'none']);
  }

  private range(): string {
    const name = this.random.pick([...this.sizes.keys()]);
    const size = this.sizes.get(name)!;
    const offset = this.random.integer(0, size - 1);
    // In a machine's near places a huge page starts 256 pages behind the name.
    if (this.huge && this.random.chance(0.3))
      return `${name} ${this.random.pick(['256 512', '0 1000', '256 513', '200 300'])}`;
    return `${name} ${offset} ${this.random.integer(1, Math.min(8, size - offset + 1))}`;
  }

  private place(): string {
    const name = this.random.pick([...this.sizes.keys()]);
    return `${name}+${this.random.integer(0, this.sizes.get(name)!)}`;
  }

  private mapInside(task: string): string {
    const how = this.random.pick(['fixed', 'fixed', 'at']);
    return `${task} mmap ${this.random.pick(NAMES)} ${this.random.integer(1, 4)} ${this.perms()} ${this.kind()} ${how} ${this.place()}`;
  }

  private fork(task: string): string {
    if (this.alive.length > 4 || this.nextTask > 200) return `${task} state`;
    const child = this.nextTask++;
    this.alive.push(child);
    return `${task} fork p${child}`;
  }

  private end(): string {
    if (this.alive.length < 2) return 'p0 state';
    const task = this.random.pick(this.alive);
    this.alive = this.alive.filter((each) => each !== task);
    return `p${task} ${this.random.pick(['exit', 'kill'])}`;
  }

  private special(task: string): string {
    const { random } = this;
    const dice = random.next();
    if (dice < 0.3) return `${task} madvise ${this.range()} ${random.pick(ADVICE)}`;
    if (dice < 0.5) return `${task} ${random.pick(['mlock', 'munlock', 'mincore'])} ${this.range()}`;
    if (dice < 0.56) return `${task} mlock2 ${this.range()} onfault`;
    if (dice < 0.62)
      return `${task} ${random.pick(['mlockall current', 'mlockall future', 'mlockall current future', 'munlockall'])}`;
    if (dice < 0.68)
      return `${task} rlimit ${random.pick(['memlock', 'as', 'data'])} ${random.pick(['4', '16', '64', '200'])}`;
    if (dice < 0.7) return `${task} dropcap ipc_lock`;
    if (dice < 0.74) return `${task} msync ${this.range()} ${random.integer(0, 7)}`;
    if (dice < 0.76) return `@overcommit ${random.integer(0, 2)}`;
    if (dice < 0.77) return `@tlb ${random.pick(['1 1 lru', '8 2 fifo', '16 16 random', '32 4 plru', '64 4 lru'])}`;
    if (dice < 0.78) return `${task} walk ${this.place().replace('+', ' ')}`;
    if (dice < 0.785) return `@swap ${random.pick(['file', 'zram'])} 1`;
    if (dice < 0.9) return this.files.line(task);
    const how = random.pick([
      '',
      'maymove',
      `maymove fixed ${this.place()}`,
      `maymove dontunmap fixed ${this.place()}`,
      'maymove dontunmap',
    ]);
    return `${task} mremap ${this.range()} ${random.integer(1, 10)} ${how}`.trim();
  }
}
