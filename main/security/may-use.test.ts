import { expect, test } from 'vitest';
import { mayUse } from './may-use.ts';

test.each([
  ['clipboard-sanitized-write', 'app://lab/', true],
  ['fullscreen', 'app://lab/', true],
  ['clipboard-sanitized-write', 'https://example.org/', false],
  ['fullscreen', '', false],
  ['clipboard-read', 'app://lab/', false],
  ['geolocation', 'app://lab/', false],
  ['notifications', 'app://lab/', false],
  ['media', 'app://lab/', false],
  ['openExternal', 'app://lab/', false],
  ['unknown', 'app://lab/', false],
])('%s for %j: %s', (permission, address, allowed) => {
  expect(mayUse(permission, address)).toBe(allowed);
});
