import { existsSync, mkdtempSync, readFileSync, rmSync, mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { publish } from './publish.mjs';
import { digestOf } from './stamp.mjs';

let folder;
beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'faultline-build-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name, text) => {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
};

it('a stamp changes with every source that changes, comes or goes, and not with a test', () => {
  write('src/a.ts', 'one');
  const first = digestOf([folder]);
  expect(digestOf([folder])).toBe(first);
  write('src/a.test.ts', 'test');
  expect(digestOf([folder])).toBe(first);
  write('src/b.ts', 'two');
  const second = digestOf([folder]);
  expect(second).not.toBe(first);
  rmSync(path.join(folder, 'src/b.ts'));
  expect(digestOf([folder])).toBe(first);
  write('src/a.ts', 'longer');
  expect(digestOf([folder])).not.toBe(first);
});

it('a stamp of what is not there is a stamp', () => {
  expect(digestOf([path.join(folder, 'nothing')])).toMatch(/^[0-9a-f]{64}$/);
});

it('a new build takes the place of the old one, and files that it no longer has go', async () => {
  write('old/index.html', 'old');
  write('old/assets/a-1.js', 'old');
  write('new/index.html', 'new');
  write('new/assets/a-2.js', 'new');
  await publish(path.join(folder, 'new'), path.join(folder, 'old'), 'index.html');
  expect(readFileSync(path.join(folder, 'old/index.html'), 'utf8')).toBe('new');
  expect(existsSync(path.join(folder, 'old/assets/a-2.js'))).toBe(true);
  expect(existsSync(path.join(folder, 'old/assets/a-1.js'))).toBe(false);
});
