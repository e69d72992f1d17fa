import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { fileArgument } from './argv.ts';

const APP = path.resolve('/lab');
const CWD = path.resolve('/home/ada');
const at = (file: string) => path.join(CWD, file);

test.each<[what: string, argv: string[], file: string | null]>([
  ['nothing', ['electron'], null],
  ['nothing at all', [], null],
  ['the current folder as app', ['electron', '.'], null],
  ['the app', ['electron', APP], null],
  ['the app, relative', ['electron', path.relative(CWD, APP)], null],
  ['the app and a file', ['electron', APP, 'a.yaml'], at('a.yaml')],
  ['a dot and a file', ['electron', '.', 'a.yaml'], at('a.yaml')],
  ['a file of the packaged app', ['faultline', 'a.yaml'], at('a.yaml')],
  ['the first of two', ['faultline', 'a.yaml', 'b.yaml'], at('a.yaml')],
  ['switches', ['electron', '--inspect=0', '--disable-gpu', APP, '--flag', 'a.yaml'], at('a.yaml')],
  ['a switch with a value', ['electron', '-r', '/loader.js', '--require', 'x.js', APP, 'a.yaml'], at('a.yaml')],
  ['a process number of macOS', ['faultline', '-psn_0_12345'], null],
  ['a name like a switch behind --', ['faultline', '--', '-a.yaml'], at('-a.yaml')],
  ['an absolute path', ['faultline', path.resolve('/x/a.yaml')], path.resolve('/x/a.yaml')],
  ['spaces and other letters', ['faultline', 'my lesson é.yaml'], at('my lesson é.yaml')],
  ['a file address', ['faultline', pathToFileURL(at('a b.yaml')).href], at('a b.yaml')],
  ['a web address', ['faultline', 'https://example.org/a.yaml'], null],
  ['a file address of another computer', ['faultline', 'file://%00/a'], null],
  ['an empty argument', ['faultline', '', 'a.yaml'], at('a.yaml')],
  ['a name with a zero', ['faultline', 'a\0b', 'a.yaml'], at('a.yaml')],
  ['an endless name', ['faultline', 'x'.repeat(5000)], null],
])('%s', (_what, argv, file) => {
  expect(fileArgument(argv, APP, CWD)).toBe(file);
});
