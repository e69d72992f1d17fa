import { describe, expect, it } from 'vitest';
import { PROGRAMS } from '../../../c/testing/programs.ts';
import { PRELUDE } from '../../../c/testing/prelude.ts';
import { randomBatch } from '../../../c/testing/random-batch.ts';
import { LIBRARY_PROGRAMS } from '../../../testing/c-library-programs.ts';
import { FAULTY_PROGRAMS, SOUND_PROGRAMS } from '../../../testing/faulty-programs.ts';
import { DEFAULT_MACHINE } from '../../../player/scenario/machine-options.ts';
import { boot, findingsOf, step, type KernelState } from '../../index.ts';

const INSTRUCTIONS = 20_000_000;

function play(text: string, checked: boolean): { k: KernelState; output: string; end: unknown } {
  const programs = [{ name: 'p.c', text }];
  const k = boot({ ...DEFAULT_MACHINE, image: 'bare', programs, checked, ramPages: 4096 });
  let output = '';
  k.host = { write: (fd, bytes) => (output += `${fd}${String.fromCharCode(...bytes)}`), read: () => new Uint8Array(0) };
  step(k, { task: 0, op: 'exec', image: 'p.c', args: [] });
  const { program } = step(k, { op: '@run', instructions: INSTRUCTIONS });
  return { k, output, end: program };
}
const kinds = (k: KernelState): string[] => findingsOf(k).map(({ line, kind }) => `${line} ${kind}`);

describe('what is wrong is found where it happens', () => {
  it.each(Object.entries(FAULTY_PROGRAMS))('%s', (_name, { text, kind, line, cause }) => {
    const { k } = play(text, true);
    const found = findingsOf(k).filter((view) => view.kind === kind && view.line === line);
    expect(found.length, JSON.stringify(findingsOf(k))).toBe(1);
    if (cause !== undefined) expect(found[0]!.why).toContain(`line ${cause}.`);
    expect(found[0]!.what).not.toBe('');
  });
});

describe('what is right is not', () => {
  it.each(Object.entries(SOUND_PROGRAMS))('%s', (_name, text) => {
    const { k, end } = play(text, true);
    expect(kinds(k)).toEqual([]);
    expect(end).toMatchObject({ deaths: expect.arrayContaining([expect.objectContaining({ task: 0, status: 0 })]) as unknown }); // prettier-ignore
  });

  it.each(Object.entries(PROGRAMS))('of the language: %s', (_name, text) => {
    expect(kinds(play(PRELUDE + text, true).k)).toEqual([]);
  });

  it.each([1, 21, 41])('random programs, seeds from %i', (seed) => {
    expect(kinds(play(PRELUDE + randomBatch(seed, 20), true).k)).toEqual([]);
  });

  /** One that does what valgrind finds fault with, too. */
  const KNOWN: Readonly<Record<string, readonly string[]>> = {
    'malloc and its figures': ['7 uninitialised', '7 double-free'],
  };
  it.each(Object.entries(LIBRARY_PROGRAMS))('of the library: %s', (name, text) => {
    expect(kinds(play(text, true).k)).toEqual(KNOWN[name] ?? []);
  });
});

describe('a program that is checked does the same', () => {
  const all = { ...SOUND_PROGRAMS, ...LIBRARY_PROGRAMS };
  it.each(Object.entries(all))('%s', (_name, text) => {
    const [watched, alone] = [play(text, true), play(text, false)];
    expect({ output: watched.output, end: watched.end }).toEqual({ output: alone.output, end: alone.end });
    for (const column of ['minflt', 'majflt', 'timeNs'] as const)
      expect([...watched.k.tasks[column]]).toEqual([...alone.k.tasks[column]]);
  });
});
