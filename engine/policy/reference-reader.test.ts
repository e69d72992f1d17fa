import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ReferenceReader, type ReferenceProblem } from './reference-reader.ts';

interface Result {
  readonly pages: number[];
  readonly problem: ReferenceProblem | null;
}

/** @param cuts where one piece ends and the next begins */
function read(text: string | Uint8Array, cuts: readonly number[] = []): Result {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const reader = new ReferenceReader();
  const pages: number[] = [];
  const edges = [0, ...cuts, bytes.length];
  for (let i = 1; i < edges.length; i++) {
    const problem = reader.read(bytes.subarray(edges[i - 1], edges[i]));
    if (problem !== null) return { pages, problem };
    pages.push(...reader.pages.subarray(0, reader.count));
  }
  const problem = reader.end();
  if (problem === null) pages.push(...reader.pages.subarray(0, reader.count));
  return { pages, problem };
}

describe('page numbers', () => {
  test.each<[string, number[]]>([
    ['', []],
    [' \n\t\r\n,', []],
    ['7', [7]],
    ['1 2\t3\n4\r\n5,6,\t7\v8\f9', [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['1,2 , 3,,4,\n', [1, 2, 3, 4]],
    ['0 00 007 0x0 0x00', [0, 0, 7, 0, 0]],
    ['0xff 0xFF 0xaB10 255', [255, 255, 0xab10, 255]],
    ['2251799813685248 0x8000000000000', [2 ** 51, 2 ** 51]],
    ['4503599627370495 0xfffffffffffff 00000000000000004503599627370495', [2 ** 52 - 1, 2 ** 52 - 1, 2 ** 52 - 1]],
  ])('%j', (text, pages) => {
    expect(read(text)).toEqual({ pages, problem: null });
  });

  test('are read alike whatever their pieces', () => {
    const separator = fc.stringMatching(/^[ \t\r\n,]{1,3}$/);
    const page = fc.oneof(fc.nat({ max: 99 }), fc.integer({ min: 0, max: 2 ** 52 - 1 }));
    const written = fc.record({ page, hex: fc.boolean(), separator });
    fc.assert(
      fc.property(fc.array(written), fc.array(fc.nat()), (words, cuts) => {
        const text = words.map((w) => `${w.hex ? `0x${w.page.toString(16)}` : w.page}${w.separator}`).join('');
        const inside = cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b);
        expect(read(text, inside)).toEqual({ pages: words.map((w) => w.page), problem: null });
      }),
    );
  });
});

const NO_PAGE = 'write decimal or 0x numbers, separated by white space or commas';

describe('what is no page number', () => {
  test.each<[string, string]>([
    ['x', '1:1: x is no page number'],
    ['1 2 three 4', '1:5: three is no page number'],
    ['1\n2\n # comment', '3:2: # is no page number'],
    ['1 // why', '1:3: // is no page number'],
    ['1\r\n2\r\n\r\n3;4', '4:1: 3;4 is no page number'],
    ['1\n\n\n', ''],
    ['-1', '1:1: -1 is no page number'],
    ['+1', '1:1: +1 is no page number'],
    ['1.5', '1:1: 1.5 is no page number'],
    ['1e3', '1:1: 1e3 is no page number'],
    ['12ab,7', '1:1: 12ab is no page number'],
    ['0x', '1:1: 0x is no page number'],
    ['5 0x ', '1:3: 0x is no page number'],
    ['0xfg', '1:1: 0xfg is no page number'],
    ['0x0x1', '1:1: 0x0x1 is no page number'],
    ['00x1', '1:1: 00x1 is no page number'],
    ['0X1', '1:1: 0X1 is no page number'],
    ['1_000', '1:1: 1_000 is no page number'],
    ['"1"', '1:1: "1" is no page number'],
    ['7 page', '1:3: page is no page number'],
    ['\ufeff1', '1:1: \ufffd1 is no page number'],
    ['1\u00a02', '1:1: 1\ufffd2 is no page number'],
    ['\u001b[31m', '1:1: \ufffd[31m is no page number'],
    ['é', '1:1: é is no page number'],
    [`z${'9'.repeat(99)}`, `1:1: z${'9'.repeat(23)}… is no page number`],
  ])('%j', (text, expected) => {
    const { problem } = read(text);
    const told = problem === null ? '' : `${problem.line}:${problem.column}: ${problem.message}`;
    expect(told).toBe(expected);
    if (problem !== null) expect(problem.remedy).toBe(NO_PAGE);
  });

  test.each(['4503599627370496', '0x10000000000000', '18446744073709551616', '9'.repeat(400)])('%s', (number) => {
    const { problem } = read(`1 2\n3 ${number}\n`);
    const short = number.length > 24 ? `${number.slice(0, 24)}…` : number;
    expect(problem).toEqual({
      line: 2,
      column: 3,
      message: `page number ${short} is too large`,
      remedy: 'write numbers below 2^52',
    });
  });

  test('is told at the same place with the same words whatever the pieces', () => {
    for (const text of ['1 2\n 0x12q4 5', '3\r\n4503599627370496', '12 0x', `1 ${'0'.repeat(150)}!`, 'ab\n']) {
      const whole = read(text).problem;
      expect(whole).not.toBeNull();
      for (let cut = 0; cut <= text.length; cut++) {
        const { problem } = read(text, [cut]);
        expect({ cut, line: problem?.line, column: problem?.column }).toEqual({
          cut,
          line: whole?.line,
          column: whole?.column,
        });
      }
    }
    const bytes = Array.from({ length: 13 }, (_, i) => i);
    expect(read('1 2\n 0x12 4503599627370496 '.slice(4), bytes).problem?.message).toBe(
      'page number 4503599627370496 is too large',
    );
  });

  test('is never thrown, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat({ max: 60 }), (bytes, cut) => {
        const { pages, problem } = read(bytes, [Math.min(cut, bytes.length)]);
        const words = new TextDecoder('latin1')
          .decode(bytes)
          .split(/[ \t\r\n\v\f,]+/)
          .filter(Boolean);
        if (problem === null) expect(pages).toEqual(words.map(Number));
        else
          expect(
            words.some((word) => !/^(\d+|0x[\da-f]+)$/i.test(word) || Number(word) >= 2 ** 52 || /X/.test(word)),
          ).toBe(true);
      }),
    );
  });
});
