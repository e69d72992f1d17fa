import { expect, test } from 'vitest';
import { decodeText } from './decode-text.ts';

const bytes = (...all: number[]) => new Uint8Array(all);

test.each([
  ['empty', bytes(), ''],
  ['letters', new TextEncoder().encode('é → 😀\r\n'), 'é → 😀\r\n'],
  ['a byte order mark', bytes(0xef, 0xbb, 0xbf, 0x61), 'a'],
])('%s', (_what, given, text) => {
  expect(decodeText(given)).toEqual({ text });
});

test.each([
  ['UTF-16, little end first', bytes(0xff, 0xfe, 0x61, 0), /UTF-16.*save it as UTF-8/],
  ['UTF-16, big end first', bytes(0xfe, 0xff, 0, 0x61), /UTF-16/],
  ['Latin-1', bytes(0x63, 0x61, 0x66, 0xe9), /not text/],
  ['a surrogate', bytes(0xed, 0xa0, 0x80), /not text/],
  ['an overlong slash', bytes(0xc0, 0xaf), /not text/],
  ['a zero', bytes(0x61, 0, 0x62), /not text/],
  ['a picture', bytes(0x89, 0x50, 0x4e, 0x47), /not text/],
])('%s is no text', (_what, given, problem) => {
  expect(decodeText(given)).toEqual({ problem: expect.stringMatching(problem) });
});
