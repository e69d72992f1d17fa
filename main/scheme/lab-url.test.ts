import { expect, test } from 'vitest';
import { isLabUrl } from './lab-url.ts';

test.each(['app://lab/', 'app://lab', 'app://lab/index.html?x#y', 'APP://lab/'])('%s is the lab', (address) => {
  expect(isLabUrl(address)).toBe(true);
});

test.each([
  'app://other/',
  'app://lab.example/',
  'app://lab:1/',
  'app://user@lab/',
  'app://:secret@lab/',
  'app:lab',
  'app:///lab',
  'https://lab/',
  'file:///lab',
  'data:text/html,app://lab/',
  'about:blank',
  'null',
  '',
])('%s is not', (address) => {
  expect(isLabUrl(address)).toBe(false);
});
