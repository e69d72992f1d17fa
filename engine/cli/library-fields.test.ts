import { expect, test } from 'vitest';
import { run } from './run.ts';
import { TestIo } from './test-io.ts';

type Line = Record<string, unknown> & { readonly op?: string };

/** What `exec --json` says of each command, without the process tables, which other tests look at. */
async function lines(...commands: string[]): Promise<Line[]> {
  const io = new TestIo({}, `${commands.join('\n')}\n`);
  expect(await run(['exec', '--json', '--ram', '1024p'], io)).toBe(0);
  return io.stdout
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((text) => {
      const { procs: _procs, step: _step, op, ...rest } = JSON.parse(text) as Line;
      return { op: op!, ...rest };
    });
}

const FREE_OF_CHARGE = { min: 0, maj: 0 };

test('a block in the heap, by malloc and by looking', async () => {
  const [malloc, show, usable, prev] = await lines('p0 malloc a 13', 'p0 show a', 'p0 usable a', 'p0 prev a');
  expect(malloc).toEqual({
    op: 'p0 malloc a 13',
    ...{ at: 672, usable: 24, csize: 32, fl: 'P', min: 4, maj: 0 },
    ns: { library: expect.any(Number) as number, system: 100, faults: 2900 },
  });
  expect(show).toEqual({ op: 'p0 show a', at: 672, usable: 24, csize: 32, fl: 'P', ...FREE_OF_CHARGE });
  expect(usable).toMatchObject({ usable: 24, ns: { system: 0, faults: 0 } });
  expect(prev).toEqual({ op: 'p0 prev a', prev: '0x0', ...FREE_OF_CHARGE });
});

test('a mapping of its own, zeros, and a block that moves or stays', async () => {
  const script = ['p0 malloc m 200000', 'p0 calloc z 10 10', 'p0 malloc w 24', 'p0 realloc z 500', 'p0 realloc z 400'];
  const [mapped, zeros, , moved, stays] = await lines(...script);
  expect(mapped).toMatchObject({ at: 'mmap', pgoff: 16, csize: 200_704, fl: 'M', ns: { system: 200 } });
  expect(zeros).toMatchObject({ zero: 1, usable: 104 });
  expect(moved).toMatchObject({ moved: 1, usable: 504 });
  expect(stays).toMatchObject({ moved: 0 });
});

test('NULL with its errno, and the alignments that posix_memalign refuses', async () => {
  const [refused, odd, good] = await lines(
    'p0 malloc a 0x7fffffffffffffff',
    'p0 posix_memalign b 24 100',
    'p0 posix_memalign b 4096 100',
  );
  expect(refused).toMatchObject({ at: null, errno: 'ENOMEM' });
  expect(odd).toMatchObject({ at: null, errno: 'EINVAL' });
  expect(Number(good!.at) % 4096).toBe(0);
});

test('what mallopt, trim, mallinfo2 and malloc_stats give back', async () => {
  const [set, trim, info, stats] = await lines('p0 mallopt mxfast 161', 'p0 trim 0', 'p0 mallinfo', 'p0 malloc_stats');
  expect([set!.ret, trim!.ret]).toEqual([0, 0]);
  expect(Object.keys(info!.mi as object)).toEqual([
    ...['arena', 'ordblks', 'smblks', 'hblks', 'hblkhd', 'usmblks', 'fsmblks', 'uordblks', 'fordblks', 'keepcost'],
  ]);
  expect(stats!.text).toMatch(/^Arena 0:\nsystem bytes {5}= {10}0\n/);
});

test('a death with glibc’s words, after which the process says nothing', async () => {
  const [, , died] = await lines('p0 malloc a 24', 'p0 free a', 'p0 free a');
  expect(died).toEqual({
    op: 'p0 free a',
    died: 'SIGABRT',
    stderr: 'free(): double free detected in tcache 2\n',
  });
});

test('an access of the program’s own that is caught, and the program lives on', async () => {
  const [, , caught, next] = await lines('p0 malloc a 24', 'p0 null a', 'p0 fill a 1 8', 'p0 malloc a 24');
  expect(caught).toMatchObject({ sig: 'SIGSEGV', code: 'MAPERR', done: 0 });
  expect(next).toMatchObject({ at: 704 });
});
