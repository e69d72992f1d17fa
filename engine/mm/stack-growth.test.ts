import { describe, expect, it } from 'vitest';
import { lab } from '../testing/fixtures.ts';

const program = () => lab({ image: 'program', ramPages: 4096 });
const MIB = 256; // pages

describe('the stack', () => {
  it('grows down to the page that is touched, by a fault', () => {
    const l = program();
    const before = l.task(0).vsz;
    expect(l.run('p0 touch_w stack -3 1').min).toBe(1);
    expect(l.task(0).vsz).toBe(before + 3);
    expect(l.page(0, 'stack', -3).state).toBe('resident');
    expect(l.page(0, 'stack', -2).state).toBe('reserved');
  });

  it('grows to RLIMIT_STACK and not a page further', () => {
    const l = program();
    const room = 8 * MIB - 4;
    expect(l.run(`p0 touch_w stack -${room * 4096 + 4096}b 1`)).toMatchObject({ sig: 'SIGSEGV', code: 'MAPERR', reason: 'stack limit' });
    expect(l.run(`p0 touch_w stack -${room * 4096}b 1`).sig).toBeUndefined();
  }); // prettier-ignore

  it('keeps a gap of 256 pages to the mapping below, unless nobody may touch that', () => {
    const l = program();
    l.run('p0 mmap B 1 rw private at stack+-400');
    expect(l.run('p0 touch_w stack -200 1').reason).toBe('stack limit');
    expect(l.run('p0 touch_w stack -143 1').sig).toBeUndefined();
    const other = program();
    other.run('p0 mmap B 1 none private at stack+-400');
    expect(other.run('p0 touch_w stack -200 1').sig).toBeUndefined();
  });

  it('is charged as it grows', () => {
    const l = program();
    expect(l.run('p0 touch_w stack -10 1').casDelta).toBe(10);
  });
});
