import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MACHINE_FILES, TASK_FILES, type MachineFile, type TaskFile } from '../../protocol/commands.ts';
import { lab, type Lab } from '../../testing/fixtures.ts';

type File = TaskFile | MachineFile;
const isTaskFile = (file: File): file is TaskFile => (TASK_FILES as readonly string[]).includes(file);

/** What the file says in the lab, and what it said on a real 6.18. */
const ours = (l: Lab, file: File): string => l.run(isTaskFile(file) ? `p0 cat ${file}` : `@cat ${file}`).text!;
const real = (file: File): string =>
  readFileSync(new URL(`../../testing/recorded/proc/${file}.text`, import.meta.url), 'utf8');
const linesOf = (text: string): string[] => text.split('\n').slice(0, -1);

/** A machine with something of everything. */
function scene(): Lab {
  const l = lab({ image: 'program', swapPages: 64 });
  l.run('p0 mmap A 16 rw', 'p0 touch_w A 0 5', 'p0 touch_r A 7 1', 'p0 mmap S 8 rw shared', 'p0 touch_w S 0 3');
  l.run('p0 mmap L 4 rw', 'p0 mlock L 0 2', 'p0 touch_r text 0 1', 'p0 touch_w data 0 1', 'p0 touch_w stack 3 1');
  l.run('p0 touch_w heap 0 1', 'p0 fork p1', 'p1 touch_w A 0 2');
  return l;
}

/** `Name:` and the length of the line: figures of up to the usual width leave that as it is. */
const nameAndLength = (line: string): string => `${/^[^:]*/.exec(line)![0]} ${line.length}`;
const AREA = /^[0-9a-f]{8,16}-[0-9a-f]{8,16} [r-][w-][x-][ps] [0-9a-f]{8,} [0-9a-f]{2}:[0-9a-f]{2} \d+ /;

describe('the form of what /proc says is that of a real 6.18', () => {
  it('maps: each line, with names in column 73', () => {
    for (const line of [...linesOf(real('maps')), ...linesOf(ours(scene(), 'maps'))]) {
      expect(line).toMatch(AREA);
      const name = line.replace(AREA, '').trimStart();
      expect(name === '' ? line.at(-1) : line.indexOf(name)).toBe(name === '' ? ' ' : 73);
    }
    const names = linesOf(ours(scene(), 'maps')).map((line) => line.slice(73));
    expect(names).toEqual(expect.arrayContaining(['/program', '[heap]', '[stack]', '/dev/zero (deleted)']));
  });

  it('smaps: the same lines for each area', () => {
    const areas = (text: string): string[][] => {
      const found: string[][] = [];
      for (const line of linesOf(text)) {
        if (AREA.test(line)) found.push([]);
        else found.at(-1)!.push(line.startsWith('VmFlags') ? 'VmFlags' : nameAndLength(line));
      }
      return found;
    };
    const wanted = areas(real('smaps'))[0]!;
    expect(wanted).toHaveLength(24);
    for (const area of [...areas(real('smaps')), ...areas(ours(scene(), 'smaps'))]) expect(area).toEqual(wanted);
  });

  it.each([
    ['A', 'rd wr mr mw me ac '],
    ['S', 'rd wr sh mr mw me ms '],
    ['L', 'rd wr mr mw me lo ac '],
    ['stack', 'rd wr mr mw me gd ac '],
    ['text', 'rd ex mr mw me '],
  ])('smaps: VmFlags of %s', (name, flags) => {
    const l = scene();
    const start = (l.k.regions.find((region) => region.name === name)!.page * 4096).toString(16);
    const area = ours(l, 'smaps').slice(ours(l, 'smaps').indexOf(`${start}-`));
    expect(/^VmFlags: (.*)$/m.exec(area)![1]).toBe(flags);
    // The same words stand on the real areas of these kinds.
    expect(real('smaps')).toContain(`VmFlags: ${flags}\n`);
  });

  it.each(['smaps_rollup', 'meminfo'] as const)('%s: the same lines', (file) => {
    const form = (text: string): string[] =>
      linesOf(text.replace(/^[0-9a-f]+-[0-9a-f]+ /, 'RANGE ')).map(nameAndLength);
    const [wanted, got] = [form(real(file)), form(ours(scene(), file))];
    // Addresses of different length change the spaces in front of the name alone.
    expect(file === 'meminfo' ? got : got.slice(1)).toEqual(file === 'meminfo' ? wanted : wanted.slice(1));
    if (file === 'smaps_rollup') expect(ours(scene(), file).indexOf('[rollup]')).toBe(real(file).indexOf('[rollup]'));
  });

  it('status: the same names, units and tabs', () => {
    const form = (line: string): string => {
      const [name, value] = line.split('\t', 2);
      if (line.endsWith(' kB')) return nameAndLength(line);
      const masks = /^(Cpus|Mems)_allowed|^Spec/.test(name!);
      return masks ? name! : `${name} ${value!.replace(/[0-9a-f]{16}/g, 'H').replace(/\d+/g, 'N')}`;
    };
    const state = (line: string): string => line.replace(/^(Name|State):\t.*/, '$1:\t');
    const of = (text: string): string[] => linesOf(text).map(state).map(form);
    expect(of(ours(scene(), 'status'))).toEqual(of(real('status')));
  });

  it('limits: the same rows and columns', () => {
    const form = (line: string): string => `${line.slice(0, 26)}|${line.slice(68)}|${line.length}`;
    expect(linesOf(ours(scene(), 'limits')).map(form)).toEqual(linesOf(real('limits')).map(form));
    expect(linesOf(ours(scene(), 'limits'))[0]).toBe(linesOf(real('limits'))[0]);
  });

  it('vmstat: the same counters in the same order', () => {
    const names = (text: string): string[] => linesOf(text).map((line) => /^(\w+) \d+$/.exec(line)![1]!);
    expect(names(ours(scene(), 'vmstat'))).toEqual(names(real('vmstat')));
  });

  it.each([
    ['statm', /^(\d+ ){6}\d+\n$/],
    ['oom_score', /^\d+\n$/],
    ['oom_score_adj', /^-?\d+\n$/],
    ['buddyinfo', /^(Node \d, zone [ \w]{8} ([ \d]{6} ){11}\n)+$/],
    [
      'swaps',
      /^Filename\t{4}Type\t\tSize\t\tUsed\t\tPriority\n(\S+ +(partition|file\t)\t\d+\t{1,2}\d+\t{1,2}-?\d+\n)*$/,
    ],
  ] as const)('%s', (file, form) => {
    expect(real(file)).toMatch(form);
    expect(ours(scene(), file)).toMatch(form);
  });
});

describe('the figures', () => {
  it('of a known process', () => {
    const l = lab();
    l.run('p0 mmap A 10 rw', 'p0 touch_w A 0 6', 'p0 fork p1', 'p1 touch_w A 0 2', 'p0 munmap A 9 1');
    expect(ours(l, 'statm')).toBe('55 6 0 1 0 44 0\n');
    const status = ours(l, 'status');
    for (const line of ['VmPeak:\t     224 kB', 'VmSize:\t     220 kB', 'VmRSS:\t      24 kB', 'VmStk:\t     132 kB']) {
      expect(status).toContain(`${line}\n`);
    }
    const smaps = ours(l, 'smaps');
    // Two pages are its own since the child copied them, four are shared by two.
    for (const line of ['Rss:                  24 kB', 'Pss:                  16 kB', 'Private_Dirty:         8 kB']) {
      expect(smaps).toContain(`${line}\n`);
    }
    expect(smaps).toContain('Shared_Dirty:         16 kB\n');
  });

  it('cut proportional sizes as Linux does: a third of a page is no kB', () => {
    const l = lab();
    l.run('p0 mmap A 1 rw', 'p0 touch_w A 0 1', 'p0 fork p1', 'p0 fork p2');
    expect(ours(l, 'smaps')).toContain('Pss:                   1 kB\n');
  });

  it('of meminfo and vmstat follow the machine', () => {
    const l = scene();
    const value = (text: string, name: string): number => Number(new RegExp(`^${name}:? +(\\d+)`, 'm').exec(text)![1]);
    const meminfo = ours(l, 'meminfo');
    expect(value(meminfo, 'MemFree')).toBe(l.free * 4);
    expect(value(meminfo, 'Committed_AS')).toBe(l.k.machine.committed[0]! * 4);
    expect(value(meminfo, 'SwapTotal')).toBe(256);
    expect(value(ours(l, 'vmstat'), 'pgfault')).toBe(
      l.task(0).minflt + l.task(0).majflt + l.task(1).minflt + l.task(1).majflt,
    );
    expect(value(ours(l, 'vmstat'), 'pgalloc_normal') - value(ours(l, 'vmstat'), 'pgfree')).toBe(
      l.k.machine.totalFrames[0]! - l.k.machine.reserved[0]! - l.free,
    );
  });

  it('are looked at without touching anything, but for the step’s own event', () => {
    const l = scene();
    const before = JSON.stringify([l.task(0), l.task(1), l.free]);
    for (const file of [...TASK_FILES, ...MACHINE_FILES]) ours(l, file);
    expect(JSON.stringify([l.task(0), l.task(1), l.free])).toBe(before);
  });
});
