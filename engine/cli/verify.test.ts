import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { parseMallocScript } from '../player/commands/parse-malloc.ts';
import { randomMallocScript } from '../testing/malloc-script.ts';
import { NativePrograms } from './native/programs.ts';
import { PROJECT_ROOT } from './project-root.ts';
import { run } from './run.ts';
import { TestIo } from './test-io.ts';
import { compareOnce } from './verify/verify-malloc.ts';

const isNative = process.platform === 'linux' && spawnSync('gcc', ['--version']).status === 0;
const searchPath = process.env['PATH'];
afterEach(() => {
  process.env['PATH'] = searchPath;
});

describe('faultline verify', () => {
  test('what is missing is named, and its part skipped', async () => {
    process.env['PATH'] = '';
    const io = new TestIo();
    expect(await run(['verify', '--malloc', '--c'], io)).toBe(0);
    expect(io.stdout).toBe('malloc: skipped, there is no gcc\nc: skipped, the lab does not run C programs yet\n');
  });

  test.each([['9-1'], ['x'], ['1-'], ['1-2000000']])('--seeds %s is no range', async (seeds) => {
    const io = new TestIo();
    expect(await run(['verify', '--seeds', seeds], io)).toBe(2);
    expect(io.stderr).toBe(`faultline verify: --seeds ${seeds} is no range; write --seeds 1-100\n`);
  });
});

describe('random malloc scripts', () => {
  test('follow from the seed and can be read', () => {
    for (let seed = 1; seed <= 40; seed++) {
      for (const vocabulary of ['defined', 'broken'] as const) {
        const text = randomMallocScript(seed, vocabulary);
        expect(randomMallocScript(seed, vocabulary)).toBe(text);
        expect(parseMallocScript(text).problems).toEqual([]);
      }
    }
    expect(randomMallocScript(1, 'defined')).not.toBe(randomMallocScript(2, 'defined'));
  });
});

describe.skipIf(!isNative)('the C library of this machine', () => {
  const programs = new NativePrograms(path.join(PROJECT_ROOT, 'engine/testing/native'));
  afterAll(() => programs.remove());
  const runner = (): string => {
    const program = programs.program('malloc-runner', ['-fno-builtin']);
    if ('missing' in program) throw new Error(program.missing);
    return program.path;
  };

  test('answers in the lab’s lines, abort and all', () => {
    const { real, at } = compareOnce(runner(), parseMallocScript('malloc a 100\nfree a\nfree a\n'));
    expect(JSON.parse(real[0]!)).toMatchObject({ step: 1, op: 'malloc a 100', at: 672, usable: 104, fl: 'P' });
    expect(real[2]).toBe('{"step":3,"op":"free a","died":"SIGABRT"}');
    expect(JSON.parse(real[3]!)).toMatchObject({ exit: -6 });
    expect(at).toBe(-1);
  });

  test('is told apart from an allocator with other settings', () => {
    const script = parseMallocScript('malloc a 100\nfree a\nstate\n');
    const other = { ...script, environment: new Map([['GLIBC_TUNABLES', 'glibc.malloc.tcache_count=0']]) };
    expect(compareOnce(runner(), script, other).at).toBe(1);
  });
});
