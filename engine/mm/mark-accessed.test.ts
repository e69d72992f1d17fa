import { describe, expect, it } from 'vitest';
import { LRU } from '../base/flags.ts';
import { lab, type Lab } from '../testing/fixtures.ts';

const files = (l: Lab): { active: number; inactive: number } => ({
  active: l.k.lruLists.count[LRU.ACTIVE_FILE]!,
  inactive: l.k.lruLists.count[LRU.INACTIVE_FILE]!,
});

/** A file of 8 pages: all cached, none of them used yet; then the script. */
const ROWS: readonly [what: string, script: string[], active: number][] = [
  ['read once', ['p0 pread F 0 8'], 0],
  ['read twice', ['p0 pread F 0 8', 'p0 pread F 0 8'], 8],
  ['read in pieces, one after the other, is read once', ['p0 pread F 0 100b', 'p0 pread F 100b 100b', 'p0 pread F 200b 100b'], 0],
  ['read in pieces, with another page in between', ['p0 pread F 0 100b', 'p0 pread F 2 100b', 'p0 pread F 100b 100b'], 1],
  ['mapped and used, then unmapped', ['p0 mmap P 8 r shared file F+0', 'p0 touch_r P 0 1', 'p0 munmap P 0 8'], 0],
  ['mapped and used, unmapped, and again', ['p0 mmap P 8 r shared file F+0', 'p0 touch_r P 0 1', 'p0 munmap P 0 8', 'p0 mmap Q 8 r shared file F+0', 'p0 touch_r Q 0 1', 'p0 munmap Q 0 8'], 1],
  ['read, then mapped, used and unmapped', ['p0 pread F 0 2', 'p0 mmap P 8 r shared file F+0', 'p0 touch_r P 0 1', 'p0 munmap P 0 8'], 1],
  ['mapped with a word that it is read in sequence', ['p0 pread F 0 2', 'p0 mmap P 8 r shared file F+0', 'p0 madvise P 0 8 sequential', 'p0 touch_r P 0 1', 'p0 munmap P 0 8'], 0],
]; // prettier-ignore

describe('pages of a file', () => {
  it.each(ROWS)('%s', (_what, script, active) => {
    const l = lab();
    l.run('@file F 8', 'p0 fadvise F 0 8 willneed', ...script);
    expect(files(l)).toEqual({ active, inactive: 8 - active });
  });

  it('that became active are the last to go', () => {
    const l = lab({ ramPages: 128, overcommit: 1 });
    l.run('@file F 8', 'p0 pread F 0 8', 'p0 pread F 0 2', '@file G 200');
    for (let page = 0; page < 200; page += 10) l.run(`p0 pread G ${page} 10`);
    l.run('p0 mmap P 8 r shared file F+0');
    expect(l.run('p0 mincore P 0 8').vec).toEqual([1, 1, 0, 0, 0, 0, 0, 0]);
  });

  it('that are locked do not move', () => {
    const l = lab();
    l.run('@file F 8', 'p0 mmap P 8 r shared file F+0', 'p0 mlock P 0 8', 'p0 pread F 0 8', 'p0 pread F 0 8');
    expect(files(l)).toEqual({ active: 0, inactive: 0 });
  });
});
