import { describe, expect, test } from 'vitest';
import { heapReport, pointersOf } from '../../engine/kernel/heap/index.ts';
import type { HeapLook } from '../../engine/protocol/heap-look.ts';
import { SCENARIOS } from '../testing/scenarios.ts';
import { openHost, walk, type Moment } from '../testing/walk.ts';

const withHeaps = SCENARIOS.filter(({ text }) => /\bp\d+ malloc /.test(text)).map(
  (scenario) => [scenario.name, scenario] as const,
);

/** Until somebody writes where the allocator keeps its own: from then on the heap is what the bytes happen to say. */
function* sound(scenario: (typeof SCENARIOS)[number]): Generator<Moment> {
  for (const moment of walk(scenario)) {
    if (moment.host.answer('events', []).some(({ kind }) => kind === 'HEAP_DAMAGE')) return;
    yield moment;
  }
}

function* heapsOf(moment: Moment): Generator<HeapLook> {
  for (const pid of moment.snapshot.heaps) {
    const look = moment.host.answer('heap', [pid]);
    expect(look, `p${pid} at step ${moment.step}`).not.toBeNull();
    yield look!;
  }
}

describe.each(withHeaps)('the heap as the window shows it, in %s', (_name, scenario) => {
  test('is tiled by its bricks, and its figures add up', () => {
    let seen = 0;
    for (const moment of sound(scenario)) {
      for (const heap of heapsOf(moment)) {
        seen++;
        let at = heap.start;
        for (const brick of heap.bricks.filter(({ state }) => state !== 'mapped')) {
          expect(brick.address, `step ${moment.step}`).toBe(at);
          at += brick.size;
        }
        expect(at).toBe(heap.start + heap.inUse + heap.cached + heap.binned + heap.top);
        const { chunks } = heapReport(moment.kernel, heap.pid);
        expect(heap.bricks.reduce((sum, b) => sum + (b.state === 'mapped' ? 0 : b.chunks), 0)).toBe(chunks.length);
        expect(heap.bricks.filter(({ pins }) => pins).length).toBe(heap.pinned > 0 ? 1 : 0);
      }
    }
    expect(seen).toBeGreaterThan(0);
  });

  test('gives each live name to one brick, and a dangling one never as if it were live', () => {
    for (const moment of sound(scenario)) {
      for (const heap of heapsOf(moment)) {
        const live = pointersOf(moment.kernel, heap.pid).filter(({ address, freed }) => freed === 0 && address > 0);
        expect(heap.bricks.flatMap(({ names }) => names).sort()).toEqual(live.map(({ name }) => name).sort());
        for (const { names, dangling } of heap.bricks) expect(names.filter((n) => dangling.includes(n))).toEqual([]);
      }
    }
  });

  test('lists free chunks only, in the sizes they have', () => {
    for (const moment of sound(scenario)) {
      for (const { lists, bricks } of heapsOf(moment)) {
        for (const { title, chunks, broken } of lists) {
          if (broken) continue;
          for (const { address, size } of chunks) {
            const brick = bricks.find((b) => b.address <= address && address < b.address + b.size)!;
            expect(['inUse', 'top', 'mapped'], `${title} at step ${moment.step}`).not.toContain(brick.state);
            if (brick.chunks === 1) expect(size).toBe(brick.size);
          }
        }
      }
    }
  });

  test('marks what the step gave out', () => {
    for (const moment of sound(scenario)) {
      const given = moment.host.answer('events', []).filter(
        // Who was killed in the same step has no heap any more.
        ({ kind, pid }) => kind === 'BLOCK_GIVEN' && moment.snapshot.heaps.includes(pid),
      );
      const heaps = [...heapsOf(moment)];
      if (given.length === 0) continue;
      const names = heaps.flatMap(({ bricks }) => bricks.filter(({ fresh }) => fresh));
      expect(names.length, `step ${moment.step}`).toBeGreaterThan(0);
    }
  });
});

test('the script says when a heap is in view, forward and back alike', () => {
  const scenario = SCENARIOS.find(({ name }) => name === 'where-did-it-go')!;
  const moments = [...walk(scenario)];
  const forward = moments.map(({ state }) => state.heapShown);
  expect(forward[0]).toBe(-1);
  expect(forward).toContain(0);
  const { host } = moments.at(-1)!;
  for (let step = forward.length - 2; step >= 0; step--) {
    expect(host.answer('back', []).heapShown, `back to ${step}`).toBe(forward[step]);
  }
});

test('of a C program’s chunks the first alone is the allocator’s own', () => {
  const lesson = SCENARIOS.find(({ name }) => name === 'five-step-malloc')!;
  const { host } = openHost(lesson);
  host.answer('seek', [3]);
  const bricks = host.answer('heap', [0])!.bricks.filter(({ state }) => state === 'inUse');
  expect(bricks.map(({ own }) => own)).toEqual([true, false]);
});
