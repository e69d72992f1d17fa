import type { Random } from './random.ts';

const FILES = ['F', 'G', 'H'];
/** Pages of the largest one. */
const FILE_PAGES = 40;

/** Commands of random scripts that have to do with files and programs. */
export class FileWords {
  private readonly made: string[] = [];

  constructor(
    private readonly random: Random,
    /** `NAME OFF` of a region's page. */
    private readonly place: () => string,
  ) {}

  line(task: string): string {
    const { random, made } = this;
    if (made.length === 0 || (made.length < FILES.length && random.chance(0.1))) return this.make();
    const file = random.pick(made);
    const at = random.integer(0, FILE_PAGES);
    const pages = random.integer(1, 12);
    const dice = random.next();
    if (dice < 0.3) return `${task} mmap ${this.mapping(file)}`;
    if (dice < 0.5) return `${task} pread ${file} ${at} ${this.length()}${random.pick(['', ` to ${this.buffer()}`, ' direct', ` to ${this.buffer()} direct`])}`; // prettier-ignore
    if (dice < 0.7) return `${task} pwrite ${file} ${at} ${this.length()} from ${this.buffer()}${random.pick(['', '', ' direct'])}`; // prettier-ignore
    if (dice < 0.76) return `${task} ftruncate ${file} ${random.pick([`${at}`, `${at}+100b`, '0', `${FILE_PAGES}`])}`;
    if (dice < 0.84) return `${task} fsync ${file}`;
    if (dice < 0.92)
      return `${task} fadvise ${file} ${at} ${pages} ${random.pick(['willneed', 'dontneed', 'dontneed'])}`;
    if (dice < 0.95) return `@sleep ${random.pick([10, 40_000])}`;
    return `${task} exec ${random.pick(['program', 'program', 'I', file])}`;
  }

  private make(): string {
    const { random, made } = this;
    const file = FILES[made.length]!;
    made.push(file);
    if (file === 'H') return `@image I ${random.integer(1, 3)} 1 ${random.integer(1, 2)} ${random.integer(1, 6)}`;
    return `@file ${file} ${random.integer(0, FILE_PAGES)}`;
  }

  private mapping(file: string): string {
    const { random } = this;
    const perms = random.pick(['rw', 'rw', 'r', 'rx']);
    const sharing = random.pick(['shared', 'private']);
    const how = random.pick(['', 'populate', 'locked']);
    const fixed = `fixed ${this.buffer()}`;
    return `${random.pick(['M', 'N'])} ${random.integer(1, 24)} ${perms} ${sharing} file ${file}+${random.integer(0, 8)} ${how} ${random.pick(['', fixed, fixed])}`
      .replaceAll(/ +/g, ' ')
      .trim();
  }

  private readonly length = (): string => this.random.pick(['1', '3', '9', '100b', '1+512b', '2+7b']);
  private readonly buffer = (): string => this.place().replace(' ', '+');
}
