/**
 * The fixture of every window test: `import { test, expect } from './support/lab'`. A test that takes `page` gets the
 * real app in its own process, with its own empty user data, ready for input. It fails when the window logs an error,
 * also when all its own checks held.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test as base, type ElectronApplication, type Page } from '@playwright/test';
import { launchApp, type LaunchOptions, outFolder, type Theme, untilReady, type WindowSize } from './launch.ts';

export { expect } from '@playwright/test';
export { outFolder, resizeWindow, root, sandboxed, untilReady } from './launch.ts';

export interface LabOptions {
  /** Behind the app's folder on the command line. */
  args: readonly string[];
  theme: Theme;
  env: Readonly<Record<string, string>>;
  /** Size of the window's content; null leaves the app's own. */
  windowSize: WindowSize | null;
  /** Console errors that a test provokes on purpose, such as refused requests. */
  allowedErrors: readonly RegExp[];
}

export interface RunningLab {
  readonly app: ElectronApplication;
  readonly page: Page;
}

export interface LabFixtures {
  userData: string;
  /** Errors that any window of this test logged. */
  errors: string[];
  /** Starts the app again, with this test's user data: for tests about restarts. Closed at the end of the test. */
  launch: (change?: Partial<LaunchOptions>) => Promise<RunningLab>;
  lab: RunningLab;
  app: ElectronApplication;
  page: Page;
  /** Keeps a picture of the window as out/screenshots/NAME.png. */
  shot: (name: string) => Promise<void>;
}

/** Console messages that are Electron's own advice to developers and no fault of the page. */
const HARMLESS = [/Electron Security Warning/];

export const test = base.extend<LabOptions & LabFixtures>({
  args: [[], { option: true }],
  theme: ['system', { option: true }],
  env: [{}, { option: true }],
  windowSize: [null, { option: true }],
  allowedErrors: [[], { option: true }],

  userData: async ({}, use) => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'faultline-e2e-'));
    await use(folder);
    // Chromium's last helpers may still write while they end.
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  },

  errors: async ({ allowedErrors }, use) => {
    const errors: string[] = [];
    await use(errors);
    const unexpected = unexpectedOf(errors, allowedErrors);
    if (unexpected.length > 0) throw new Error(`the window logged errors:\n${unexpected.join('\n')}`);
  },

  launch: async ({ userData, args, theme, env, errors, allowedErrors, windowSize }, use, testInfo) => {
    const running: RunningLab[] = [];
    await use(async (change = {}) => {
      const app = await launchApp({ userData, args, theme, windowSize, env, ...change });
      app.on('window', (page) => collectErrors(page, errors));
      const page = await app.firstWindow();
      collectErrors(page, errors);
      running.push({ app, page });
      await untilReady(page);
      return { app, page };
    });
    const failed = testInfo.status !== testInfo.expectedStatus || unexpectedOf(errors, allowedErrors).length > 0;
    for (const { app, page } of running) {
      if (failed) await keepFailure(page, testInfo);
      await app.close().catch(() => undefined);
    }
  },

  lab: async ({ launch }, use) => use(await launch()),
  app: async ({ lab }, use) => use(lab.app),
  page: async ({ lab }, use) => use(lab.page),

  shot: async ({ page }, use) => {
    await use(async (name) => {
      await page.screenshot({ path: await screenshotPath(name), animations: 'disabled' });
    });
  },
});

/** Those of the logged errors that nobody announced. */
function unexpectedOf(errors: readonly string[], allowedErrors: readonly RegExp[]): string[] {
  const allowed = [...HARMLESS, ...allowedErrors];
  return errors.filter((text) => !allowed.some((pattern) => pattern.test(text)));
}

const watched = new WeakSet<Page>();

/** Collects what a page logs as an error, once per page: it may be seen as first window and by the event. */
function collectErrors(page: Page, errors: string[]): void {
  if (watched.has(page)) return;
  watched.add(page);
  page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
  page.on('crash', () => errors.push('the window crashed'));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
}

async function screenshotPath(name: string): Promise<string> {
  const folder = path.join(outFolder, 'screenshots');
  await mkdir(folder, { recursive: true });
  return path.join(folder, `${name}.png`);
}

/** Playwright's own failure screenshots do not cover Electron. */
async function keepFailure(page: Page, testInfo: ReturnType<typeof test.info>): Promise<void> {
  const name = testInfo.titlePath.join(' ').replace(/[^a-z0-9]+/gi, '-');
  const file = await screenshotPath(`failed-${name.slice(0, 120)}`);
  // A crashed or closed window has no picture, and the test's own error says more.
  const taken = await page.screenshot({ path: file, timeout: 5000 }).then(
    () => true,
    () => false,
  );
  if (taken) await testInfo.attach('window', { path: file, contentType: 'image/png' });
}
