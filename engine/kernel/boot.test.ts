import { describe, expect, it } from 'vitest';
import { MIN_FRAMES, reservedFrames } from '../base/limits.ts';
import { lab } from '../testing/fixtures.ts';
import { peekMachine, peekVmas, regionNames, whyNot } from './index.ts';
import { command } from '../testing/fixtures.ts';

describe.each(['bare', 'program'] as const)('boot of a %s task', (image) => {
  it.each([MIN_FRAMES, 64, 1000, 65_536])('on %i frames counts every frame once', (ramPages) => {
    const l = lab({ ramPages, image });
    const { frames } = peekMachine(l.k);
    expect(frames.kernel).toBe(reservedFrames(ramPages));
    expect(frames.kernel + frames.tables + frames.free).toBe(ramPages);
  });

  it('gives all frames back when the last task is gone', () => {
    const l = lab({ image });
    l.run('p0 mmap A 4 rw', 'p0 touch_w A 0 4', 'p0 touch_w heap 0 0', 'p0 fork p1', 'p0 exit', 'p1 exit');
    expect(l.free).toBe(256 - reservedFrames(256));
    expect(l.k.machine.committed[0]).toBe(0);
  });
});

describe('a machine that promises next to nothing', () => {
  const STRICT = { ramPages: MIN_FRAMES, image: 'program', overcommit: 2 } as const;
  it('boots: its owner is heard once the first program runs', () => {
    const l = lab(STRICT);
    expect(l.k.machine.committed[0]).toBe(13);
    expect(l.run('p0 mmap A 1 rw').errno).toBe('ENOMEM');
  });

  it('without protection too, and ends the program that finds no room when it is switched', () => {
    expect(whyNot(lab({ ...STRICT, real: true }).k, command('p0 state'))).toContain('p0');
    const l = lab({ ...STRICT, overcommit: 0 });
    l.run('@overcommit 2', '@real on', '@real off');
    expect(peekMachine(l.k).tasks).toEqual([]);
    expect(l.k.machine.committed[0]).toBe(0);
  });
});

describe('the program image', () => {
  it('has the areas of a loaded program in order, with nothing resident', () => {
    const l = lab({ image: 'program' });
    const areas = peekVmas(l.k, 0).map((v) => `${v.region} ${v.perms}`);
    expect(areas).toEqual(['text r-xp', 'rodata r--p', 'data rw-p', 'bss rw-p', 'heap rw-p', 'stack rw-p']);
    expect(l.task(0)).toMatchObject({ rss: 0, minflt: 0, breakPages: 4 });
  });

  it('reads file pages with a major fault, once for everybody', () => {
    const l = lab({ image: 'program' });
    expect(l.run('p0 touch_r text 0 1')).toMatchObject({ maj: 1, min: 0 });
    l.run('p0 fork p1');
    expect(l.run('p1 touch_r text 0 1')).toMatchObject({ maj: 0, min: 1 });
    expect(l.run('p0 touch_w text 0 1')).toMatchObject({ sig: 'SIGSEGV', code: 'ACCERR' });
  });

  it('copies a data page at the first write and leaves the file’s page', () => {
    const l = lab({ image: 'program' });
    l.run('p0 touch_r data 0 1');
    const [cached] = l.frames(0, 'data', 1);
    expect(l.run('p0 touch_w data 0 1 200')).toMatchObject({ min: 1 });
    expect(l.frames(0, 'data', 1)[0]).not.toBe(cached);
    l.run('p0 fork p1', 'p0 exit', 'p1 munmap data 0 1');
    expect(l.k.frames.object[cached!]).toBeGreaterThanOrEqual(0);
  });

  it('reads bss as zeros without a frame', () => {
    const l = lab({ image: 'program' });
    const { free } = l;
    l.run('p0 touch_r bss 0 4');
    expect(free - l.free).toBe(3);
    expect(l.pages(0, 'bss', 4)).toBe('zzzz');
  });

  it('names its regions', () => {
    expect(regionNames(lab({ image: 'program' }).k)).toEqual(['text', 'rodata', 'data', 'bss', 'heap', 'stack']);
  });
});

describe('a command that cannot be given', () => {
  it.each([
    ['p3 state', 'p3 is not alive'],
    ['p0 fork p0', 'p0 exists already'],
    ['p0 touch_r Q 0 1', null],
    ['@overcommit 1', null],
    ['p0 mmap Q 1 rw', null],
  ])('%s: %s', (line, why) => expect(whyNot(lab().k, command(line))).toBe(why));
});
