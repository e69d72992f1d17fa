import { expect, test } from 'vitest';
import { CONTENT_SECURITY_POLICY } from './content-policy.ts';

test('nothing is allowed that turns text into code or lets another origin in', () => {
  expect(CONTENT_SECURITY_POLICY).not.toMatch(/unsafe-eval|wasm-unsafe-eval|https?:|wss?:|blob:|\*/);
  expect(CONTENT_SECURITY_POLICY.match(/'unsafe-inline'/g)).toHaveLength(1); // style attributes
});

test('no directive is given twice: the second would be ignored', () => {
  const names = CONTENT_SECURITY_POLICY.split('; ').map((rule) => rule.split(' ')[0]);
  expect(new Set(names).size).toBe(names.length);
});
