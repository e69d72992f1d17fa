import { describe, expect, it } from 'vitest';
import { regionPage } from '../kernel/index.ts';
import { lab } from '../testing/fixtures.ts';
import { vmaAt, vmaCount } from './vma-list.ts';

/** The areas of a task exactly as they are kept, `start-end` relative to region A. */
function rawAreas(l: ReturnType<typeof lab>, task = 0): string[] {
  const mm = l.k.tasks.mm[task]! as never;
  const base = regionPage(l.k, 'A')!;
  return Array.from({ length: vmaCount(l.k, mm) }, (_, i) => {
    const vma = vmaAt(l.k, mm, i);
    return `${l.k.vmas.start[vma]! - base}-${l.k.vmas.end[vma]! - base}`;
  });
}

interface MergeRow {
  readonly what: string;
  readonly script: readonly string[];
  readonly areas: readonly string[];
  readonly task?: number;
}

const ROWS: readonly MergeRow[] = [
  { what: 'a mapping right behind another merges with it', script: ['p0 mmap A 4 rw', 'p0 mmap B 4 rw private at A+4'], areas: ['0-8'] },
  { what: 'a mapping right below another merges with it', script: ['p0 mmap A 4 rw', 'p0 munmap A 0 2', 'p0 mmap B 2 rw private at A+0'], areas: ['0-4'] },
  { what: 'a mapping that fills a hole merges on both sides', script: ['p0 mmap A 9 rw', 'p0 munmap A 3 3', 'p0 mmap B 3 rw private at A+3'], areas: ['0-9'] },
  { what: 'other permissions keep neighbours apart', script: ['p0 mmap A 4 rw', 'p0 mmap B 4 r private at A+4'], areas: ['0-4', '4-8'] },
  { what: 'noreserve keeps neighbours apart', script: ['p0 mmap A 4 rw', 'p0 mmap B 4 rw private at A+4 noreserve'], areas: ['0-4', '4-8'] },
  { what: 'two shared mappings never merge: each has an object of its own', script: ['p0 mmap A 4 rw shared', 'p0 mmap B 4 rw shared at A+4'], areas: ['0-4', '4-8'] },
  { what: 'munmap in the middle leaves two areas', script: ['p0 mmap A 9 rw', 'p0 munmap A 3 3'], areas: ['0-3', '6-9'] },
  { what: 'munmap over several areas and holes removes what is there', script: ['p0 mmap A 4 rw', 'p0 mmap B 2 r private at A+6', 'p0 mmap C 4 rw private at A+10', 'p0 munmap A 2 10'], areas: ['0-2', '12-14'] },
  { what: 'mprotect cuts its part out, and back it is one area again', script: ['p0 mmap A 9 rw', 'p0 mprotect A 3 3 r', 'p0 mprotect A 3 3 rw'], areas: ['0-9'] },
  { what: 'mprotect moves the border between two areas', script: ['p0 mmap A 4 rw', 'p0 mmap B 4 r private at A+4', 'p0 mprotect A 3 1 r'], areas: ['0-3', '3-8'] },
  { what: 'untouched memory that gave its charge back at mprotect joins a read-only neighbour', script: ['p0 mmap A 4 rw', 'p0 mmap B 4 r private at A+4', 'p0 mprotect A 2 2 r'], areas: ['0-2', '2-8'] },
  { what: 'neighbours that were written before they met keep their anon_vmas and stay apart', script: ['p0 mmap A 3 rw', 'p0 mmap B 3 rw private at A+6', 'p0 touch_w A 0 1', 'p0 touch_w A 6 1', 'p0 mmap C 3 rw private at A+3'], areas: ['0-6', '6-9'] },
  { what: 'neighbours of other permissions that are written share an anon_vma and merge when they become alike', script: ['p0 mmap A 6 rw', 'p0 touch_w A 0 1', 'p0 mprotect A 3 3 rwx', 'p0 touch_w A 3 1', 'p0 mprotect A 3 3 rw'], areas: ['0-6'] },
  { what: 'in a child, memory mapped next to an inherited area is an area of its own', script: ['p0 mmap A 4 rw', 'p0 touch_w A 0 1', 'p0 fork p1', 'p1 mmap B 4 rw private at A+4'], areas: ['0-4', '4-8'], task: 1 },
  { what: 'in a child, memory mapped next to an area that was never written merges', script: ['p0 mmap A 4 rw', 'p0 fork p1', 'p1 mmap B 4 rw private at A+4'], areas: ['0-8'], task: 1 },
  { what: 'a child keeps the cuts its parent had', script: ['p0 mmap A 6 rw', 'p0 touch_w A 0 6', 'p0 mprotect A 2 2 r', 'p0 fork p1', 'p1 mprotect A 2 2 rw'], areas: ['0-2', '2-4', '4-6'], task: 1 },
]; // prettier-ignore

describe('areas', () => {
  it.each(ROWS)('$what', ({ script, areas, task }) => {
    const l = lab({ ramPages: 512 });
    l.run(...script);
    expect(rawAreas(l, task)).toEqual(areas);
  });

  it('prefer the neighbour below where the two neighbours do not go together', () => {
    const l = lab();
    l.run('p0 mmap A 3 rw', 'p0 mmap B 3 rw private at A+6', 'p0 touch_w A 6 1', 'p0 touch_w A 0 1');
    l.run('p0 mmap C 3 rw private at A+3');
    expect(rawAreas(l)).toEqual(['0-6', '6-9']);
  });
});
