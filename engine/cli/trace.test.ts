import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { POLICY_NAMES } from '../policy/policy.ts';
import { run } from './run.ts';
import { TestIo } from './test-io.ts';

async function trace(input: string, ...args: string[]) {
  const io = new TestIo({}, input);
  const code = await run(['trace', ...args], io);
  return { code, stdout: io.stdout, stderr: io.stderr };
}

const BELADY = '1 2 3 4 1 2 5 1 2 3 4 5\n';

describe('trace', () => {
  test('prints a line a figure', async () => {
    expect(await trace(BELADY, '--policy', 'fifo', '--frames', '4')).toEqual({
      code: 0,
      stdout: 'policy: fifo\nframes: 4\naccesses: 12\nhits: 2\nfaults: 10\n',
      stderr: '',
    });
  });

  test('prints one JSON object', async () => {
    expect(await trace(BELADY, '--policy=lru', '--frames=3', '--json')).toEqual({
      code: 0,
      stdout: '{"policy":"lru","frames":3,"accesses":12,"hits":2,"faults":10}\n',
      stderr: '',
    });
  });

  test.each(POLICY_NAMES)('%s of nothing is zeros', async (policy) => {
    const zeros = `{"policy":"${policy}","frames":2,"accesses":0,"hits":0,"faults":0}\n`;
    expect(await trace('', '--policy', policy, '--frames', '2', '--json')).toMatchObject({ code: 0, stdout: zeros });
    expect(await trace(' \r\n', '--policy', policy, '--frames', '2', '--json')).toMatchObject({ stdout: zeros });
  });

  test('reads 0x, commas and CRLF, and page numbers far apart', async () => {
    const input = '0x8000000000000,2251799813685248\r\n0x10, 16\t4503599627370495\r\n';
    const { stdout } = await trace(input, '--policy', 'opt', '--frames', '2', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ accesses: 5, hits: 2, faults: 3 });
  });

  test('random follows the seed, which is 1 unless given', async () => {
    const input = Array.from({ length: 400 }, (_, i) => (i * i * 7) % 31).join(' ');
    const random = async (...seed: string[]): Promise<string> =>
      (await trace(input, '--policy', 'random', '--frames', '5', ...seed)).stdout;
    expect(await random()).toBe(await random('--seed', '1'));
    const all = await Promise.all(['1', '2', '3', '4', '4294967295'].map((seed) => random('--seed', seed)));
    expect(new Set(all).size).toBeGreaterThan(1);
  });

  test('hits and faults make up all accesses', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...POLICY_NAMES),
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.nat({ max: 12 })),
        async (policy, frames, pages) => {
          const { stdout } = await trace(pages.join(), '--policy', policy, '--frames', `${frames}`, '--json');
          const { accesses, hits, faults } = JSON.parse(stdout) as Record<string, number>;
          expect(accesses).toBe(pages.length);
          expect(hits! + faults!).toBe(accesses);
        },
      ),
    );
  });

  test.each<[string, string]>([
    ['1 2 x', '1:5: x is no page number; write decimal or 0x numbers, separated by white space or commas'],
    ['1\n2 # two', '2:3: # is no page number; write decimal or 0x numbers, separated by white space or commas'],
    ['4503599627370496', '1:1: page number 4503599627370496 is too large; write numbers below 2^52'],
  ])('%j is refused with its place and nothing on standard output', async (input, message) => {
    for (const policy of ['lru', 'opt'])
      expect(await trace(input, '--policy', policy, '--frames', '2', '--json')).toEqual({
        code: 2,
        stdout: '',
        stderr: `<stdin>:${message}\n`,
      });
  });

  const names = POLICY_NAMES.join(', ');
  test.each<[string[], string]>([
    [['--frames', '3'], `no policy is given; write --policy ${POLICY_NAMES.join('|')}`],
    [['--policy', 'lru'], 'the number of frames is missing; write --frames N'],
    [['--policy', 'LRU', '--frames', '3'], '--policy LRU is no policy; did you mean lru?'],
    [['--policy', 'working-set', '--frames', '3'], `--policy working-set is no policy; use ${names}`],
    [['--policy', 'toString', '--frames', '3'], `--policy toString is no policy; use ${names}`],
    ...['0', '-1', '1.5', 'x', '', '0x10', '4503599627370496', '99999999999999999999'].map((n): [string[], string] => [
      ['--policy', 'lru', `--frames=${n}`],
      `--frames ${n} is no number of frames; write a whole number from 1, below 2^52`,
    ]),
    [
      ['--policy', 'random', '--frames', '3', '--seed', '4294967296'],
      '--seed 4294967296 is no seed; write 0 … 4294967295',
    ],
    [['--policy', 'random', '--frames', '3', '--seed', 'x'], '--seed x is no seed; write 0 … 4294967295'],
    [['--policy', 'lru', '--frames'], '--frames wants a value; write --frames VALUE'],
    [['--polcy', 'lru'], '--polcy is no option; did you mean --policy?'],
    [
      ['--policy', 'lru', '--frames', '3', 'refs.txt'],
      'refs.txt is not read; references come from standard input: write < refs.txt',
    ],
  ])('%j is refused', async (args, message) => {
    expect(await trace(BELADY, ...args)).toEqual({ code: 2, stdout: '', stderr: `faultline trace: ${message}\n` });
  });

  test('as a program reads a long pipe piece by piece', () => {
    const command = fileURLToPath(new URL('../../bin/faultline.mjs', import.meta.url));
    const input = Array.from({ length: 60_000 }, (_, i) => `0x${(2 ** 40 + (i % 3_000)).toString(16)}`).join('\r\n');
    const args = [command, 'trace', '--policy', 'fifo', '--frames', '3000', '--json'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      input,
      encoding: 'utf8',
      env: { PATH: '' },
    });
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: '{"policy":"fifo","frames":3000,"accesses":60000,"hits":57000,"faults":3000}\n',
      stderr: '',
    });
  });
});
