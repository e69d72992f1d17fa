import { describe, expect, it } from 'vitest';
import { peekMachine } from '../kernel/index.ts';
import { lab } from '../testing/fixtures.ts';

/** Mode, commands, errno of the last. RAM is 245 pages. */
const ROWS: readonly [mode: number, what: string, script: string[], errno: string | null][] = [
  [0, 'refuses one request beyond RAM', ['p0 mmap A 101%ram rw'], 'ENOMEM'],
  [0, 'lets the total pass RAM', ['p0 mmap A 90%ram rw', 'p0 mmap B 90%ram rw'], null],
  [0, 'does not count noreserve', ['p0 mmap A 300%ram rw private anon noreserve'], null],
  [1, 'refuses nothing', ['p0 mmap A 3000%ram rw'], null],
  [2, 'refuses what passes the limit in total', ['p0 mmap A 30%ram rw', 'p0 mmap B 30%ram rw'], 'ENOMEM'],
  [2, 'counts noreserve too', ['p0 mmap A 60%ram rw private anon noreserve'], 'ENOMEM'],
  [2, 'does not count read-only memory', ['p0 mmap A 300%ram r'], null],
  [2, 'refuses a fork that would double the promise', ['p0 mmap A 30%ram rw', 'p0 fork p1'], 'ENOMEM'],
  [2, 'counts shared memory once, also across fork', ['p0 mmap A 40%ram rw shared', 'p0 fork p1'], null],
  [2, 'refuses mprotect to writable', ['p0 mmap A 60%ram r', 'p0 mprotect A 0 60%ram rw'], 'ENOMEM'],
]; // prettier-ignore

describe('overcommit', () => {
  it.each(ROWS)('%i %s', (mode, _what, script, errno) => {
    expect(lab().run(`@overcommit ${mode}`, ...script).errno ?? null).toBe(errno);
  });

  it('1 counts all the same', () => {
    const l = lab();
    expect(l.run('@overcommit 1', 'p0 mmap A 3000 rw').casDelta).toBe(3000);
  });

  it('has half of RAM, and all of swap, as its strict limit', () => {
    const l = lab({ swapPages: 100 });
    const { frames, commitLimit } = peekMachine(l.k);
    expect(commitLimit).toBe(Math.floor((frames.total - l.k.machine.reserved[0]!) / 2) + 100);
  });

  it('charges fork for what the parent was charged, and gives it back with the child', () => {
    const l = lab();
    l.run('p0 mmap A 8 rw', 'p0 mmap B 8 r', 'p0 mmap C 8 rw private anon noreserve');
    expect(l.run('p0 fork p1').casDelta).toBe(8);
    expect(l.run('p1 exit').casDelta).toBe(-8);
  });
});
