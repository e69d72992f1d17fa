import { describe, expect, it } from 'vitest';
import { regionPage } from '../kernel/index.ts';
import { lab, type Lab } from '../testing/fixtures.ts';
import type { MachineOptions } from '../protocol/commands.ts';
import { ENTROPY, IMAGE_BASE_PAGE, STACK_TOP_PAGE } from './aslr.ts';
import { AT } from './elf-tables.ts';

const program = (options: Partial<MachineOptions> = {}): Lab => lab({ image: 'program', ...options });
const place = (l: Lab, task: number, name: string): number => regionPage(l.k, name, task)!;
const wordAt = (bytes: readonly number[], at: number): number =>
  bytes.slice(at, at + 8).reduceRight((sum, byte) => sum * 256 + byte, 0);

/** The bytes from a task's first stack pointer up. */
function stackOf(l: Lab, task: number): { pointer: number; bytes: readonly number[] } {
  const pointer = l.k.mms.startStack[l.k.tasks.mm[task]!]!;
  const length = STACK_TOP_PAGE * 4096 - pointer;
  const offset = pointer - place(l, task, 'stack') * 4096;
  return { pointer, bytes: l.run(`p${task} bytes stack ${offset}b ${length}b`).bytes! };
}

describe('exec', () => {
  it('tears the old address space down and keeps the limits', () => {
    const l = program();
    l.run('p0 mmap A 8 rw', 'p0 touch_w A 0 8', 'p0 mlockall future', 'p0 rlimit data 500', 'p0 brk +9');
    expect(l.run('p0 exec program')).toMatchObject({ ret: 'program' });
    expect(l.areas(0).map((text) => text.split('[')[0])).toEqual(['text', 'rodata', 'data', 'bss', 'stack']);
    expect(l.task(0)).toMatchObject({ locked: 0, breakPages: 0, anon: 2, file: 0 });
    expect(l.run('p0 brk +501').ret).toMatch(/^unchanged/);
    expect(l.run('p0 mmap B 2 rw')).toMatchObject({ min: 0 });
  });

  it('resets handlers, and keeps what is ignored', () => {
    const l = program();
    l.run('p0 fork p1', 'p1 sigaction TERM ignore', 'p1 sigaction USR1 handler', 'p1 exec program');
    const status = l.run('p1 cat status').text!;
    expect(status).toContain('SigCgt:\t0000000000000000\n');
    expect(status).toContain('SigIgn:\t0000000000014000\n'); // TERM and CHLD
    expect(l.run('p1 touch_r A 0 1')).toMatchObject({ sig: 'SIGSEGV', died: true });
  });

  it('gives all frames back when the task ends', () => {
    const l = program();
    l.run('p0 fork p1', 'p1 exec program', 'p1 touch_r text 0 2', 'p1 exit');
    const { free } = l;
    l.run('p0 fork p1', 'p1 exec program', 'p1 touch_r text 0 2', 'p1 touch_w bss 0 3', 'p1 brk +3', 'p1 exit');
    expect(l.free).toBe(free);
  });

  it('lets two tasks that run the same program share its text, and nothing that they write', () => {
    const l = program();
    l.run(
      '@image shell 6 2 1 2',
      'p0 fork p1',
      'p0 exec shell',
      'p1 exec shell',
      'p0 touch_r text 0 6',
      'p1 touch_r text 0 6',
    );
    expect(l.frames(0, 'text', 6)).toEqual(l.frames(1, 'text', 6));
    expect(l.page(0, 'text', 3).sharers).toBe(2);
    l.run('p0 touch_w data 0 1 1', 'p1 touch_w data 0 1 2');
    expect([0, 1].map((task) => l.run(`p${task} read data 0 1`).bytes)).toEqual([[1], [2]]);
  });

  it('is refused for what is no program, with the old one still there', () => {
    const l = program();
    l.run('@file F 2', 'p0 mmap A 2 rw');
    expect(l.run('p0 exec F')).toMatchObject({ errno: 'ENOEXEC' });
    expect(l.run('p0 exec none')).toMatchObject({ errno: 'ENOENT' });
    expect(l.run('p0 touch_w A 0 1')).toMatchObject({ min: 1 });
  });

  it('writes argc, argv, envp and the auxiliary vector above the stack pointer', () => {
    const l = program();
    l.run('@env HOME /', 'p0 exec program one two');
    const { pointer, bytes } = stackOf(l, 0);
    expect(pointer % 16).toBe(0);
    expect(wordAt(bytes, 0)).toBe(3);
    const text = (at: number): string => {
      const codes = bytes.slice(at - pointer);
      return String.fromCharCode(...codes.slice(0, codes.indexOf(0)));
    };
    expect([8, 16, 24].map((at) => text(wordAt(bytes, at)))).toEqual(['program', 'one', 'two']);
    expect([wordAt(bytes, 32), wordAt(bytes, 48)]).toEqual([0, 0]);
    expect(text(wordAt(bytes, 40))).toBe('HOME=/');
    const pairs = Array.from({ length: 19 }, (_, i) => [wordAt(bytes, 56 + i * 16), wordAt(bytes, 64 + i * 16)]);
    expect(pairs.find(([tag]) => tag === AT.PAGESZ)).toEqual([AT.PAGESZ, 4096]);
    expect(text(pairs.find(([tag]) => tag === AT.EXECFN)![1]!)).toBe('program');
    expect(pairs.at(-1)).toEqual([AT.NULL, 0]);
  });

  it('gives a dropped capability back to root', () => {
    const l = program();
    l.run('p0 dropcap ipc_lock', 'p0 rlimit memlock 1', 'p0 exec program', 'p0 mmap A 4 rw');
    expect(l.run('p0 mlock A 0 4')).toMatchObject({ ret: 0 });
  });

  it('clears the bytes behind data, which are bss', () => {
    const l = program();
    expect(l.run('p0 exec program')).toMatchObject({ min: 1, maj: 1 });
    expect(l.page(0, 'data', 0)).toMatchObject({ state: 'resident', dirty: true });
  });
});

describe('ASLR', () => {
  const NAMES = ['text', 'heap', 'stack'] as const;
  const placesOf = (seed: number, ...lines: string[]): number[] => {
    const l = program({ seed });
    l.run(...lines, 'p0 exec program');
    return NAMES.map((name) => place(l, 0, name));
  };

  it('off: every program is where every other is', () => {
    expect(placesOf(1)).toEqual(placesOf(2));
    expect(placesOf(1)[0]).toBe(IMAGE_BASE_PAGE);
  });

  it('on: the same seed gives the same places, another seed other ones for every part', () => {
    expect(placesOf(1, '@aslr on')).toEqual(placesOf(1, '@aslr on'));
    const [a, b] = [placesOf(1, '@aslr on'), placesOf(2, '@aslr on')];
    NAMES.forEach((_, i) => expect(a[i]).not.toBe(b[i]));
  });

  it('1: the heap stays behind the program', () => {
    const [text, heap] = placesOf(3, '@sysctl randomize_va_space 1');
    expect(text).not.toBe(IMAGE_BASE_PAGE);
    expect(heap! - text!).toBe(8);
  });

  it('stays within the entropy that is said, and uses all of it', () => {
    const l = program({ seed: 9 });
    l.run('@aslr on');
    const seen = Array.from({ length: 64 }, () => {
      l.run('p0 exec program');
      const [text, heap, stack] = NAMES.map((name) => place(l, 0, name)) as [number, number, number];
      return { image: text - IMAGE_BASE_PAGE, gap: heap - text - 8, stack: STACK_TOP_PAGE - 33 - stack };
    });
    const bounds = { image: 2 ** ENTROPY.imagePageBits, gap: ENTROPY.brkPages, stack: 2 ** ENTROPY.stackPageBits };
    for (const key of ['image', 'gap', 'stack'] as const) {
      const values = seen.map((each) => each[key]);
      expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...values)).toBeLessThan(bounds[key]);
      expect(Math.max(...values) - Math.min(...values)).toBeGreaterThan(bounds[key] / 2);
    }
  });

  it('of a child stays its parent’s until it runs a program itself', () => {
    const l = program({ seed: 4 });
    l.run('@aslr on', 'p0 exec program', 'p0 fork p1');
    expect(place(l, 1, 'text')).toBe(place(l, 0, 'text'));
    l.run('p1 exec program');
    expect(place(l, 1, 'text')).not.toBe(place(l, 0, 'text'));
    expect(l.run('p1 touch_r text 0 1')).toMatchObject({ min: 1 });
  });
});
