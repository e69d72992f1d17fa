import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import { forward, goTo, placeOf, untilStep, type Place } from './support/drive';
import { expect, test, untilReady } from './support/lab';

const BACK_MS = 3000;

/** What the page says about itself, asked through main: Playwright lets go of a page that crashed. */
function placeThroughMain(app: ElectronApplication): Promise<Place | null> {
  return app.evaluate(async ({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    const read = `(({ ready, step, steps, hash, expectFailed }) => ready !== 'true' ? null :
      ({ step: Number(step), steps: Number(steps), hash, failed: Number(expectFailed) }))(document.documentElement.dataset)`;
    // A page that is about to be replaced never answers.
    const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), 200));
    return (await Promise.race([contents?.executeJavaScript(read).catch(() => null), late])) as Place | null;
  });
}

/** Waits until main has been told of a step: what comes back can only be what was kept. */
async function untilKept(userData: string, step: number): Promise<void> {
  const read = (): Promise<string> => readFile(path.join(userData, 'place.json'), 'utf8').catch(() => '');
  await expect.poll(read).toContain(`"step":${step},`);
}

test.describe('a page that dies', () => {
  test.use({ allowedErrors: [[/the window crashed/], { scope: 'test' }] });

  test('comes back to the same step and the same state within three seconds', async ({ app, page, userData }) => {
    await goTo(page, 4);
    await page.getByTestId('console-input').click();
    await page.keyboard.type('p1 touch_w A 7 1 9');
    await page.keyboard.press('Enter');
    const left = await untilStep(page, 5);
    await untilKept(userData, 5);
    const start = performance.now();
    await app.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer();
    });
    await expect.poll(() => placeThroughMain(app), { intervals: [50], timeout: BACK_MS }).toEqual(left);
    expect(performance.now() - start).toBeLessThan(BACK_MS);
  });
});

test('a reload comes back to the same step, the same state and what was typed', async ({ page }) => {
  await goTo(page, 2);
  await page.getByTestId('console-input').click();
  await page.keyboard.type('p0 brk +2');
  await page.keyboard.press('Enter');
  const left = await untilStep(page, 3);
  await page.reload();
  await untilReady(page);
  expect(await untilStep(page, 3)).toEqual(left);
  await page.getByRole('button', { name: 'back to the script' }).click();
  expect((await untilStep(page, 2)).steps).toBe(left.steps - 1);
});

/** Minutes of work for the engine. */
const ENDLESS = `format: faultline/1
title: Endless
machine: { ram: 262144, overcommit: 1 }
chapters:
  - title: One
    steps:
      - do:
          - p0 mmap A 250000 rw
${'          - p0 touch_w A 0 240000 1\n'.repeat(2000)}`;

test('work that takes too long is stopped by a click, and the lab is where it was', async ({ page }) => {
  const before = await goTo(page, 3);
  const dataTransfer = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], 'endless.yaml'));
    return transfer;
  }, ENDLESS);
  await page.dispatchEvent('body', 'drop', { dataTransfer });
  await expect(page.getByTestId('working')).toBeVisible();
  // The window itself is never busy: it still follows the mouse and changes its looks.
  await page.keyboard.press('?');
  await expect(page.getByTestId('keys-sheet')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByTestId('notice')).toContainText('Stopped');
  await expect(page.getByTestId('working')).toBeHidden();
  expect(await untilStep(page, 3)).toEqual(before);
  await page.keyboard.press('ArrowLeft');
  await untilStep(page, 2);
  expect((await forward(page)).hash).toBe(before.hash);
});

test('an ordinary start begins with the tour, wherever the last one ended', async ({ launch }) => {
  const first = await launch();
  await goTo(first.page, 3);
  await first.app.close();
  const { page } = await launch();
  expect((await untilStep(page, 0)).step).toBe(0);
});

test('the theme that was chosen is there again at the next start', async ({ launch }) => {
  const first = await launch({ theme: 'dark' });
  const theme = () => first.page.evaluate(() => document.documentElement.dataset['theme']);
  expect(await theme()).toBe('dark');
  await first.page.keyboard.press('t');
  await expect.poll(theme).toBe('light');
  await first.app.close();
  const { page } = await launch({ theme: 'system' });
  expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('light');
  await expect(page.getByRole('button', { name: 'Dark theme' })).toBeVisible();
});

test('a theme is a matter of looks: step and state stay', async ({ page }) => {
  const before = await goTo(page, 4);
  await page.keyboard.press('t');
  await page.keyboard.press('t');
  expect(await placeOf(page)).toEqual(before);
});

test('damaged files in the user data folder do not keep the lab from starting', async ({ launch, userData }) => {
  await writeFile(path.join(userData, 'settings.json'), '{"theme":"pi');
  await writeFile(path.join(userData, 'place.json'), '{"scenario":');
  await writeFile(path.join(userData, 'window.json'), 'null');
  const { page } = await launch();
  await untilStep(page, 0);
  expect((await forward(page)).failed).toBe(0);
  await expect(page.getByTestId('notice')).toBeHidden();
});

test('everything grows with the zoom of the menu, and nothing is lost', async ({ app, page }) => {
  const before = await goTo(page, 2);
  const width = await page.evaluate(() => innerWidth);
  await app.evaluate(({ Menu }) => {
    const view = Menu.getApplicationMenu()?.items.find((item) => item.label.replace('&', '') === 'View');
    const larger = view?.submenu?.items.find((item) => item.label.replace('&', '') === 'Zoom In');
    for (let i = 0; i < 5; i++) larger?.click();
  });
  await page.waitForFunction((was) => innerWidth < was * 0.75, width);
  await untilStep(page, 2);
  expect(await placeOf(page)).toEqual(before);
});
