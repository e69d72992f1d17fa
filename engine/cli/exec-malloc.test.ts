import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FLAT_LAYOUT, FlatMemory, makeAllocator } from '../malloc/index.ts';
import { run } from './run.ts';
import { TestIo } from './test-io.ts';

const folder = new URL('../testing/recorded/malloc/', import.meta.url);
const text = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const recorded = readdirSync(folder)
  .filter((name) => name.endsWith('.jsonl'))
  .map((name) => name.slice(0, -'.jsonl'.length));
const parsed = (lines: string): unknown[] =>
  lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

async function execMalloc(script: string): Promise<TestIo> {
  const io = new TestIo({}, script);
  expect(await run(['exec', '--malloc'], io)).toBe(0);
  return io;
}

describe('what the real allocator did is what the lab does', () => {
  test('there is something to compare with', () => expect(recorded.length).toBeGreaterThanOrEqual(85));

  test.each(recorded)('%s', async (name) => {
    const io = await execMalloc(text(`${name}.txt`));
    expect(parsed(io.stdout)).toEqual(parsed(text(`${name}.jsonl`)));
  });

  test('malloc_usable_size of every size up to 4,096 and around the powers of two', () => {
    const allocator = makeAllocator(new FlatMemory(), FLAT_LAYOUT.arena);
    let sizes = 0;
    for (const [, from, to, usable] of text('usable-sizes.txt').matchAll(/(\d+)-(\d+) (\d+)/g)) {
      for (let size = Number(from); size <= Number(to); size++, sizes++) {
        expect([size, allocator.usableSize(allocator.malloc(size))]).toEqual([size, Number(usable)]);
      }
    }
    expect(sizes).toBe(4140);
  });
});

describe('exec --malloc', () => {
  test('a script that cannot be used runs nothing', async () => {
    const io = new TestIo({
      a: 'malloc a 24\n',
      b: 'mallok a 24\nmalloc a\nfree b\nmalloc a 2x\nmalloc a 1 2\n@env A\n',
    });
    expect(await run(['exec', '--malloc', 'a', 'b', 'c'], io)).toBe(2);
    expect(io.stdout).toBe('');
    expect(io.stderr).toBe(
      'b:1:1: mallok is no operation; did you mean malloc?\n' +
        'b:2:9: BYTES is missing; write malloc NAME BYTES\n' +
        'b:3:6: nothing is called b; allocate it first: malloc b 100\n' +
        'b:4:10: 2x is no number; write digits or 0x…, with k or m after them for KiB or MiB\n' +
        'b:5:12: 2 is one word too many; write malloc NAME BYTES\n' +
        'b:6:1: the variable has no name or value; write @env NAME VALUE\n' +
        'c: there is no such file; give a script, or - for standard input\n',
    );
  });

  test('bytes, words and places of a block', async () => {
    const io = await execMalloc('malloc a 24\nfill a 0x41 4\npoke a 1 0xff\nbytes a 0 5\nraw a 0\nstats 0\nprev a\n');
    expect(io.lines.slice(3, 5)).toMatchObject([{ bytes: [65, 255, 65, 65, 0] }, { raw: '0x4141ff41' }]);
    expect(io.lines.slice(6)).toEqual([
      { step: 7, op: 'prev a', prev_size: 0 },
      { exit: 0, stderr: '' },
    ]);
  });

  test('a damaged list that glibc would follow for ever is named', async () => {
    const env = '@env GLIBC_TUNABLES glibc.malloc.tcache_count=0\n';
    const io = await execMalloc(`${env}malloc a 24\nmalloc b 24\nfree a\nfree b\nfree a\n`);
    expect(io.lines.slice(-2)).toEqual([
      { step: 5, op: 'free a', died: 'endless loop in a fastbin' },
      { exit: -9, stderr: '' },
    ]);
  });
});
