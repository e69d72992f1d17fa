import { describe, expect, it } from 'vitest';
import { eventsBetween } from '../base/event-log.ts';
import { EVENT } from '../base/event-kinds.ts';
import { PTE } from '../base/flags.ts';
import type { MmId, TableId } from '../base/units.ts';
import { entryId, findEntry } from './page-table.ts';
import { ageEntry } from './page-state.ts';
import { hugeTableOf } from './huge-entry.ts';
import { HUGE } from './page-entry.ts';
import { checkInvariants, peekWalk, regionPage } from '../kernel/index.ts';
import { lab, type Lab } from '../testing/fixtures.ts';

/** 64 MiB, so that there are blocks of 512 frames, and names at multiples of 512 pages. */
const big = (thp: 'never' | 'madvise' | 'always' = 'madvise'): Lab => lab({ ramPages: 16_384, thp });

const MAPPED = ['p0 mmap A 1024 rw', 'p0 madvise A 0 1024 hugepage'];

/** Faults of a command, then rss, AnonHugePages and page tables of the task: what a real 6.18 gave. */
type Row = readonly [command: string, faults: number, rss: number, huge: number, tables?: number];

function check(before: readonly string[], rows: readonly Row[]): Lab {
  const l = big();
  l.run(...before);
  const base = l.task(0).pageTables;
  for (const [line, faults, rss, huge, tables] of rows) {
    const { min: minor } = l.run(line);
    const task = Number(/^p(\d)/.exec(line)![1]);
    const view = l.task(task);
    expect([line, minor ?? 0, view.rss, view.hugePages]).toEqual([line, faults, rss, huge]);
    if (tables !== undefined) expect([line, view.pageTables - base]).toEqual([line, tables]);
  }
  return l;
}

describe('the min mark', () => {
  it('stops a huge page before any other allocation would be stopped', () => {
    const l = lab({ ramPages: 16_384, thp: 'always', sysctls: { min_free_kbytes: 4 * 15_500 } });
    expect(l.free).toBeGreaterThan(15_500);
    expect(l.run('p0 mmap A 1024 rw', 'p0 touch_w A 0 1')).toMatchObject({ min: 1 });
    expect([l.task(0).rss, l.task(0).hugePages]).toEqual([512, 512]);
    l.run(`p0 mmap B 1024 rw`, `p0 touch_w B 0 1`);
    expect(l.task(0)).toMatchObject({ rss: 513, hugePages: 512 });
  });
});

/** Measured on Linux 6.18.44 with `enabled` and `defrag` at madvise; VmPTE gave the page tables. */
describe('a huge page, as on the real kernel', () => {
  it('comes with the first write: one fault, 512 pages, one entry of level 2', () => {
    const l = check(MAPPED, [
      ['p0 touch_w A 0 1', 1, 512, 512, 3],
      ['p0 touch_w A 1 1', 0, 512, 512],
      ['p0 touch_w A 513 1', 1, 1024, 1024, 4],
      ['p0 madvise A 10 5 dontneed', 0, 1019, 512, 4],
      ['p0 touch_w A 10 1', 1, 1020, 512],
      ['p0 touch_r A 11 1', 1, 1020, 512],
      ['p0 madvise A 0 512 dontneed', 0, 512, 512, 3],
      ['p0 touch_w A 3 1', 1, 1024, 1024, 4],
      ['p0 madvise A 512 512 dontneed', 0, 512, 512, 3],
      ['p0 touch_w A 520 1', 1, 1024, 1024, 4],
    ]);
    const walk = peekWalk(l.k, 0, regionPage(l.k, 'A')! + 7);
    expect(walk.map(({ level }) => level)).toEqual([4, 3, 2]);
    const frame = l.page(0, 'A', 0).frame;
    expect(frame % 512).toBe(0);
    // present, writable, user, accessed, dirty, PS; not executable
    expect(walk[2]!.entry).toBe(`80000000${((frame << 12) | 0xe7).toString(16).padStart(8, '0')}`);
    expect(l.page(0, 'A', 7)).toMatchObject({ frame: frame + 7, huge: true, state: 'resident' });
  });

  it('of a read is the huge zero page, which a write replaces as a whole', () => {
    check(MAPPED, [
      ['p0 touch_r A 0 1', 1, 0, 0, 3],
      ['p0 touch_r A 5 1', 0, 0, 0],
      ['p0 touch_w A 5 1', 1, 512, 512, 3],
      ['p0 touch_w A 6 1', 0, 512, 512],
      ['p0 touch_r A 512 1', 1, 512, 512, 4],
      ['p0 madvise A 515 1 dontneed', 0, 512, 512],
      ['p0 touch_r A 512 1', 0, 512, 512],
      ['p0 touch_r A 515 1', 1, 512, 512],
      ['p0 touch_w A 513 1', 1, 513, 512],
    ]);
  });

  it('is split where an area is cut through it, and stays whole where the cut is aligned', () => {
    check(MAPPED, [['p0 touch_w A 0 1', 1, 512, 512], ['p0 munmap A 100 10', 0, 502, 0]]); // prettier-ignore
    check(MAPPED, [
      ['p0 touch_w A 0 1', 1, 512, 512],
      ['p0 touch_w A 512 1', 1, 1024, 1024],
      ['p0 mprotect A 0 512 r', 0, 1024, 1024],
      ['p0 mprotect A 0 512 rw', 0, 1024, 1024],
      ['p0 touch_w A 0 1', 0, 1024, 1024],
      ['p0 mprotect A 7 1 r', 0, 1024, 512],
      ['p0 mprotect A 512 512 none', 0, 1024, 512],
      ['p0 mprotect A 512 512 rw', 0, 1024, 512],
      ['p0 touch_w A 512 1', 0, 1024, 512],
    ]);
    check(MAPPED, [['p0 touch_w A 0 1', 1, 512, 512], ['p0 madvise A 4 1 guard_install', 0, 511, 0]]); // prettier-ignore
    check(MAPPED, [['p0 touch_w A 0 1', 1, 512, 512], ['p0 madvise A 0 8 dontfork', 0, 512, 0]]); // prettier-ignore
  });

  it('is shared by fork with one entry; the first writer splits its own and copies one page', () => {
    const l = check([...MAPPED, 'p0 touch_w A 0 1', 'p0 fork p1'], [
      ['p1 touch_r A 0 1', 0, 512, 512],
      ['p1 touch_w A 1 1', 1, 512, 0],
      ['p1 touch_w A 2 1', 1, 512, 0],
      ['p1 touch_r A 3 1', 0, 512, 0],
    ]); // prettier-ignore
    expect(l.task(0)).toMatchObject({ rss: 512, hugePages: 512 });
    expect([1, 2, 3].map((i) => l.page(0, 'A', i).sharers)).toEqual([1, 1, 2]);
    l.run('p1 exit');
    // The last one keeps all of it, and it is writable as a whole again.
    expect(l.run('p0 touch_w A 1 1').min).toBe(1);
    expect(l.task(0).hugePages).toBe(512);
    expect(l.run('p0 touch_w A 0 512').min).toBe(0);
  });

  it('of the parent is split too when the parent writes first', () => {
    const l = check([...MAPPED, 'p0 touch_w A 0 1', 'p0 fork p1'], [
      ['p0 touch_w A 3 1', 1, 512, 0],
      ['p0 touch_w A 4 1', 1, 512, 0],
    ]); // prettier-ignore
    l.run('p1 exit');
    expect([l.run('p0 touch_w A 5 1').min, l.run('p0 touch_w A 6 1').min]).toEqual([1, 1]);
  });

  it('keeps its entry through fork where it is the zero page', () => {
    check([...MAPPED, 'p0 touch_r A 0 1', 'p0 fork p1'], [['p1 touch_r A 9 1', 0, 0, 0]]);
  });

  it('moves as one to a place that is aligned alike, else page by page', () => {
    const l = check([...MAPPED, 'p0 mmap B 2048 none', 'p0 touch_w A 0 1'], [
      ['p0 mremap A 0 512 512 maymove fixed B+512', 0, 512, 512],
      ['p0 touch_w B 512 1', 0, 512, 512],
      ['p0 mremap B 512 512 512 maymove fixed B+1025', 0, 512, 0],
      ['p0 touch_w B 1025 512', 0, 512, 0],
    ]); // prettier-ignore
    expect(l.run('p0 read B 1025 1').bytes).toHaveLength(1);
  });

  it('is made of single pages by madvise collapse', () => {
    const l = check(['p0 mmap A 1024 rw', 'p0 touch_w A 0 1 7', 'p0 touch_w A 5 1 9', 'p0 touch_r A 9 1'], [
      ['p0 madvise A 0 512 collapse', 0, 512, 512],
      ['p0 touch_w A 9 1', 0, 512, 512],
      ['p0 touch_w A 100 1', 0, 512, 512],
      ['p0 madvise A 0 512 collapse', 0, 512, 512],
    ]); // prettier-ignore
    expect([l.run('p0 read A 0 1').bytes, l.run('p0 read A 5 1').bytes]).toEqual([[7], [9]]);
    expect(l.run('p0 madvise A 512 512 collapse').errno).toBe('EINVAL');
    expect(l.run('p0 madvise A 512 1 collapse').ret).toBe(0);
    l.run('p0 madvise A 0 1024 nohugepage');
    expect(l.run('p0 madvise A 0 512 collapse').errno).toBe('EINVAL');
    expect(l.task(0).hugePages).toBe(512);
  });

  it('is made of pages in swap too, which is no fault of the task; a guard among them is in the way', () => {
    const l = lab({ ramPages: 4096, swapPages: 1024 });
    l.run('p0 mmap A 1024 rw', 'p0 touch_w A 256 512 7', 'p0 madvise A 266 10 pageout');
    expect(l.run('p0 madvise A 256 512 collapse')).toMatchObject({ ret: 0, min: 0, maj: 0 });
    expect(l.task(0)).toMatchObject({ swap: 0, rss: 512, hugePages: 512 });
    expect([l.run('p0 read A 270 1').bytes, l.k.machine.pgmajfault[0]]).toEqual([[7], 10]);
    l.run('p0 madvise A 256 20 pageout', 'p0 madvise A 300 1 guard_install');
    expect(l.run('p0 madvise A 256 512 collapse').errno).toBe('EINVAL');
    expect(l.task(0)).toMatchObject({ swap: 0, rss: 511, hugePages: 0 });
  });

  it.each(['free', 'cold', 'pageout'])('is split by madvise %s of a part, unless it is shared', (advice) => {
    const alone = check([...MAPPED, 'p0 touch_w A 0 1'], []);
    alone.run(`p0 madvise A 100 50 ${advice}`);
    expect(alone.task(0).hugePages).toBe(0);
    const shared = check([...MAPPED, 'p0 touch_w A 0 1', 'p0 fork p1'], []);
    shared.run(`p0 madvise A 100 50 ${advice}`);
    expect([shared.task(0).hugePages, shared.k.machine.pglazyfree[0]]).toEqual([512, 0]);
  });

  it('is used again after its first page was found unused: one entry stands for all of them', () => {
    const l = check([...MAPPED, 'p0 touch_w A 300 1'], []);
    ageEntry(l.k, findEntry(l.k, 0 as MmId, regionPage(l.k, 'A')!));
    expect(l.run('p0 touch_w A 400 1').min).toBe(0);
  });

  it('does not come where a page table is already', () => {
    check(['p0 mmap A 1024 rw', 'p0 touch_w A 0 1', 'p0 madvise A 0 1024 hugepage'], [
      ['p0 touch_w A 1 1', 1, 2, 0],
      ['p0 madvise A 0 2 dontneed', 0, 0, 0],
      ['p0 touch_w A 5 1', 1, 1, 0],
      ['p0 madvise A 0 512 dontneed', 0, 0, 0],
      ['p0 touch_w A 6 1', 1, 512, 512],
    ]); // prettier-ignore
  });

  it('is one fault of populate and mlock too', () => {
    check(MAPPED, [
      ['p0 madvise A 1 3 populate_write', 1, 512, 512],
      ['p0 mlock A 512 512', 1, 1024, 1024],
      ['p0 munlock A 522 1', 0, 1024, 512],
    ]);
    const l = check(MAPPED, [['p0 madvise A 0 3 populate_read', 1, 0, 0]]);
    expect(l.run('p0 mincore A 0 3').vec).toEqual([1, 1, 1]);
  });

  it('comes only where 512 aligned pages lie in the area', () => {
    check(['p0 mmap A 1 none', 'p0 mmap B 1024 rw at A+1', 'p0 madvise A 1 1024 hugepage'], [
      ['p0 touch_w A 1 1', 1, 1, 0],
      ['p0 touch_w A 600 1', 1, 513, 512],
      ['p0 touch_w A 1024 1', 1, 514, 512],
    ]); // prettier-ignore
  });

  it('of an area without write permission is the zero page until it may be written', () => {
    check(['p0 mmap A 512 r', 'p0 madvise A 0 512 hugepage'], [
      ['p0 touch_r A 0 1', 1, 0, 0],
      ['p0 mprotect A 0 512 rw', 0, 0, 0],
      ['p0 touch_w A 0 1', 1, 512, 512],
    ]); // prettier-ignore
  });

  it('loses its write permission to mprotect while it is shared, and is split by the next write', () => {
    check([...MAPPED, 'p0 touch_w A 0 1', 'p0 fork p1', 'p0 mprotect A 0 512 r'], [
      ['p0 mprotect A 0 512 rw', 0, 512, 512],
      ['p0 touch_r A 0 1', 0, 512, 512],
      ['p0 touch_w A 0 1', 1, 512, 0],
    ]); // prettier-ignore
  });
});

describe('whether a fault maps a huge page', () => {
  it.each([
    ['never', 'hugepage', 1],
    ['never', 'normal', 1],
    ['madvise', 'normal', 1],
    ['madvise', 'hugepage', 512],
    ['madvise', 'nohugepage', 1],
    ['always', 'normal', 512],
    ['always', 'nohugepage', 1],
  ] as const)('depends on the setting and the area: %s, %s', (mode, advice, rss) => {
    const l = big();
    l.run(`@thp ${mode}`, 'p0 mmap A 512 rw', `p0 madvise A 0 512 ${advice}`, 'p0 touch_w A 0 1');
    expect(l.task(0).rss).toBe(rss);
  });

  it('depends on 512 free frames in a row; without them one page serves it', () => {
    const l = lab({ ramPages: 2048, thp: 'always' });
    l.run('p0 mmap A 1024 rw', 'p0 mmap F 1600 rw', 'p0 madvise F 0 1600 nohugepage', 'p0 touch_w F 0 1600');
    const { firstEvent, endEvent, min: minor } = l.run('p0 touch_w A 300 1');
    expect(minor).toBe(1);
    expect(l.task(0)).toMatchObject({ rss: 1601, hugePages: 0 });
    const kinds = eventsBetween(l.k.events, firstEvent, endEvent).map(({ kind }) => kind);
    expect(kinds).toContain(EVENT.HUGE_FALLBACK);
    expect(l.run('p0 madvise A 0 1024 collapse').errno).toBe('ENOMEM');
  });

  it('never, for shared memory', () => {
    const l = big('always');
    l.run('p0 mmap A 512 rw shared', 'p0 touch_w A 0 1');
    expect(l.task(0).rss).toBe(1);
  });
});

describe('around huge pages', () => {
  it('one translation serves 512 pages', () => {
    const l = big();
    l.run(...MAPPED, 'p0 touch_w A 0 1');
    const { misses } = l.task(0).tlb;
    l.run('p0 touch_w A 0 512', 'p0 touch_r A 0 512');
    expect(l.task(0).tlb.misses).toBe(misses);
    expect(l.run('p0 walk A 300')).toMatchObject({ tlb: 'hit' });
    l.run('p0 madvise A 3 1 dontneed');
    expect(l.run('p0 walk A 300')).toMatchObject({ tlb: 'miss' });
  });

  it('all frames come back, the huge zero page’s under pressure', () => {
    const l = big('always');
    const before = l.free;
    l.run(
      'p0 fork p1',
      'p1 mmap A 2048 rw',
      'p1 touch_w A 0 1',
      'p1 touch_r A 512 1',
      'p1 fork p2',
      'p2 touch_w A 7 1',
    );
    l.run('p1 touch_w A 1025 1', 'p2 exit', 'p1 munmap A 30 1', 'p1 exit');
    // What a huge zero page takes stays for the next one, as in Linux.
    expect(l.free).toBe(before - 512);
    l.run('p0 mmap B 16000 rw', 'p0 madvise B 0 16000 nohugepage');
    const { died } = l.run(`p0 touch_w B 0 ${before - 400}`);
    expect(died).toBeUndefined();
    expect(l.free).toBeLessThan(500);
  });

  it('the same bytes are read as from single pages', () => {
    const run = (mode: 'never' | 'always'): unknown => {
      const l = big(mode);
      l.run('p0 mmap A 1500 rw', 'p0 touch_w A 3 900 5', 'p0 fork p1', 'p1 touch_w A 0 20 6', 'p0 touch_w A 700 3 8');
      l.run('p0 munmap A 100 3', 'p1 mprotect A 0 700 r', 'p1 madvise A 5 2 dontneed');
      return [l.run('p0 read A 0 100').bytes, l.run('p1 read A 0 1500').bytes, l.areas(0), l.areas(1)];
    };
    expect(run('always')).toEqual(run('never'));
  });
});

describe('exec and huge pages', () => {
  const BOTH = ['p0 mmap A 2048 rw', 'p0 touch_w A 0 1', 'p0 touch_r A 512 1', 'p0 touch_w A 1024 1 7'];

  it('tears them all down with the old address space', () => {
    const run = (lines: readonly string[]): Lab => {
      const l = lab({ ramPages: 16_384, thp: 'always', image: 'program' });
      l.run(...lines, 'p0 exec program');
      return l;
    };
    const [with512, without] = [run(BOTH), run([])];
    expect(with512.task(0)).toMatchObject({ hugePages: 0, rss: without.task(0).rss });
    expect(with512.task(0).pageTables).toBe(without.task(0).pageTables);
    // Only the huge zero page stays, for the next one.
    expect(with512.free).toBe(without.free - 512);
    expect(with512.k.machine.hugeMappings[0]).toBe(0);
    expect(with512.run('p0 mmap B 1024 rw', 'p0 touch_w B 0 1')).toMatchObject({ min: 1 });
    expect(with512.task(0).hugePages).toBe(512);
  });

  it('leaves the parent’s whole, and writable as a whole after its first write', () => {
    const l = lab({ ramPages: 16_384, thp: 'always', image: 'program' });
    l.run(...BOTH, 'p0 fork p1', 'p1 exec program');
    expect(l.task(0).hugePages).toBe(1024);
    expect(l.page(0, 'A', 1024)).toMatchObject({ huge: true, sharers: 1 });
    expect(l.run('p0 touch_w A 1024 512')).toMatchObject({ min: 1 });
    expect(l.run('p0 read A 1024 1').bytes).toEqual([7]);
  });

  it('a program with 512 aligned pages of bss gets them by one fault', () => {
    const l = lab({ ramPages: 16_384, thp: 'always', image: 'program' });
    l.run('@image large 2 1 1 1600', 'p0 exec large');
    const start = regionPage(l.k, 'bss', 0)!;
    const aligned = Math.ceil(start / 512) * 512 - start;
    expect(l.run(`p0 touch_w bss ${aligned} 512`)).toMatchObject({ min: 1 });
    expect(l.task(0).hugePages).toBe(512);
    l.run('p0 exec large');
    expect(l.task(0).hugePages).toBe(0);
  });
});

describe('INV-24', () => {
  it.each([
    ['a single entry is on another frame', (l, table) => void (l.k.tables.words[entryId(table, 9) * 2]! ^= 1 << 12)],
    ['a single entry may not be written', (l, table) => void (l.k.tables.words[entryId(table, 9) * 2]! &= ~PTE.RW)],
    ['a single entry may be executed', (l, table) => void (l.k.tables.words[entryId(table, 9) * 2 + 1] = 0)],
    ['the entry above is not huge', (l, table) => void (l.k.tables.words[l.k.tables.parent[table]! * 2]! &= ~PTE.HUGE)],
    ['the entry above names another table', (l, table) => void (l.k.tables.rmapNext[l.k.tables.parent[table]!] = -1)],
    ['a change has not ended', (l, table) => void (l.k.tables.huge[table] = HUGE.CHANGING)],
    ['one is not counted', (l) => void (l.k.machine.hugeMappings[0] = 0)],
  ] as readonly (readonly [string, (l: Lab, table: TableId) => void])[])('is seen broken: %s', (_, breakIt) => {
    const l = big();
    l.run(...MAPPED, 'p0 touch_w A 0 1');
    const broken = (): string[] => checkInvariants(l.k).map(({ rule }) => rule);
    expect(broken()).toEqual([]);
    breakIt(l, hugeTableOf(l.k, l.k.tasks.mm[0]! as MmId, regionPage(l.k, 'A')!));
    expect(broken()).toContain('INV-24');
  });
});
