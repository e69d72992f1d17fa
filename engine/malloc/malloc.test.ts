import { describe, expect, test } from 'vitest';
import { makeAllocator } from './allocator.ts';
import { FLAT_LAYOUT } from './flat-memory.ts';
import { MALLOPT } from './mallopt.ts';
import { attempt } from './stop.ts';
import { testHeap, type TestHeap } from './test-heap.ts';
import { loaderNumber, tunablesOf } from './tunables.ts';
import { freeLists } from './walk.ts';

const NO_TCACHE = { GLIBC_TUNABLES: 'glibc.malloc.tcache_count=0' };
const times = (count: number, make: () => number): number[] => Array.from({ length: count }, make);
const lists = (h: TestHeap): string[] =>
  freeLists({ mem: h.memory.peek, arena: h.heap.arena }).map((l) => `${l.kind} ${l.index}: ${l.chunks.length}`);

describe('where a block comes from', () => {
  test('the first call makes the heap and the tcache, the block follows', () => {
    const h = testHeap();
    expect(h.malloc(13) - FLAT_LAYOUT.heap).toBe(0x2a0);
    expect(h.memory.breakAddress - FLAT_LAYOUT.heap).toBe(0x21000);
    expect(h.chunks().map((c) => [c.size, c.state])).toEqual([
      [0x290, 'inUse'],
      [32, 'inUse'],
      [0x21000 - 0x290 - 32, 'top'],
    ]);
  });

  test('seven freed blocks go to the tcache, the next to a fastbin, and the last in is the first out', () => {
    const h = testHeap();
    const blocks = times(9, () => h.malloc(24));
    for (const block of blocks) h.free(block);
    expect(lists(h)).toEqual(['tcache 0: 7', 'fastbin 0: 2']);
    expect(h.malloc(24)).toBe(blocks[6]);
  });

  test('a second request of the same size takes none of the steps of the first', () => {
    const h = testHeap();
    h.malloc(100);
    h.free(h.malloc(200));
    h.recorder.steps = [];
    h.malloc(200);
    expect(h.recorder.steps).toEqual(['request', 'tcache.hit']);
    h.recorder.steps = [];
    h.malloc(20_000);
    expect(h.recorder.steps).toEqual(['request', 'top.carve']);
  });

  test('from 128 KiB on a mapping, and its free raises the threshold', () => {
    const h = testHeap();
    h.malloc(1);
    const block = h.malloc(200_000);
    expect(block).toBeLessThan(FLAT_LAYOUT.library[0]);
    expect(block % 4096).toBe(16);
    h.free(block);
    expect(h.malloc(200_000)).toBeLessThan(h.memory.breakAddress);
  });

  test('the system’s refusal is NULL and ENOMEM, and smaller requests still succeed', () => {
    const h = testHeap({}, 200_000);
    expect(h.malloc(1_000_000)).toBe(0);
    expect(h.memory.errno).toBe('ENOMEM');
    expect(h.malloc(1000)).not.toBe(0);
  });
});

describe('what is in memory', () => {
  test('a freed block carries its protected link and the key, and loses the key when it is taken', () => {
    const h = testHeap();
    const [a, b] = times(2, () => h.malloc(24)) as [number, number];
    h.free(a);
    h.free(b);
    expect(h.memory.load64(a)).toBe(Math.floor(a / 4096));
    expect(h.memory.load64(b)).toBe(Number(BigInt(Math.floor(b / 4096)) ^ BigInt(a)));
    expect(h.memory.load64(b + 8)).not.toBe(0);
    expect(h.malloc(24)).toBe(b);
    expect(h.memory.load64(b + 8)).toBe(0);
  });

  test('a large freed block shows the list heads of the arena', () => {
    const h = testHeap();
    const block = h.malloc(2000);
    h.malloc(24);
    h.free(block);
    expect(h.memory.load64(block)).toBe(FLAT_LAYOUT.arena + 96);
    expect(h.memory.load64(block + 8)).toBe(FLAT_LAYOUT.arena + 96);
  });

  test('calloc of a fresh mapping touches its header alone', () => {
    const h = testHeap();
    h.malloc(1);
    const before = h.memory.touchedPages;
    h.calloc(1, 10_000_000);
    expect(h.memory.touchedPages - before).toBe(1);
  });

  test('calloc clears what it takes from the heap, but not what the break has just brought', () => {
    const h = testHeap();
    h.malloc(1);
    const block = h.calloc(1, 131_000);
    const top = FLAT_LAYOUT.heap + 0x21000;
    expect(h.memory.isTouched(top - 4096)).toBe(true);
    expect(h.memory.isTouched(top)).toBe(false);
    expect(block).toBeLessThan(top);
  });

  test('M_PERTURB fills on the way out and in, but not through the tcache', () => {
    const h = testHeap(NO_TCACHE);
    h.mallopt(MALLOPT.perturb, 0xa5);
    const block = h.malloc(1500);
    h.malloc(24);
    expect(h.memory.load8(block + 1499)).toBe(0x5a);
    h.free(block);
    expect(h.memory.load8(block + 40)).toBe(0xa5);
    const cached = testHeap({ MALLOC_PERTURB_: '165' });
    const small = cached.malloc(24);
    cached.memory.fill(small, 24, 1);
    cached.free(small);
    expect(cached.memory.load8(small + 20)).toBe(1);
  });
});

describe('what does not succeed', () => {
  const message = (h: TestHeap, run: () => unknown): string => {
    h.trust();
    const { ok, ...rest } = attempt(run);
    return ok || !('stop' in rest) || rest.stop.kind !== 'abort' ? 'no abort' : rest.stop.message;
  };

  test('a fastbin that goes round hands a block out twice, and a walk through it is called endless', () => {
    const h = testHeap(NO_TCACHE);
    const [a, b] = times(2, () => h.malloc(24)) as [number, number];
    h.trust();
    for (const block of [a, b, a]) h.free(block);
    expect(attempt(() => h.mallinfo2())).toEqual({ ok: false, stop: { kind: 'loop', list: 'fastbin' } });
    expect([h.malloc(24), h.malloc(24), h.malloc(24)]).toEqual([a, b, a]);
  });

  test('double frees are named after the list', () => {
    const cached = testHeap();
    const block = cached.malloc(24);
    cached.free(block);
    expect(message(cached, () => cached.free(block))).toBe('free(): double free detected in tcache 2\n');
    const fast = testHeap(NO_TCACHE);
    const second = fast.malloc(24);
    fast.free(second);
    expect(message(fast, () => fast.free(second))).toBe('double free or corruption (fasttop)\n');
  });

  test('products and alignments out of range', () => {
    const h = testHeap();
    expect(h.calloc(2 ** 33, 2 ** 33)).toBe(0);
    expect(h.reallocarray(0, -1, 2)).toBe(0);
    expect(h.memory.errno).toBe('ENOMEM');
    expect(h.posixMemalign(24, 8)).toEqual({ error: 'EINVAL', block: 0 });
    expect(h.memalign(48, 8) % 64).toBe(0);
    expect(h.valloc(8) % 4096).toBe(0);
  });
});

test('malloc_stats prints what glibc prints', () => {
  const h = testHeap();
  h.malloc(200_000);
  expect(h.statsText()).toBe(
    [
      'Arena 0:',
      'system bytes     =     135168',
      'in use bytes     =        656',
      'Total (incl. mmap):',
      'system bytes     =     335872',
      'in use bytes     =     201360',
      'max mmap regions =          1',
      'max mmap bytes   =     200704',
      '',
    ].join('\n'),
  );
});

test('all that lasts is in memory: an allocator made anew goes on', () => {
  const h = testHeap();
  const block = h.malloc(24);
  h.free(block);
  expect(makeAllocator(h.memory, FLAT_LAYOUT.arena).malloc(24)).toBe(block);
});

test.each([
  ['12', 12],
  ['0x10', 16],
  ['010', 8],
  ['-1', -1],
  ['7x', 7],
  ['', 0],
  ['99999999999999999999', -1],
])('the loader reads %j as %d', (text, value) => expect(loaderNumber(text)).toBe(value));

test('settings out of bounds and unknown names are passed over', () => {
  const environment = new Map([
    ['GLIBC_TUNABLES', 'glibc.malloc.perturb=256:glibc.malloc.tcache_count=3:glibc.rtld.nns=2:x'],
    ['MALLOC_TOP_PAD_', '4096'],
  ]);
  expect([...tunablesOf(environment)]).toEqual([
    ['top_pad', 4096],
    ['tcache_count', 3],
  ]);
});
