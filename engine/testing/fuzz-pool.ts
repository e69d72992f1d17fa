import type { Random } from './random.ts';

/** Huge pages that the region lies on; moves go further up. */
const PAGES = 3;
const HUGE = 512;

/** Commands of random scripts that have to do with the pool of huge pages. */
export class PoolWords {
  private made = false;

  constructor(private readonly random: Random) {}

  line(task: string): string {
    const { random } = this;
    if (!this.made) {
      this.made = true;
      return `${task} mmap P ${PAGES * HUGE} rw ${this.kind()}`;
    }
    const dice = random.next();
    const at = random.integer(0, 5) * HUGE;
    const pages = random.integer(1, PAGES) * HUGE;
    if (dice < 0.12) return `@sysctl nr_hugepages ${random.integer(0, 4)}`;
    if (dice < 0.16) return `@sysctl nr_overcommit_hugepages ${random.integer(0, 2)}`;
    if (dice < 0.32) return `${task} mmap P ${pages} ${random.pick(['rw', 'rw', 'r', 'none'])} ${this.kind()} fixed P+${at}`;
    if (dice < 0.56) return `${task} ${random.pick(['touch_w', 'touch_w', 'touch_r'])} P ${at + random.integer(0, 511)} ${random.pick([1, 3, 600])}`;
    if (dice < 0.66) return `${task} munmap P ${at} ${random.pick([1, 512, 512, 1024, 600])}`;
    if (dice < 0.74) return `${task} mprotect P ${at} ${pages} ${random.pick(['r', 'rw', 'none'])}`;
    if (dice < 0.86) return `${task} madvise P ${at} ${random.pick([1, pages])} ${random.pick(['dontneed', 'dontneed', 'remove', 'populate_write', 'populate_read', 'dontfork', 'free'])}`;
    if (dice < 0.9) return `${task} mlock P ${at} ${pages}`;
    const how = random.pick(['', 'maymove', `maymove fixed P+${random.integer(6, 8) * HUGE}`, `maymove fixed P+${at}`]);
    return `${task} mremap P ${at} ${random.pick([1, 512, 1024])} ${random.pick([1, 512, 1024])} ${how}`.trim();
  } // prettier-ignore

  private kind(): string {
    const { random } = this;
    return `${random.pick(['private', 'private', 'shared'])} hugepages ${random.pick(['', '', 'noreserve', 'populate', 'locked'])}`.trim();
  }
}
