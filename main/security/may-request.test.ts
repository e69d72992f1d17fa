import { expect, test } from 'vitest';
import { mayRequest } from './may-request.ts';

test.each([
  ['app://lab/index.html', false, true],
  ['app://other/index.html', true, false],
  ['https://example.org/', true, false],
  ['http://127.0.0.1/', true, false],
  ['ws://127.0.0.1/', true, false],
  ['file:///etc/passwd', true, false],
  ['chrome://gpu/', true, false],
  ['devtools://devtools/bundled/x.js', true, true],
  ['devtools://devtools/bundled/x.js', false, false],
  ['devtools://other/', true, false],
])('%s (development %s): %s', (address, development, allowed) => {
  expect(mayRequest(address, development)).toBe(allowed);
});
