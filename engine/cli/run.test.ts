import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { version } from '../../package.json';
import { run } from './run.ts';
import { TestIo } from './test-io.ts';

const command = fileURLToPath(new URL('../../bin/faultline.mjs', import.meta.url));

/** As a user starts it, but without anything on the PATH: the command starts no other program. */
const faultline = (args: readonly string[], input = '') =>
  spawnSync(process.execPath, [command, ...args], { input, encoding: 'utf8', env: { PATH: '' } });

describe('the command', () => {
  test('answers --version and --help', async () => {
    const io = new TestIo();
    expect(await run(['--version'], io)).toBe(0);
    expect(await run(['--help'], io)).toBe(0);
    expect(io.stdout).toMatch(new RegExp(`^faultline ${version}\nfaultline shows process memory work`));
  });

  test.each(['play', 'exec', 'check', 'run', 'trace', 'verify', 'bench'])('%s has help of its own', async (verb) => {
    const io = new TestIo();
    expect(await run([verb, '--help'], io)).toBe(0);
    expect(io.stdout).toMatch(new RegExp(`^faultline ${verb} `));
  });

  test.each([
    [['pla'], 'pla is no verb; did you mean play?'],
    [['benhc'], 'benhc is no verb; did you mean bench?'],
    [['--verbose'], '--verbose is no option; use play, exec, check, run, trace, verify, bench'],
    [['toString'], 'toString is no verb; use play, exec, check, run, trace, verify, bench'],
  ])('%j is refused with the verbs that exist', async (args, message) => {
    const io = new TestIo();
    expect(await run(args, io)).toBe(2);
    expect(io).toMatchObject({ stdout: '', stderr: `faultline: ${message}\n` });
  });

  test('without a verb says how it is used, and fails', async () => {
    const io = new TestIo();
    expect(await run([], io)).toBe(2);
    expect(io.stdout).toBe('');
    expect(io.stderr).toContain('faultline play SCENARIO');
  });
});

describe('as a program, with an empty PATH', () => {
  test('runs a script from standard input', () => {
    const { status, stdout, stderr } = faultline(
      ['exec', '--json', '-'],
      'p0 mmap A 1 rw\np0 touch_w A 0 1 7\np0 read A 0 1\n',
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.split('\n')[3]).toContain('"bytes":[7]');
  });

  test('runs malloc scripts, on one allocator or several', () => {
    const one = faultline(['exec', '--malloc'], 'malloc a 24\n');
    expect([one.status, one.stderr]).toEqual([0, '']);
    const all = faultline(['exec', '--malloc', '--design', 'all'], 'malloc a 24\n');
    expect([all.status, all.stderr]).toEqual([0, '']);
  });

  test('plays the bundled scenarios', () => {
    const folder = fileURLToPath(new URL('../../scenarios/who-copies', import.meta.url));
    const { status, stdout } = faultline(['play', '--json', folder]);
    expect(status).toBe(0);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/"failed":0/);
  });

  test('fails with exit status 2 and a place', () => {
    const { status, stdout, stderr } = faultline(['exec'], 'p0 stat\n');
    expect({ status, stdout, stderr }).toEqual({
      status: 2,
      stdout: '',
      stderr: '<stdin>:1:4: stat is no operation; did you mean state?\n',
    });
  });
});
