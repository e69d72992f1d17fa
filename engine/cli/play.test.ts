import { describe, expect, test } from 'vitest';
import { scenarioJsonSchemaText } from '../player/scenario/json-schema.ts';
import { run } from './run.ts';
import { TestIo } from './test-io.ts';

const scenario = (claim: string, answer = 'p0.rss'): string => `format: faultline/1
title: Two steps
machine: { ram: 64 }
parameters: { pages: 3 }
chapters:
  - title: Writing
    steps:
      - say: The parent writes \${pages} pages.
        do: [ p0 mmap A 8 rw, "p0 touch_w A 0 \${pages}" ]
        expect:
          - ${claim}
          - copies == 0
      - do: [ p0 touch_w A 3 1 ]
        ask: { kind: number, text: How many?, answer: ${answer} }
`;

async function play(files: Record<string, string>, ...args: string[]) {
  const io = new TestIo(files);
  const code = await run(['play', ...args], io);
  return { code, io };
}

describe('play', () => {
  test('prints one line a step and exits with 0 when all claims hold', async () => {
    const { code, io } = await play({ f: scenario('p0.rss == pages') }, 'f');
    expect(code).toBe(0);
    expect(io.stderr).toBe('');
    expect(io.stdout.split('\n')).toEqual([
      'ok   1  Writing: The parent writes 3 pages.',
      expect.stringMatching(/^ok   2  Writing: p0 writes page 3 of A\. It is the first write there/),
      'Two steps: 2 steps, 2 claims, 0 failed',
      '',
    ]);
  });

  test('exits with 1 when a claim fails, and says where and what was measured', async () => {
    const { code, io } = await play({ f: scenario('p0.rss == 4') }, 'f');
    expect(code).toBe(1);
    expect(io.stdout).toMatch(/^FAIL 1 {2}Writing/);
    expect(io.stderr).toBe('f:11:13: this does not hold: p0.rss == 4; the engine measured 3\n');
  });

  test('prints JSON with hashes, and the totals last', async () => {
    const { code, io } = await play({ f: scenario('p0.rss == 4') }, '--json', 'f');
    expect(code).toBe(1);
    expect(io.lines).toEqual([
      {
        step: 1,
        chapter: 'Writing',
        say: 'The parent writes 3 pages.',
        ok: false,
        expect: [
          { text: 'p0.rss == 4', ok: false, got: '3', line: 11 },
          { text: 'copies == 0', ok: true, got: '0', line: 12 },
        ],
        hash: expect.stringMatching(/^[0-9a-f]{16}$/),
      },
      { step: 2, chapter: 'Writing', say: '', ok: true, expect: [], hash: expect.stringMatching(/^[0-9a-f]{16}$/) },
      { steps: 2, expects: 2, failed: 1 },
    ]);
  });

  test('gives the same hashes every time, and others with another seed or machine', async () => {
    const files = { f: scenario('p0.rss == pages') };
    const hashes = async (...args: string[]) => (await play(files, '--json', ...args, 'f')).io.stdout;
    expect(await hashes()).toBe(await hashes());
    expect(await hashes('--ram', '128')).not.toBe(await hashes());
  });

  test('--to N plays up to step N', async () => {
    const { code, io } = await play({ f: scenario('p0.rss == pages') }, '--json', '--to', '1', 'f');
    expect(code).toBe(0);
    expect(io.lines.at(-1)).toEqual({ steps: 1, expects: 2, failed: 0 });
  });

  test('--set gives a parameter another value', async () => {
    const { io } = await play({ f: scenario('p0.rss == pages') }, '--set', 'pages=2', 'f');
    expect(io.stdout).toContain('The parent writes 2 pages.');
  });

  test('takes the folder for its scenario.yaml, and several at once', async () => {
    const files = { 'a/scenario.yaml': scenario('p0.rss == pages'), b: scenario('p0.rss == 3') };
    const { code, io } = await play(files, 'a/', 'b');
    expect(code).toBe(0);
    expect(io.stdout.match(/0 failed/g)).toHaveLength(2);
  });

  test('--schema prints the JSON Schema', async () => {
    const { code, io } = await play({}, '--schema');
    expect(code).toBe(0);
    expect(io.stdout).toBe(scenarioJsonSchemaText());
  });

  test.each([
    [['f'], { f: scenario('p0.rs == 3') }, 'f:11:16: a task has no rs; did you mean rss?\n'],
    [
      ['f'],
      { f: scenario('p0.rss == 3', 'byte(p0:A+7)') },
      /^f:14:55: the answer cannot be measured: p0:A\+7 is not resident; /,
    ],
    [
      ['f', 'g'],
      { f: scenario('p0.rss == 3') },
      'g: there is no such file; give a scenario or the folder that holds scenario.yaml\n',
    ],
    [['--to', '3', 'f'], { f: scenario('p0.rss == 3') }, 'f: --to 3 comes after the last step; write 1 … 2\n'],
    [['--to', '0', 'f'], { f: scenario('p0.rss == 3') }, 'faultline play: --to 0 is no step; write a number from 1\n'],
    [[], {}, 'faultline play: no scenario is given; write faultline play SCENARIO\n'],
    [
      ['--set', 'pagse=1', 'f'],
      { f: scenario('p0.rss == 3') },
      'f:4:13: the scenario has no parameter pagse; did you mean pages?\n',
    ],
  ])('%j prints nothing but what is wrong, and exits with 2', async (args, files, message) => {
    const { code, io } = await play(files as Record<string, string>, ...args);
    expect({ code, stdout: io.stdout }).toEqual({ code: 2, stdout: '' });
    if (typeof message === 'string') expect(io.stderr).toBe(message);
    else expect(io.stderr).toMatch(message);
  });
});

describe('check', () => {
  test('says that nothing is wrong', async () => {
    const io = new TestIo({ f: scenario('p0.rss == pages') });
    expect(await run(['check', 'f'], io)).toBe(0);
    expect(io.stdout).toBe('f: 2 steps, 2 claims, nothing wrong\n');
  });

  test('does not run anything: a claim that fails is no matter of it', async () => {
    const io = new TestIo({ f: scenario('p0.rss == 99') });
    expect(await run(['check', 'f'], io)).toBe(0);
  });

  test('names every problem of every file', async () => {
    const io = new TestIo({ f: scenario('p0.rs == 3'), g: 'format: faultline/9\n' });
    expect(await run(['check', 'f', 'g'], io)).toBe(2);
    expect(io.stdout).toBe('');
    expect(io.stderr.split('\n').map((line) => line.split(' ')[0])).toEqual(['f:11:16:', 'g:1:9:', '']);
  });
});
