import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { JsonFile } from './json-file.ts';

const schema = v.strictObject({ n: v.number() });
let folder = '';
let file = '';
const json = (delayMs = 0) => new JsonFile(file, schema, delayMs);

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'faultline-json-'));
  file = path.join(folder, 'x.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('what is written is read', async () => {
  const kept = json();
  kept.write({ n: 1 });
  await kept.settle();
  expect(json().read()).toEqual({ n: 1 });
  expect(readdirSync(folder)).toEqual(['x.json']);
});

test('nothing there', () => {
  expect(json().read()).toBeNull();
  expect(readdirSync(folder)).toEqual([]);
});

test.each(['', '{', '[]', 'null', '{"n":"1"}', '{"n":1,"m":2}', '{"__proto__":{}}', '\0\0\0'])(
  '%j is moved aside',
  (text) => {
    writeFileSync(file, text);
    expect(json().read()).toBeNull();
    const [aside, ...others] = readdirSync(folder);
    expect(others).toEqual([]);
    expect(aside).toMatch(/^x\.corrupt-\d{8}T\d{9}Z\.json$/);
    expect(readFileSync(path.join(folder, aside as string), 'utf8')).toBe(text);
  },
);

test('of a burst the last value is written, once', async () => {
  const kept = json(20);
  for (let n = 0; n < 100; n += 1) kept.write({ n });
  expect(existsSync(file)).toBe(false);
  await vi.waitFor(() => expect(json().read()).toEqual({ n: 99 }));
});

test('a value that comes during a write is written after it', async () => {
  const kept = json();
  kept.write({ n: 1 });
  const first = kept.settle();
  kept.write({ n: 2 });
  await first;
  expect(json().read()).toEqual({ n: 2 });
  kept.write({ n: 3 });
  await vi.waitFor(() => expect(json().read()).toEqual({ n: 3 }));
});

test('settling without anything to write does not stop later writes', async () => {
  const kept = json();
  await kept.settle();
  kept.write({ n: 4 });
  await vi.waitFor(() => expect(json().read()).toEqual({ n: 4 }));
});

test('removed while a write waits, it stays removed', async () => {
  const kept = json(20);
  kept.write({ n: 1 });
  await kept.settle();
  kept.write({ n: 2 });
  await kept.remove();
  await new Promise((resolve) => setTimeout(resolve, 40));
  expect(readdirSync(folder)).toEqual([]);
});

test('a folder that cannot be written to loses nothing but the file', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  const kept = new JsonFile(path.join(folder, 'missing', 'x.json'), schema, 0);
  kept.write({ n: 1 });
  await kept.settle();
  expect(said).toHaveBeenCalledWith(expect.stringContaining('cannot write'));
  said.mockRestore();
});

test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')('a file of somebody else is left alone', () => {
  writeFileSync(file, '{');
  chmodSync(file, 0);
  expect(json().read()).toBeNull();
  expect(readdirSync(folder)).toEqual(['x.json']);
});
