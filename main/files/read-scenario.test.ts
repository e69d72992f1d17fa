import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SCENARIO_BYTES } from '../limits.ts';
import { readScenario } from './read-scenario.ts';

let folder = '';
const at = (...parts: string[]) => path.join(folder, ...parts);

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'faultline-read-'));
  mkdirSync(at('good'));
  writeFileSync(at('good', 'scenario.yaml'), 'title: Good\n');
  mkdirSync(at('empty'));
  mkdirSync(at('nested', 'scenario.yaml'), { recursive: true });
  writeFileSync(at('picture.yaml'), new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0]));
  writeFileSync(at('limit.yaml'), 'x'.repeat(SCENARIO_BYTES));
  writeFileSync(at('over.yaml'), 'x'.repeat(SCENARIO_BYTES + 1));
  writeFileSync(at('secret.yaml'), 'x');
  chmodSync(at('secret.yaml'), 0);
});
afterAll(() => rmSync(folder, { recursive: true }));

test('a file', async () => {
  const name = at('good', 'scenario.yaml');
  expect(await readScenario(name)).toEqual({ ok: true, value: { name, text: 'title: Good\n', bundled: false } });
});

test('a folder is its scenario.yaml, and messages name that file', async () => {
  expect(await readScenario(at('good'))).toMatchObject({ ok: true, value: { name: at('good', 'scenario.yaml') } });
});

test('exactly the limit is read', async () => {
  expect(await readScenario(at('limit.yaml'))).toMatchObject({ ok: true });
});

test.each([
  ['missing.yaml', 'not-found', /no file .*missing\.yaml\. Check the name/],
  ['good/scenario.yaml/x', 'not-found', /no file/],
  ['empty', 'unreadable', /empty holds no scenario\.yaml\. Choose a folder that does/],
  ['nested', 'unreadable', /holds no scenario\.yaml/],
  ['picture.yaml', 'unreadable', /picture\.yaml is not text/],
  ['over.yaml', 'too-large', /larger than 1 MiB/],
])('%s: %s', async (name, code, message) => {
  expect(await readScenario(at(name))).toEqual({ ok: false, code, message: expect.stringMatching(message) });
});

test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')('a file that may not be read', async () => {
  expect(await readScenario(at('secret.yaml'))).toMatchObject({
    ok: false,
    code: 'unreadable',
    message: expect.stringContaining('permission'),
  });
});

test.skipIf(process.platform === 'win32')('a device or a pipe is refused at once', async () => {
  execFileSync('mkfifo', [at('pipe')]);
  symlinkSync('/dev/zero', at('zeros.yaml'));
  for (const name of ['pipe', 'zeros.yaml'])
    expect(await readScenario(at(name))).toMatchObject({ ok: false, code: 'unreadable' });
});
