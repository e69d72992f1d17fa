import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { parseMallocScript } from '../player/commands/parse-malloc.ts';
import { parseScript } from '../player/commands/parse-script.ts';
import { compareRecorded } from '../testing/compare-recorded.ts';
import { randomMallocScript } from '../testing/malloc-script.ts';
import { NativePrograms } from './native/programs.ts';
import { PROJECT_ROOT } from './project-root.ts';
import { run } from './run.ts';
import { TestIo } from './test-io.ts';
import { isSupported } from './verify/kernel-calls.ts';
import { MachineSettings } from './verify/machine-settings.ts';
import { fits, NativeKernel } from './verify/native-kernel.ts';
import { firstDifference, verifyC } from './verify/verify-c.ts';
import { FREESTANDING, linesOfLab, randomKernelScript } from './verify/verify-kernel.ts';
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
    expect(io.stdout).toBe('malloc: skipped, there is no gcc\nc: skipped, there is no gcc\n');
  });

  test.each([['9-1'], ['x'], ['1-'], ['1-2000000']])('--seeds %s is no range', async (seeds) => {
    const io = new TestIo();
    expect(await run(['verify', '--seeds', seeds], io)).toBe(2);
    expect(io.stderr).toBe(`faultline verify: --seeds ${seeds} is no range; write --seeds 1-100\n`);
  });
});

describe.skipIf(!isNative)('C programs', () => {
  test('of the tests and of a seed run on this machine as in the lab', { timeout: 120_000 }, async () => {
    const programs = new NativePrograms(path.join(PROJECT_ROOT, 'engine/testing/native'));
    const found = await verifyC({ seeds: [3, 4], folder: '' }, programs).finally(programs.remove);
    expect(found).toMatchObject({ kind: 'equal', compared: expect.stringMatching(/^\d+ programs, 2 random ones$/) });
  });

  test('are told apart by their output and by how they end', () => {
    const real = { stdout: '1\n2\n', status: 0 };
    expect(firstDifference(real, { ...real })).toBeNull();
    expect(firstDifference(real, { stdout: '1\n3\n', status: 0 })).toBe('line 2\n  real  2\n  ours  3');
    expect(firstDifference(real, { ...real, status: 139 })).toMatch('ours  status 139');
  });
});

describe('random malloc scripts', () => {
  test('follow from the seed and can be read', () => {
    for (let seed = 1; seed <= 40; seed++) {
      for (const vocabulary of ['defined', 'broken', 'tuned'] as const) {
        const text = randomMallocScript(seed, vocabulary);
        expect(randomMallocScript(seed, vocabulary)).toBe(text);
        expect(parseMallocScript(text).problems).toEqual([]);
      }
    }
    expect(randomMallocScript(1, 'defined')).not.toBe(randomMallocScript(2, 'defined'));
  });
});

describe('random kernel scripts', () => {
  test('follow from the seed, and real processes can carry them out', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const text = randomKernelScript(seed);
      expect(randomKernelScript(seed)).toBe(text);
      const { commands, problems } = parseScript(text);
      expect(problems).toEqual([]);
      expect(commands.length).toBeGreaterThan(20);
      expect(fits(commands) && commands.every(({ command }) => isSupported(command))).toBe(true);
    }
  });

  test('a script that would starve the machine is left out', () => {
    const { commands } = parseScript('@overcommit 2\n');
    expect(isSupported(commands[0]!.command)).toBe(false);
  });
});

const isRoot = isNative && process.arch === 'x64' && process.getuid?.() === 0 && existsSync('/proc/kpagecount');

describe.skipIf(!isRoot)('the kernel of this machine', () => {
  const programs = new NativePrograms(path.join(PROJECT_ROOT, 'engine/testing/native'));
  afterAll(() => programs.remove());
  const SCRIPT =
    'p0 mmap A 3 rw private anon\np0 touch_w A 0 2 7\np0 fork p1\np1 touch_w A 0 1 9\np1 read A 0 3\np0 touch_r B 0 1\n';

  test('copies on write, faults and catches signals as the lab says; its settings are as before', async () => {
    const before = readFileSync('/proc/sys/vm/overcommit_memory', 'utf8');
    const settings = new MachineSettings();
    const worker = programs.program('kernel-worker', FREESTANDING);
    if ('missing' in worker) throw new Error(worker.missing);
    const { commands } = parseScript(SCRIPT);
    const lines = await NativeKernel.run(worker.path, 0, 262_144, commands, settings).finally(() => settings.restore());
    expect(lines[1]).toMatchObject({ step: 2, min: 2, maj: 0, procs: { p0: { vm: ['A[0,3) rw-p'], rss: 2 } } });
    expect(lines[3]).toMatchObject({
      min: 1,
      procs: { p0: { pages: { A: { st: 'xs.' } } }, p1: { pages: { A: { st: 'xs.' } } } },
    });
    expect(lines[4]).toMatchObject({ bytes: [9, 7, 0] });
    expect(lines[5]).toMatchObject({ sig: 'SIGSEGV', code: 'MAPERR', done: 0 });
    expect(compareRecorded(lines, await linesOfLab(SCRIPT))).toEqual([]);
    expect(compareRecorded(lines, await linesOfLab(SCRIPT.replace('touch_w A 0 2', 'touch_w A 0 3')))).not.toEqual([]);
    expect(readFileSync('/proc/sys/vm/overcommit_memory', 'utf8')).toBe(before);
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
