import fc from 'fast-check';
import path from 'node:path';
import { expect, test } from 'vitest';
import { resolveAsset } from './resolve-asset.ts';

test.each([
  ['app://lab/', 'index.html', 'text/html; charset=utf-8'],
  ['app://lab/index.html?a=1#b', 'index.html', 'text/html; charset=utf-8'],
  ['app://lab/assets/index-B_x1.js', 'assets/index-B_x1.js', 'text/javascript; charset=utf-8'],
  ['app://lab/assets/index-B_x1.js.map', 'assets/index-B_x1.js.map', 'application/json; charset=utf-8'],
  ['app://lab/assets/inter.woff2', 'assets/inter.woff2', 'font/woff2'],
  ['app://lab/%61.css', 'a.css', 'text/css; charset=utf-8'],
])('%s', (address, file, mediaType) => {
  expect(resolveAsset('GET', address)).toEqual({ file, mediaType });
});

test.each([
  'app://lab/..%2f..%2fmain/index.js',
  'app://lab/%2e%2e%2fa.js',
  'app://lab/%252e%252e/a.js',
  'app://lab/..%5cmain.js',
  'app://lab/a%00.js',
  'app://lab/C:/a.js',
  'app://lab//etc/a.js',
  'app://lab/assets//a.js',
  'app://lab/assets/',
  'app://lab/.hidden.js',
  'app://lab/a',
  'app://lab/a.exe',
  'app://lab/a.JS',
  'app://lab/a b.js',
  'app://lab/%',
  'app://lab/%ff.js',
  'app://other/index.html',
  'file:///index.html',
  'not an address',
])('%s is nothing', (address) => {
  expect(resolveAsset('GET', address)).toBeNull();
});

test('dot segments are resolved before: what is left is a plain name inside the folder', () => {
  expect(resolveAsset('GET', 'app://lab/../../package.json')?.file).toBe('package.json');
  expect(resolveAsset('GET', 'app://lab/assets/%2e%2e/%2e%2e/package.json')?.file).toBe('package.json');
});

test.each(['POST', 'PUT', 'OPTIONS', 'get', ''])('%s is not answered', (method) => {
  expect(resolveAsset(method, 'app://lab/')).toBeNull();
});

test('no address leads out of the folder', () => {
  const root = path.resolve('/served');
  const piece = fc.constantFrom(
    '..',
    '.',
    '/',
    '\\',
    '%2e',
    '%2f',
    '%5c',
    '%25',
    '%00',
    'a',
    '.js',
    'C:',
    '~',
    '%c0%af',
    ' ',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const found = resolveAsset('GET', `app://lab/${pieces.join('')}`);
      if (found) expect(path.resolve(root, found.file).startsWith(root + path.sep)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
