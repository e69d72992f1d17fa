import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readBeside } from './read-beside.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'faultline-beside-'));
  await mkdir(path.join(folder, 'lesson'));
  await writeFile(path.join(folder, 'secret.c'), 'int secret;');
  await writeFile(path.join(folder, 'lesson', 'key.c'), 'int main(void) { return 0; }');
});
afterEach(() => rm(folder, { recursive: true }));

const read = (text: string): ReturnType<typeof readBeside> =>
  readBeside(path.join(folder, 'lesson', 'scenario.yaml'), text);

test('programs that a scenario names are read', async () => {
  expect(await read('programs:\n  key: key.c # the one\n  other: missing.c\n')).toEqual({
    'key.c': 'int main(void) { return 0; }',
  });
});

test('nothing outside of the folder is read, by no name and through no link', async () => {
  await symlink(path.join(folder, 'secret.c'), path.join(folder, 'lesson', 'link.c'));
  expect(await read('programs:\n  a: ../secret.c\n  b: link.c\n  c: /etc/passwd.c\n')).toEqual({});
});

test('a table on one line is read too', async () => {
  expect(Object.keys(await read('programs: { key: key.c }\n'))).toEqual(['key.c']);
});
