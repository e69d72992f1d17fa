import { describe, expect, test } from 'vitest';
import { peekFrameBytes, peekSlot } from '../../engine/kernel/index.ts';
import type { SlotId } from '../../engine/base/units.ts';
import type { Found } from '../../engine/protocol/find.ts';
import { SCENARIOS, SWAPPED } from '../testing/scenarios.ts';
import { momentAt, walk } from '../testing/walk.ts';

const whoCopies = SCENARIOS.find(({ name }) => name === 'who-copies')!;
const texts = (found: readonly Found[]): string[] => found.map(({ kind, text }) => `${kind}: ${text}`);

describe('what is looked for', () => {
  test('by its address is found in every process that maps it', () => {
    const { host } = momentAt(whoCopies, 4);
    const { found, taken } = host.answer('find', ['0x7ffff6102010']);
    expect(taken).toBe('an address');
    expect(texts(found)).toEqual(['Page: p0 A+2, byte 16: frame 14', 'Page: p1 A+2, byte 16: frame 22']);
  });

  test('by its name, its number, or words of what happened', () => {
    const { host } = momentAt(whoCopies, 4);
    expect(texts(host.answer('find', ['p1 A+2']).found)[0]).toBe('Page: p1 A+2: resident');
    expect(texts(host.answer('find', ['heap']).found).slice(0, 2)).toEqual([
      expect.stringMatching(/^Area: p0 heap, /),
      expect.stringMatching(/^Area: p1 heap, /),
    ]);
    expect(texts(host.answer('find', ['22']).found)[0]).toBe('Frame: frame 22: anon');
    const events = host.answer('find', ['copy frame']).found.filter(({ kind }) => kind === 'Event');
    expect(texts(events)).toEqual(['Event: p1 copy frame 14 to 22']);
    expect(events[0]).toMatchObject({ step: 4, selection: { kind: 'page', pid: 1 } });
    expect(host.answer('find', ['nobody says this']).found).toEqual([]);
    expect(host.answer('find', ['  ']).found).toEqual([]);
  });

  test('tells nothing of steps to come', () => {
    const { host } = momentAt(whoCopies, 1);
    expect(host.answer('find', ['fork']).found).toEqual([]);
  });

  test('by its bytes is found in every frame and slot that holds them, and nowhere else', () => {
    for (const { host, kernel: k, step, snapshot } of walk(SWAPPED)) {
      for (const bytes of [
        [7, 0],
        [5, 0, 0],
        [9, 0, 0, 0],
      ]) {
        const query = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
        const starts = (held: readonly number[] | null): boolean =>
          held !== null && bytes.every((byte, i) => held[i] === byte);
        const frames = Array.from({ length: snapshot.frames.total }, (_, frame) => frame).filter(
          (frame) => snapshot.frames.level[frame] === 0 && starts(peekFrameBytes(k, frame, 0, bytes.length)),
        );
        const slots = Array.from({ length: k.swapSlots.rows }, (_, slot) => slot).filter((slot) =>
          starts(peekSlot(k, slot as SlotId, bytes.length).bytes),
        );
        const { found } = host.answer('find', [query]);
        expect(found.length, `${query} at step ${step}`).toBe(frames.length + slots.length);
        const named = found.flatMap(({ selection }) => (selection?.kind === 'frame' ? [selection.frame] : []));
        expect(named).toEqual(frames);
      }
    }
  });
});
