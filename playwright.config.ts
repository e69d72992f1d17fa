/**
 * Window tests. `npm run e2e` prepares runtime and screen and then starts Playwright with this; the projects are apart
 * because security tests run with Chromium's real sandbox, as an ordinary user even where root tests.
 */
import path from 'node:path';
import { defineConfig } from '@playwright/test';

const out = process.env['FAULTLINE_OUT'] ?? 'out';
const results = process.env['FAULTLINE_RESULTS'];
/** Virtual screens that were made for the tests; see e2e/support/launch.ts. */
const displays = (process.env['FAULTLINE_DISPLAYS'] ?? '').split(' ').filter(Boolean);

export default defineConfig({
  testDir: 'e2e',
  outputDir: path.join(out, 'test-results'),
  // Windows fight for the keyboard's focus, so one at a time on each screen.
  workers: Math.max(1, displays.length),
  fullyParallel: false,
  retries: 0,
  forbidOnly: Boolean(process.env['CI']),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: results === undefined ? [['list']] : [['list'], ['json', { outputFile: results }]],
  projects: [
    { name: 'window', testMatch: '**/*.spec.ts', testIgnore: '**/security/**' },
    { name: 'security', testMatch: '**/security/**/*.spec.ts' },
  ],
});
