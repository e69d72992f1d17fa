import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isScenarioId, listBundled, readBundled } from './bundled.ts';

let folder = '';

function scenario(id: string, text: string): void {
  mkdirSync(path.join(folder, id));
  writeFileSync(path.join(folder, id, 'scenario.yaml'), text);
}

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'faultline-bundled-'));
  scenario('zero-page', 'title: Zero\nsummary: >\n  Two\n  lines\nchapters: [not looked: at');
  scenario('who-copies', 'title: Who copies, and when?\nsummary: Fork.\nfeatures: [A1, B2, 3]\nchapters: []\n');
  scenario('broken', 'title: [');
  scenario('Capital', 'title: not listed');
  mkdirSync(path.join(folder, 'no-file'));
  writeFileSync(path.join(folder, 'readme'), 'not a folder');
});
afterAll(() => rmSync(folder, { recursive: true }));

test('the tour first, then by id; a damaged one is named by its id, so that it can be opened and its error read', async () => {
  expect(await listBundled(folder)).toEqual({
    ok: true,
    value: [
      { id: 'who-copies', title: 'Who copies, and when?', summary: 'Fork.', features: ['A1', 'B2'] },
      { id: 'broken', title: 'broken', summary: '', features: [] },
      { id: 'zero-page', title: 'Zero', summary: 'Two lines', features: [] },
    ],
  });
});

test('no folder, no scenarios', async () => {
  expect(await listBundled(path.join(folder, 'nowhere'))).toEqual({ ok: true, value: [] });
});

test('a bundled scenario is named by its id', async () => {
  expect(await readBundled(folder, 'who-copies')).toMatchObject({
    ok: true,
    value: { name: 'who-copies', bundled: true },
  });
});

test.each([
  ['nowhere', 'not-found'],
  ['no-file', 'not-found'],
  ['../bundled', 'refused'],
  ['Capital', 'refused'],
])('%s: %s', async (id, code) => {
  expect(await readBundled(folder, id)).toMatchObject({ ok: false, code });
});

test.each(['', '.', '..', 'a/b', 'a\\b', 'a.b', 'A', 'é', '-a', 'a\n', 'a'.repeat(65)])('%j is no id', (id) => {
  expect(isScenarioId(id)).toBe(false);
});
