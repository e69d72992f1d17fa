import fc from 'fast-check';
import { expect, test } from 'vitest';
import { edgesOf } from '../testing/machine-edges.ts';
import { chunkMachine } from './chunk.machine.ts';
import { testHeap, type TestHeap } from './test-heap.ts';

/** Sizes of all kinds: tcache, fastbins, small and large bins, mappings. */
const size = fc.oneof(
  fc.integer({ min: 0, max: 150 }),
  fc.integer({ min: 150, max: 1200 }),
  fc.integer({ min: 1000, max: 20_000 }),
  fc.integer({ min: 20_000, max: 300_000 }),
);
const operation = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(fc.constant('malloc' as const), size, fc.nat()) },
  { weight: 4, arbitrary: fc.tuple(fc.constant('free' as const), size, fc.nat()) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('realloc' as const), size, fc.nat()) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('calloc' as const), size, fc.nat()) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('memalign' as const), size, fc.nat()) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('trim' as const), size, fc.nat()) },
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

const environments = [
  {},
  { GLIBC_TUNABLES: 'glibc.malloc.tcache_count=0' },
  { GLIBC_TUNABLES: 'glibc.malloc.tcache_count=2:glibc.malloc.mxfast=0' },
  { MALLOC_PERTURB_: '165', MALLOC_TOP_PAD_: '0' },
  { LD_PRELOAD: 'libc_malloc_debug.so.0', MALLOC_CHECK_: '3' },
];

/** Every block holds a byte of its own all through its life, so that overlapping blocks are noticed. */
function play(heap: TestHeap, operations: readonly Operation[]): void {
  const live: { block: number; bytes: number; mark: number }[] = [];
  let mark = 0;
  const keep = (block: number, bytes: number): void => {
    mark = (mark % 250) + 1;
    heap.memory.fill(block, bytes, mark);
    live.push({ block, bytes, mark });
  };
  const intact = ({ block, bytes, mark }: (typeof live)[number], upTo: number): void => {
    for (const at of [0, 1, 15, 16, 17, bytes >> 1, bytes - 1]) {
      if (at >= 0 && at < Math.min(bytes, upTo)) expect(heap.memory.load8(block + at)).toBe(mark);
    }
  };
  for (const [op, bytes, pick] of operations) {
    const index = live.length === 0 ? -1 : pick % live.length;
    if (op === 'malloc') keep(heap.malloc(bytes), bytes);
    else if (op === 'calloc') {
      const block = heap.calloc(1, bytes);
      for (let at = 0; at < bytes; at += 1 + (at >> 4)) expect(heap.memory.load8(block + at)).toBe(0);
      keep(block, bytes);
    } else if (op === 'memalign') {
      const alignment = 2 ** (4 + (pick % 10));
      const block = heap.memalign(alignment, bytes % 5000);
      expect(block % alignment).toBe(0);
      keep(block, bytes % 5000);
    } else if (op === 'trim') heap.trim(bytes);
    else if (index >= 0) {
      const [old] = live.splice(index, 1);
      intact(old!, Infinity);
      if (op === 'free') heap.free(old!.block);
      else {
        const block = heap.realloc(old!.block, bytes + 1);
        intact({ ...old!, block }, bytes + 1);
        keep(block, bytes + 1);
      }
    }
  }
  for (const block of live) intact(block, Infinity);
}

/** The same on every run; change it to look elsewhere. */
const SEED = 20_260_801;

test.each(environments)('any well-defined program leaves the heap in order and its blocks alone: %j', (environment) => {
  const run = fc.property(fc.array(operation, { minLength: 30, maxLength: 120 }), (operations) => {
    play(testHeap(environment), operations);
  });
  fc.assert(run, { seed: SEED, numRuns: 20 });
});

test('every edge of the statechart is walked by the allocator, and no other', () => {
  const walked = new Set<string>();
  const note = (heap: TestHeap): void => {
    for (const edge of heap.recorder.edges) walked.add(edge);
  };
  for (const [i, environment] of environments.entries()) {
    const programs = fc.array(operation, { minLength: 150, maxLength: 250 });
    for (const operations of fc.sample(programs, { seed: SEED + i, numRuns: 12 })) {
      const heap = testHeap(environment);
      heap.trust();
      play(heap, operations);
      note(heap);
    }
  }
  // The tcache is filled from a fastbin: ten blocks of one size, all freed, and all asked for again.
  const filled = testHeap();
  const blocks = Array.from({ length: 10 }, () => filled.malloc(24));
  for (const block of blocks) filled.free(block);
  for (const _ of blocks) filled.malloc(24);
  note(filled);
  // Someone else moves the break: rare enough to be asked for.
  const heap = testHeap();
  heap.malloc(1000);
  heap.memory.sbrk(8192);
  heap.malloc(200_000 - 80_000);
  heap.malloc(120_000);
  note(heap);
  const edges = edgesOf(chunkMachine).map(({ from, event, to }) => `${from} ${event} ${to}`);
  expect([...walked].sort()).toEqual(edges.sort());
});
