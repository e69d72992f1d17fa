import { expect, test } from 'vitest';
import { RecentFiles } from './recent.ts';

function recent(stored: string[] | null) {
  const written: (readonly string[])[] = [];
  const shown: (readonly string[])[] = [];
  const files = new RecentFiles({ read: () => stored, write: (value) => void written.push(value) }, (list) =>
    shown.push(list),
  );
  return { files, written, shown };
}

test('newest first, each once, ten at most', () => {
  const { files } = recent(['b', 'a']);
  files.add('a');
  expect(files.list()).toEqual(['a', 'b']);
  for (let i = 0; i < 12; i += 1) files.add(`f${i}`);
  expect(files.list()).toEqual(['f11', 'f10', 'f9', 'f8', 'f7', 'f6', 'f5', 'f4', 'f3', 'f2']);
});

test('what is gone is dropped, and only then is anything written', () => {
  const { files, written, shown } = recent(['b', 'a']);
  files.drop('c');
  expect(written).toEqual([]);
  files.drop('b');
  expect([written, shown]).toEqual([[['a']], [['a']]]);
});

test('cleared', () => {
  const { files } = recent(['a']);
  files.clear();
  expect(files.list()).toEqual([]);
});
