import { describe, expect, it } from 'vitest';
import { lab } from '../testing/fixtures.ts';

/** Commands, then what the last returns. */
const ROWS: readonly [what: string, script: string[], ret: string][] = [
  ['grows', ['p0 brk +8'], 'ok brk=8'],
  ['shrinks', ['p0 brk +8', 'p0 brk -3'], 'ok brk=5'],
  ['keeps a part of a page', ['p0 brk =6+100b'], 'ok brk=6+'],
  ['stays above its start', ['p0 brk +2', 'p0 brk -3'], 'unchanged brk=2'],
  ['returns to its start', ['p0 brk +2', 'p0 brk =0'], 'ok brk=0'],
  ['ends a page before the next mapping', ['p0 mmap X 2 rw private at heap+10', 'p0 brk =9'], 'ok brk=9'],
  ['does not touch the next mapping', ['p0 mmap X 2 rw private at heap+10', 'p0 brk =10'], 'unchanged brk=0'],
  ['does not cross the next mapping', ['p0 mmap X 2 rw private at heap+10', 'p0 brk =20'], 'unchanged brk=0'],
  ['is refused more than RAM and swap', ['p0 brk +200%ram'], 'unchanged brk=0'],
  ['is refused what strict accounting has not', ['@overcommit 2', 'p0 brk +80%ram'], 'unchanged brk=0'],
  ['shrinks over a hole in the heap', ['p0 brk +8', 'p0 munmap heap 6 2', 'p0 brk =3'], 'ok brk=3'],
  ['does not shrink where nothing of the heap is left', ['p0 brk +8', 'p0 munmap heap 4 4', 'p0 brk =5'], 'unchanged brk=8'],
]; // prettier-ignore

describe('the break', () => {
  it.each(ROWS)('%s', (_what, script, ret) => expect(lab().run(...script).ret).toBe(ret));

  it('given back and taken again reads as zeros', () => {
    const l = lab();
    l.run('p0 brk +4', 'p0 touch_w heap 0 4 3', 'p0 brk -2');
    expect(l.pages(0, 'heap', 4)).toBe('xx--');
    l.run('p0 brk +2');
    expect(l.run('p0 read heap 0 4').bytes).toEqual([3, 3, 0, 0]);
  });

  it('inside a page moves without changing any area', () => {
    const l = lab();
    l.run('p0 brk =6+100b', 'p0 touch_w heap 6 1 8', 'p0 brk =6+50b');
    expect(l.run('p0 read heap 6 1').bytes).toEqual([8]);
    expect(l.areas(0)).toEqual(['heap[0,7) rw-p']);
  });

  it('in a child that inherited written pages grows a new area', () => {
    const l = lab();
    l.run('p0 brk +4', 'p0 touch_w heap 0 1', 'p0 fork p1', 'p1 brk +2', 'p0 brk +2');
    expect(l.areas(1)).toEqual(['heap[0,4) rw-p', 'heap[4,6) rw-p']);
    expect(l.areas(0)).toEqual(['heap[0,6) rw-p']);
  });
});
