import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FRAME } from '../base/flags.ts';
import { copyFrameBytes, fillBytes, forgetContent, peekByte, storeByte } from './frame-bytes.ts';
import { allocFrame, handOverFrames } from './page-alloc.ts';
import { makeMemoryState } from './state.ts';

const machine = () => {
  const k = makeMemoryState(16);
  handOverFrames(k, 0);
  return { k, a: allocFrame(k, FRAME.ANON)!, b: allocFrame(k, FRAME.ANON)! };
};

describe('what is in a frame', () => {
  it('starts as zeros that take no memory', () => {
    const { k, a } = machine();
    expect(peekByte(k, a, 0)).toBe(0);
    expect(peekByte(k, a, 4095)).toBe(0);
    expect(k.contents.liveRows).toBe(0);
  });

  it('keeps a first byte without a row, and becomes all zero again when it is cleared', () => {
    const { k, a } = machine();
    storeByte(k, a, 0, 255);
    expect([peekByte(k, a, 0), peekByte(k, a, 1)]).toEqual([255, 0]);
    storeByte(k, a, 9, 0);
    storeByte(k, a, 0, 0);
    expect(k.contents.liveRows).toBe(0);
    expect(k.frames.content[a]).toBe(-1);
  });

  it('keeps the first byte when a second one makes it a row', () => {
    const { k, a } = machine();
    storeByte(k, a, 0, 7);
    storeByte(k, a, 4095, 8);
    expect([peekByte(k, a, 0), peekByte(k, a, 4094), peekByte(k, a, 4095)]).toEqual([7, 0, 8]);
    expect(k.contents.liveRows).toBe(1);
  });

  it.each([
    ['all zero', []],
    ['one byte', [[0, 5]]],
    ['a row', [[100, 1], [0, 2]]],
  ])('is copied whole from %s, over whatever was there, and then goes its own way', (_name, stores) => {
    const { k, a, b } = machine();
    for (const [offset, value] of stores) storeByte(k, a, offset!, value!);
    storeByte(k, b, 50, 9);
    copyFrameBytes(k, a, b);
    for (const offset of [0, 50, 100]) expect(peekByte(k, b, offset)).toBe(peekByte(k, a, offset));
    storeByte(k, b, 100, 77);
    expect(peekByte(k, a, 100)).not.toBe(77);
    expect(k.contents.liveRows).toBe(stores.length > 1 ? 2 : 1);
  }); // prettier-ignore

  it('gives its row back when it is forgotten', () => {
    const { k, a } = machine();
    storeByte(k, a, 3, 3);
    forgetContent(k, a);
    expect(peekByte(k, a, 3)).toBe(0);
    expect(k.contents.liveRows).toBe(0);
  });

  it('refuses stores to the zero page', () => {
    const { k, a } = machine();
    k.frames.kind[a] = FRAME.ZERO;
    expect(() => storeByte(k, a, 0, 1)).toThrow('takes stores');
  });

  it('reads back what an array of bytes would, whatever is stored and copied', () => {
    const op = fc.record({
      copy: fc.boolean(),
      frame: fc.integer({ min: 0, max: 1 }),
      offset: fc.constantFrom(0, 1, 100, 4095),
      value: fc.integer({ min: 0, max: 255 }),
    });
    fc.assert(
      fc.property(fc.array(op, { maxLength: 40 }), (ops) => {
        const { k, a, b } = machine();
        const frames = [a, b];
        const model = [new Uint8Array(4096), new Uint8Array(4096)];
        for (const { copy, frame, offset, value } of ops) {
          if (copy) {
            copyFrameBytes(k, frames[frame]!, frames[1 - frame]!);
            model[1 - frame]!.set(model[frame]!);
          } else {
            storeByte(k, frames[frame]!, offset, value);
            model[frame]![offset] = value;
          }
          for (const at of [0, 1, 100, 4095]) {
            expect([peekByte(k, a, at), peekByte(k, b, at)]).toEqual([model[0]![at], model[1]![at]]);
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('a stretch of one byte', () => {
  it.each([
    [0, 1, 7],
    [0, 4096, 7],
    [0, 4096, 0],
    [5, 100, 0],
    [5, 100, 9],
    [4095, 1, 3],
  ])('from %i, %i times %i, is what single stores would leave', (offset, count, value) => {
    for (const before of [0, 9]) {
      const { k, a, b } = machine();
      for (const frame of [a, b]) storeByte(k, frame, 0, 1);
      for (const frame of [a, b]) storeByte(k, frame, 9, before);
      fillBytes(k, a, offset, count, value);
      for (let i = 0; i < count; i++) storeByte(k, b, offset + i, value);
      for (let i = 0; i < 4096; i++) expect(peekByte(k, a, i)).toBe(peekByte(k, b, i));
    }
  });
});
