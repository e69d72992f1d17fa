import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compareRecorded, parseLines } from '../testing/compare-recorded.ts';
import { run } from './run.ts';
import { TestIo } from './test-io.ts';

const folder = new URL('../testing/recorded/', import.meta.url);
const recorded = readdirSync(folder)
  .filter((name) => name.endsWith('.txt'))
  .map((name) => name.slice(0, -'.txt'.length));
const text = (name: string): string => readFileSync(new URL(name, folder), 'utf8');

async function execJson(script: string, ...options: string[]): Promise<TestIo> {
  const io = new TestIo({}, script);
  expect(await run(['exec', '--json', ...options], io)).toBe(0);
  return io;
}

describe('what the real kernel did is what the lab does', () => {
  test('there is something to compare with', () => expect(recorded.length).toBeGreaterThanOrEqual(12));

  test.each(recorded)('%s', async (name) => {
    const io = await execJson(text(`${name}.txt`));
    expect(compareRecorded(parseLines(text(`${name}.jsonl`)), parseLines(io.stdout))).toEqual([]);
  });

  test('a difference is seen', () => {
    const lines = parseLines(text('02-fork-cow.jsonl'));
    const wrong = JSON.parse(JSON.stringify(lines).replace('"fr":[7,2,', '"fr":[2,2,')) as typeof lines;
    expect(compareRecorded(lines, wrong)).not.toEqual([]);
    expect(compareRecorded(lines, lines.slice(0, -1))).toEqual(['21 steps against 20']);
  });
});

describe('exec --json', () => {
  test('starts with the environment and counts directives as steps', async () => {
    const io = await execJson('@overcommit 1\n@cas\np0 mmap A 2 rw\np0 touch_w A 0 1 # first\n');
    const [env, ...steps] = io.lines;
    expect(env).toEqual({ env: { harness_vm_pages: 47, overcommit: 0, memlock_cur: 2048, memlock_max: 2048 } });
    expect(steps.slice(0, 2)).toEqual([
      { step: 1, op: '@overcommit 1' },
      { step: 2, op: '@cas' },
    ]);
    expect(steps[2]).toMatchObject({ step: 3, op: 'p0 mmap A 2 rw', ret: 'A', min: 0, maj: 0, cas_delta: 2 });
    expect(steps[3]).toMatchObject({ step: 4, op: 'p0 touch_w A 0 1', min: 1, cas_delta: 0 });
  });

  test('--set writes settings before anything runs; a refused @sysctl says so', async () => {
    const script = 'p0 mmap A 70%ram rw\n@sysctl swappiness 300\n';
    const io = await execJson(script, '--ram', '1M', '--overcommit', '2', '--set', 'overcommit_ratio=90');
    expect(io.lines[1]).toMatchObject({ ret: 'A' });
    expect(io.lines[2]).toEqual({ step: 2, op: '@sysctl swappiness 300', ret: -1, errno: 'EINVAL' });
    for (const [option, message] of [
      ['swappiness=201', '--set swappiness=201 is out of range; swappiness takes 0 to 200'],
      ['swapiness=20', 'there is no setting swapiness; did you mean swappiness?'],
    ] as const) {
      const wrong = new TestIo({}, script);
      expect(await run(['exec', '--set', option], wrong)).toBe(2);
      expect(wrong.stderr).toContain(message);
    }
  });

  test('a frame that was freed comes back under a new number', async () => {
    const io = await execJson('p0 mmap A 1 rw\np0 touch_w A 0 1\np0 munmap A 0 1\np0 mmap A 1 rw\np0 touch_w A 0 1\n');
    const frames = io.lines
      .slice(1)
      .map((line) => (line as { procs: { p0: { pages: { A?: { fr: number[] } } } } }).procs.p0.pages.A?.fr);
    expect(frames).toEqual([[0], [1], undefined, [0], [2]]);
  });

  test('a task whose fork failed does not exist, and that is a result', async () => {
    const script = '@overcommit 2\np0 mmap A 45%ram rw\np0 fork p1\np1 state\np0 state\n';
    const io = await execJson(script, '--ram', '1M');
    expect(io.lines.slice(3, 5)).toMatchObject([
      { op: 'p0 fork p1', ret: -1, errno: 'ENOMEM' },
      { op: 'p1 state', ret: -1, errno: 'ESRCH' },
    ]);
  });

  test('is deterministic', async () => {
    const script = text('random-g77.txt');
    expect((await execJson(script)).stdout).toBe((await execJson(script)).stdout);
  });
});

describe('exec', () => {
  test('prints one line a step', async () => {
    const io = new TestIo({ s: 'p0 mmap A 4 rw\np0 touch_w A 0 2 5\np0 touch_w A 9 1\n' });
    expect(await run(['exec', 's'], io)).toBe(0);
    expect(io.stdout.split('\n')).toEqual([
      '1  p0 mmap A 4 rw  → A, no fault, 0.1 µs  [p0 rss 0 pss 0 commit 4]',
      '2  p0 touch_w A 0 2 5  → ok, 2 minor faults, 1.6 µs  [p0 rss 2 pss 2 commit 4]',
      expect.stringContaining('3  p0 touch_w A 9 1  → SIGSEGV (no VMA), no fault, 18 ns  [p0 rss 2'),
      '',
    ]);
  });

  test('runs several scripts, each on a machine of its own', async () => {
    const io = new TestIo({ a: 'p0 fork p1\n', b: 'p0 fork p1\n' });
    expect(await run(['exec', 'a', 'b'], io)).toBe(0);
    expect(io.stdout.match(/→ p1/g)).toHaveLength(2);
  });

  test('with pages of 8 KiB says that they are hypothetical, and the results do not', async () => {
    const io = new TestIo({}, 'p0 mmap A 1 rw\np0 touch_w A 0 1\n');
    expect(await run(['exec', '--json', '--page-size', '8k'], io)).toBe(0);
    expect(io.stderr).toBe('faultline: pages of 8 KiB are hypothetical on x86-64, and here to compare with\n');
    expect(JSON.parse(io.stdout.trim().split('\n')[2]!)).toMatchObject({ min: 1, procs: { p0: { rss: 2 } } });
  });

  test('reads everything before anything runs, and prints nothing when it cannot be used', async () => {
    const io = new TestIo({ a: 'p0 state\n', b: 'p0 state\np0 statte\np1 state\n' });
    expect(await run(['exec', '--json', 'a', 'b', 'c'], io)).toBe(2);
    expect(io.stdout).toBe('');
    expect(io.stderr).toBe(
      'b:2:4: statte is no operation; did you mean state?\n' +
        'b:3:1: p1 does not exist here; fork it first: p0 fork p1\n' +
        'c: there is no such file; give a script, or - for standard input\n',
    );
  });

  test.each([
    [['--ram', 'lots'], '--ram lots is no size; write frames such as 64, or 256K, 1M, 1G'],
    [['--ram', '12'], '--ram: RAM of 12 frames is too small; give 24 to 1048576 frames'],
    [['--swap', '4G'], '--swap: swap of 1048576 slots is too large; give fewer than 1048576 slots'],
    [['--overcommit=3'], '--overcommit 3 is no mode; write 0, 1 or 2'],
    [['--seed', 'x'], '--seed x is no seed; write 0 … 4294967295'],
    [['--page-size', '16k'], '--page-size 16k is no page size; write 4k, 8k or 2m'],
    [['--set', 'x=1'], 'there is no setting x; leave it out'],
    [['--set', 'x'], '--set x is no setting; write NAME=NUMBER'],
    [['--jsn'], '--jsn is no option; did you mean --json?'],
    [['--json=1'], '--json takes no value; write --json alone'],
    [['--ram'], '--ram wants a value; write --ram VALUE'],
  ])('%j is refused', async (args, message) => {
    const io = new TestIo({}, 'p0 state\n');
    expect(await run(['exec', ...args], io)).toBe(2);
    expect(io).toMatchObject({ stdout: '', stderr: `faultline exec: ${message}\n` });
  });
});

test('--footprint adds the memory of the processes that a command changed', async () => {
  const io = new TestIo({ s: 'p0 state\np0 malloc a 1000\np0 fork p1\np1 free a\np1 exit\n' });
  expect(await run(['exec', '--json', '--footprint', 's'], io)).toBe(0);
  const [, state, malloc, fork, free, exit] = io.lines as { footprint?: Record<string, object> }[];
  expect(state).not.toHaveProperty('footprint');
  expect(malloc!.footprint).toMatchObject({ p0: { asked: 1000, held: 135_168, heap: 135_168 } });
  expect(fork!.footprint).toMatchObject({ p1: { asked: 1000, held: 135_168 } });
  expect(free!.footprint).toMatchObject({ p1: { asked: 0 } });
  expect(exit!.footprint).toEqual({ p1: { ns: expect.any(Number) as number, held: 0, heap: 0, rss: 0 } });
  const text = new TestIo({ s: 'p0 malloc a 1000\n' });
  await run(['exec', '--footprint', 's'], text);
  expect(text.stdout).toMatch(/\{p0 asked 1000 heap 135168 rss \d+\}\n$/);
  const plain = new TestIo({ s: 'p0 malloc a 1000\n' });
  await run(['exec', '--json', 's'], plain);
  expect(plain.stdout).not.toMatch('footprint');
});
