import { describe, expect, it } from 'vitest';
import { command, lab } from '../testing/fixtures.ts';
import { step } from '../kernel/index.ts';

const ROWS: readonly [what: string, script: string[], expected: object][] = [
  ['no VMA', ['p0 mmap A 4 rw', 'p0 touch_r A 4 1'], { sig: 'SIGSEGV', code: 'MAPERR', reason: 'no VMA' }],
  ['a name that was never mapped', ['p0 touch_w X 0 1'], { sig: 'SIGSEGV', code: 'MAPERR', reason: 'no VMA' }],
  ['a store to read-only memory', ['p0 mmap A 4 r', 'p0 touch_w A 0 1'], { sig: 'SIGSEGV', code: 'ACCERR', reason: 'permission' }],
  ['a load from PROT_NONE', ['p0 mmap A 4 none', 'p0 touch_r A 0 1'], { sig: 'SIGSEGV', code: 'ACCERR', reason: 'permission' }],
  ['the kernel half', ['p0 touch_r heap -200000000000000b 1'], { sig: 'SIGSEGV', code: 'MAPERR', reason: 'kernel half' }],
  ['a non-canonical address', ['p0 touch_r heap 140737488355328b 1'], { sig: 'SIGSEGV', code: 'KERNEL', reason: 'non-canonical' }],
]; // prettier-ignore

describe('an access that is refused', () => {
  it.each(ROWS)('for %s says why, counts no fault and leaves the task alive', (_what, script, expected) => {
    const l = lab();
    expect(l.run(...script)).toMatchObject({ ...expected, done: 0, min: 0, maj: 0 });
    expect(l.task(0).state).toBe('running');
  });

  it('half way says how many pages were done', () => {
    const l = lab();
    l.run('p0 mmap A 3 rw');
    expect(l.run('p0 touch_w A 1 5')).toMatchObject({ done: 2, min: 2, code: 'MAPERR' });
    expect(l.run('p0 read A 2 2')).toMatchObject({ done: 1, bytes: [2] });
  });
});

describe('permissions without protection keys', () => {
  it.each(['w', 'x', 'wx', 'rx'])('%s memory can be read', (perms) => {
    const l = lab();
    expect(l.run(`p0 mmap A 1 ${perms}`, 'p0 read A 0 1').bytes).toEqual([0]);
  });
});

describe('bytes across a page border', () => {
  it('are stored and loaded one by one', () => {
    const l = lab();
    l.run('p0 mmap A 2 rw');
    expect(l.run('p0 poke A 4094b 1 2 3 4').min).toBe(2);
    expect(l.run('p0 bytes A 4093b 6b').bytes).toEqual([0, 1, 2, 3, 4, 0]);
  });

  it('end where the mapping does: a store past the last mapped page traps, the bytes before it are there', () => {
    const l = lab();
    l.run('p0 mmap A 1 rw');
    expect(l.run('p0 poke A 4094b 1 2 3')).toMatchObject({ sig: 'SIGSEGV', done: 2 });
    expect(l.run('p0 bytes A 4094b 2b').bytes).toEqual([1, 2]);
  });

  it('inside a mapped page never trap, whatever they belong to', () => {
    const l = lab();
    l.run('p0 mmap A 1 rw', 'p0 poke A 0b 1');
    expect(step(l.k, command('p0 bytes A 100b 1b')).sig).toBeUndefined();
  });
});
