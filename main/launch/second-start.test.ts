import { expect, test } from 'vitest';
import { secondStart } from './second-start.ts';

test.each<[sent: unknown, file: string | null]>([
  [{ file: '/a.yaml' }, '/a.yaml'],
  [{ file: null }, null],
  [{ file: 1 }, null],
  [{ file: 'x'.repeat(5000) }, null],
  [{}, null],
  [null, null],
  [undefined, null],
  ['/a.yaml', null],
])('%j', (sent, file) => {
  expect(secondStart(sent)).toBe(file);
});
