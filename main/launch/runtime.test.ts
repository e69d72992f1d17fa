import { expect, test } from 'vitest';
import { isFallbackRuntime } from './runtime.ts';

test.each([
  ['33.2.1', true],
  ['45.4.1', false],
  ['3.3.0', false],
  ['133.0.0', false],
])('Electron %s', (version, fallback) => {
  expect(isFallbackRuntime(version)).toBe(fallback);
});
