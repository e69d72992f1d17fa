import { expect, it } from 'vitest';
import { fallbackFits, placeEntry } from './fallback.mjs';

it.each([
  ['Cypress/Cypress', 'electron'],
  ['Cypress/locales/de.pak', 'locales/de.pak'],
  ['Cypress/chrome_crashpad_handler', 'chrome_crashpad_handler'],
  ['Cypress/browser_v8_context_snapshot.bin', null],
  ['Cypress/v8_context_snapshot.bin', 'v8_context_snapshot.bin'],
  ['Cypress/resources/app/index.js', null],
  ['README', null],
])('places %s at %s', (entry, place) => {
  expect(placeEntry(entry)).toBe(place);
});

it('fits Linux on x64 and nothing else', () => {
  expect(fallbackFits('linux', 'x64')).toBe(true);
  expect(fallbackFits('linux', 'arm64')).toBe(false);
  expect(fallbackFits('darwin', 'x64')).toBe(false);
});
