import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FRAME } from '../base/flags.ts';
import { MAX_PAGE_ORDER } from '../base/limits.ts';
import type { Pfn } from '../base/units.ts';
import { allocFrame, handOverFrames, putFrame, settleFreed } from './page-alloc.ts';
import { makeMemoryState, type MemoryState } from './state.ts';

const machine = (frames: number, from: number): MemoryState => {
  const k = makeMemoryState(frames);
  handOverFrames(k, from);
  return k;
};

/** Free blocks as `first frame:order`, ascending. */
function blocks(k: MemoryState): string[] {
  const found: [number, number][] = [];
  for (let order = 0; order <= MAX_PAGE_ORDER; order++) {
    for (let f = k.freeArea.first[order]!; f >= 0; f = k.frames.next[f]!) found.push([f, order]);
  }
  return found.sort(([a], [b]) => a - b).map(([frame, order]) => `${frame}:${order}`);
}

/** The blocks that a set of free frames must form: aligned powers of two, as large as they go. */
function expectedBlocks(free: ReadonlySet<number>, total: number): string[] {
  const whole = (start: number, order: number): boolean => {
    for (let i = 0; i < 2 ** order; i++) if (start + i >= total || !free.has(start + i)) return false;
    return true;
  };
  const found: string[] = [];
  for (let frame = 0; frame < total;) {
    if (!free.has(frame)) {
      frame++;
      continue;
    }
    let order = 0;
    while (order < MAX_PAGE_ORDER && frame % 2 ** (order + 1) === 0 && whole(frame, order + 1)) order++;
    found.push(`${frame}:${order}`);
    frame += 2 ** order;
  }
  return found;
}

describe('the buddy allocator', () => {
  it.each([
    [16, 0, ['0:4']],
    [16, 3, ['3:0', '4:2', '8:3']],
    [12, 0, ['0:3', '8:2']],
    [3000, 1, ['1:0', '2:1', '4:2', '8:3', '16:4', '32:5', '64:6', '128:7', '256:8', '512:9', '1024:10', '2048:9', '2560:8', '2816:7', '2944:5', '2976:4', '2992:3']],
  ])('hands %i frames from %i on over as the largest blocks that fit', (frames, from, expected) => {
    expect(blocks(machine(frames, from))).toEqual(expected);
  }); // prettier-ignore

  it('splits the smallest block that fits, the upper halves going back', () => {
    const k = machine(16, 3);
    expect(allocFrame(k, FRAME.ANON)).toBe(3);
    expect(allocFrame(k, FRAME.ANON)).toBe(4);
    expect(blocks(k)).toEqual(['5:0', '6:1', '8:3']);
  });

  it('gives ascending frames on a fresh machine', () => {
    const k = machine(64, 5);
    expect(Array.from({ length: 59 }, () => allocFrame(k, FRAME.ANON))).toEqual(
      Array.from({ length: 59 }, (_, i) => i + 5),
    );
    expect(allocFrame(k, FRAME.ANON)).toBeNull();
    expect(k.machine.freeFrames[0]).toBe(0);
  });

  it('joins a freed frame with its buddies up to the whole block', () => {
    const k = machine(16, 0);
    for (let i = 0; i < 16; i++) allocFrame(k, FRAME.ANON);
    for (const frame of [0, 2, 3, 1]) putFrame(k, frame as Pfn);
    settleFreed(k);
    expect(blocks(k)).toEqual(['0:2']);
    expect(k.machine.freeFrames[0]).toBe(4);
  });

  it('frees a frame only with its last reference, and never twice', () => {
    const k = machine(16, 0);
    const frame = allocFrame(k, FRAME.ANON)!;
    k.frames.refcount[frame]!++;
    putFrame(k, frame);
    expect(k.frames.kind[frame]).toBe(FRAME.ANON);
    putFrame(k, frame);
    expect(k.frames.kind[frame]).toBe(FRAME.FREE);
    expect(() => putFrame(k, frame)).toThrow('has a reference to give up');
  });

  it('gives a frame a new serial each time, so that a number used again is told apart', () => {
    const k = machine(16, 0);
    const frame = allocFrame(k, FRAME.ANON)!;
    const first = k.frames.serial[frame];
    putFrame(k, frame);
    expect(allocFrame(k, FRAME.ANON)).toBe(frame);
    expect(k.frames.serial[frame]).not.toBe(first);
  });

  it('hands out first what became free last, until that has joined the free blocks', () => {
    const k = machine(16, 0);
    for (let i = 0; i < 8; i++) allocFrame(k, FRAME.ANON);
    for (const frame of [2, 5, 3]) putFrame(k, frame as Pfn);
    expect(allocFrame(k, FRAME.TABLE)).toBe(8); // page tables come from another list
    expect([allocFrame(k, FRAME.SHMEM), allocFrame(k, FRAME.ANON)]).toEqual([3, 5]);
    settleFreed(k);
    expect(allocFrame(k, FRAME.ANON)).toBe(2);
  });

  it('always holds the largest possible blocks, whatever is taken and freed', () => {
    const sizes = fc.record({ total: fc.integer({ min: 8, max: 200 }), from: fc.integer({ min: 0, max: 7 }) });
    const steps = fc.array(fc.integer({ min: 0, max: 999 }), { maxLength: 200 });
    fc.assert(
      fc.property(sizes, steps, ({ total, from }, picks) => {
        const k = machine(total, from);
        const free = new Set(Array.from({ length: total - from }, (_, i) => i + from));
        const taken: number[] = [];
        for (const pick of picks) {
          if (pick % 2 === 0 || taken.length === 0) {
            const frame = allocFrame(k, FRAME.ANON);
            expect(frame === null).toBe(free.size === 0);
            if (frame === null) continue;
            expect(free.delete(frame)).toBe(true);
            taken.push(frame);
          } else {
            const [frame] = taken.splice(pick % taken.length, 1);
            putFrame(k, frame as Pfn);
            free.add(frame!);
          }
        }
        settleFreed(k);
        expect(blocks(k)).toEqual(expectedBlocks(free, total));
      }),
      { numRuns: 60 },
    );
  });
});
