import { expect, test } from 'vitest';
import { addressText, groupDigits, shortAddress, shortNumber, sizeText, timeText } from './words.ts';

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [4096, '4 KiB'],
  [256 * 1024, '256 KiB'],
  [1536 * 1024, '1.5 MiB'],
  [16 * 1024 ** 2 - 4096, '16.0 MiB'],
  [1024 ** 3, '1 GiB'],
  [47 * 1024 ** 4, '47 TiB'],
  [120.4 * 1024 ** 4, '120 TiB'],
  [5000 * 1024 ** 4, '5000 TiB'],
])('%i bytes are %s', (bytes, words) => {
  expect(sizeText(bytes)).toBe(words);
});

test.each([
  [0, '0 ns'],
  [999, '999 ns'],
  [48_230, '48.2 µs'],
  [1_000_000, '1.0 ms'],
  [2_340_000_000, '2.34 s'],
])('%i nanoseconds are %s', (ns, words) => {
  expect(timeText(ns)).toBe(words);
});

test.each([
  [7, '7'],
  [999, '999'],
  [4096, '4\u2009096'],
  [1_048_576, '1\u2009048\u2009576'],
])('%i is %s', (n, words) => {
  expect(groupDigits(n)).toBe(words);
});

test.each([
  [3, '3'],
  [3.5, '3.5'],
  [7 / 3, '2.33'],
  [2.999, '3'],
])('%d is %s', (n, words) => {
  expect(shortNumber(n)).toBe(words);
});

test('an address is whole in the table and its two ends in the picture', () => {
  expect(addressText(0x7ffff7fff)).toBe('0x7ffff7fff000');
  expect(addressText(0x400)).toBe('0x000000400000');
  expect(shortAddress(0x7ffff7fff000)).toBe('7fff…f000');
  expect(shortAddress(0x400000)).toBe('400000');
});
