import { expect, test } from 'vitest';
import { leftovers } from './sweep.ts';

const KEPT = ['settings.json', 'place.json'];

test('temporary files of interrupted writes go, everything else stays', () => {
  const names = [
    'settings.json',
    'settings.json.123',
    'place.json.9',
    'settings.json.bak',
    'other.json.123',
    'Preferences',
    'settings.json.12x',
  ];
  expect(leftovers(names, KEPT)).toEqual(['settings.json.123', 'place.json.9']);
});

test('of damaged files the newest three of each kind stay', () => {
  const day = (n: number) => `settings.corrupt-2025010${n}T000000000Z.json`;
  expect(leftovers([day(5), day(1), day(3), day(2), day(4), 'place.corrupt-20250101T000000000Z.json'], KEPT)).toEqual([
    day(1),
    day(2),
  ]);
});
