import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SIMPLIFICATIONS, simplificationsPage } from './simplifications.ts';

test('SIMPLIFICATIONS.md says what the app shows', () => {
  expect(readFileSync(new URL('../../SIMPLIFICATIONS.md', import.meta.url), 'utf8')).toBe(simplificationsPage());
});

test('each simplification has a subject of its own, and says why', () => {
  expect(new Set(SIMPLIFICATIONS.map(({ subject }) => subject)).size).toBe(SIMPLIFICATIONS.length);
  for (const { real, lab, why } of SIMPLIFICATIONS) {
    for (const text of [real, lab, why]) expect(text).toMatch(/^\S.+\.$/);
  }
});
