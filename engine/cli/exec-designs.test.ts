import { describe, expect, test } from 'vitest';
import { run } from './run.ts';
import { TestIo } from './test-io.ts';

const SCRIPT =
  'malloc a 1000\nmalloc b 100\nmalloc c 3000\nmalloc d 100\nfree a\nfree c\nmalloc e 900\nfill e 0x41 3\nbytes e 0 4\nfree a\n';

async function compared(script: string, ...options: string[]): Promise<TestIo> {
  const io = new TestIo({}, script);
  expect(await run(['exec', '--malloc', ...options], io)).toBe(0);
  return io;
}

describe('exec --malloc --design', () => {
  test('one script on several allocators, one object a step and one for each of them', async () => {
    const io = await compared(SCRIPT, '--json', '--design', 'first,worst,bitmap');
    expect(io.lines).toHaveLength(10 + 3);
    const at = (cell: number | null) => ({ at: cell });
    expect(io.lines[6]).toMatchObject({ step: 7, designs: { first: at(16), worst: at(4320), bitmap: at(0) } });
    expect(io.lines[8]).toMatchObject({ designs: { bitmap: { bytes: [65, 65, 65, 0] } } });
    expect(io.lines.slice(10)).toMatchObject([
      { design: 'first', asked: 200, refused: 0, held: 16_384 },
      { design: 'worst', asked: 1100, died: 'SIGABRT' },
      { design: 'bitmap', own: 4096, systemCalls: 2 },
    ]);
  });

  test('people read places in columns and figures below them', async () => {
    const io = await compared(SCRIPT, '--design', 'all');
    expect(io.stdout).toMatch(/^step {2}request +glibc +first +best +worst +next +bitmap +buddy\n/);
    expect(io.stdout).toContain('free a                   SIGABRT                       SIGABRT   SIGABRT');
    expect(io.stdout).toMatch(/lost between +\d+\.\d % /);
  });

  test('what the system has can be too little for some of them', async () => {
    const io = await compared('malloc a 40k\nmalloc b 1\n', '--design', 'first,buddy', '--capacity', '64K', '--json');
    expect(io.lines[0]).toMatchObject({ designs: { first: { at: 16 }, buddy: { at: null, errno: 'ENOMEM' } } });
    expect(io.lines.slice(2)).toMatchObject([{ refused: 0 }, { refused: 1 }]);
  });

  test.each([
    [['--malloc', '--design', 'frist'], '', /--design frist is no allocator; did you mean first\?/],
    [['--design', 'first'], '', /write exec --malloc --design all/],
    [['--malloc', '--capacity', '1M'], '', /write exec --malloc --design all/],
    [['--malloc', '--design', 'all', '--capacity', 'x'], '', /--capacity x is no size/],
    [['--malloc', '--design', 'all'], 'malloc a 1\ntrim 0\n', /<stdin>:2:1: trim is glibc's alone; leave it out/],
  ])('%j is unusable', async (options, script, message) => {
    const io = new TestIo({}, script);
    expect(await run(['exec', ...options], io)).toBe(2);
    expect(io.stdout).toBe('');
    expect(io.stderr).toMatch(message);
  });
});
