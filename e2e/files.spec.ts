import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { forward, goTo, placeOf, question, untilStep } from './support/drive';
import { expect, root, test } from './support/lab';

const fixture = (name: string): string => path.join(root, 'e2e', 'fixtures', name);
const BROKEN = fixture('broken.yaml');
const GOOD = fixture('good.yaml');

/** Drops a file onto the window as the system does, with its bytes. */
async function drop(page: Page, name: string, text: string): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    ([fileName, content]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([content!], fileName!, { type: 'application/yaml' }));
      return transfer;
    },
    [name, text],
  );
  await page.dispatchEvent('body', 'dragover', { dataTransfer });
  await page.dispatchEvent('body', 'drop', { dataTransfer });
}

/** What the system's dialog will answer; the rest of the way is the app's own. */
function answerDialog(app: ElectronApplication, file: string | null): Promise<void> {
  return app.evaluate(({ dialog }, chosen) => {
    const answer = { canceled: chosen === null, filePaths: chosen === null ? [] : [chosen] };
    Reflect.set(globalThis, 'asked', 0);
    dialog.showOpenDialog = (() => {
      Reflect.set(globalThis, 'asked', Number(Reflect.get(globalThis, 'asked')) + 1);
      return Promise.resolve(answer);
    }) as typeof dialog.showOpenDialog;
  }, file);
}

/** Waits until the dialog was opened since its answer was set. */
async function untilAsked(app: ElectronApplication): Promise<void> {
  await expect.poll(() => app.evaluate(() => Reflect.get(globalThis, 'asked') as number)).toBe(1);
}

const refused = (page: Page) => page.getByTestId('refused');

/** Both slips of the fixture, each with its place and what to do. */
async function expectSlips(page: Page): Promise<void> {
  const problems = page.getByTestId('problem');
  await expect(problems).toHaveCount(2);
  const slips = [
    ['10:16', 'tuch_w', 'touch_w'],
    ['16:13', 'copise', 'copies'],
  ];
  for (const [i, parts] of slips.entries()) {
    for (const part of parts) await expect(problems.nth(i)).toContainText(part);
  }
}

test.describe('a broken file on the command line', () => {
  test.use({ args: [[BROKEN], { scope: 'test' }] });

  test('shows every slip with line, column and remedy, over a lab that can be used', async ({ page }) => {
    await expect(refused(page)).toContainText('broken.yaml');
    await expectSlips(page);
    await page.keyboard.press('Escape');
    await expect(refused(page)).toBeHidden();
    expect((await forward(page)).failed).toBe(0);
    await expect(page).toHaveTitle(/Who copies/);
  });
});

test.describe('a good file on the command line', () => {
  test.use({ args: [[GOOD], { scope: 'test' }] });

  test('is opened and can be played to its end', async ({ page }) => {
    await expect(page).toHaveTitle('A lesson of my own · Faultline');
    expect((await placeOf(page)).steps).toBe(3);
    await expect(page.getByTestId('sentence')).toContainText('Three steps that I wrote myself.');
    await goTo(page, 2);
    await page.keyboard.press('ArrowRight');
    await question(page).getByRole('textbox').fill('1');
    await page.keyboard.press('Enter');
    expect((await untilStep(page, 3)).failed).toBe(0);
  });
});

test.describe('a file that is not there', () => {
  test.use({ args: [['no-such-lesson.yaml'], { scope: 'test' }] });

  test('is said in a sentence, and the lab can be used', async ({ page }) => {
    await expect(page.getByTestId('notice')).toContainText('no-such-lesson.yaml');
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('notice')).toBeHidden();
    expect((await forward(page)).step).toBe(1);
  });
});

test('a broken file that is dropped leaves the lab where it was', async ({ page }) => {
  const before = await goTo(page, 2);
  await drop(page, 'my lesson.yaml', await readFile(BROKEN, 'utf8'));
  await expect(refused(page)).toContainText('my lesson.yaml');
  await expectSlips(page);
  expect(await placeOf(page)).toEqual(before);
  await refused(page).getByRole('button', { name: /Close/ }).click();
  await page.keyboard.press('ArrowLeft');
  await untilStep(page, 1);
  expect((await forward(page)).hash).toBe(before.hash);
});

test('a good file that is dropped is opened, also over a refused one', async ({ page }) => {
  await drop(page, 'broken.yaml', await readFile(BROKEN, 'utf8'));
  await expect(refused(page)).toBeVisible();
  await drop(page, 'good.yaml', await readFile(GOOD, 'utf8'));
  await expect(page).toHaveTitle('A lesson of my own · Faultline');
  await expect(refused(page)).toBeHidden();
  await page.keyboard.press('ArrowRight');
  await untilStep(page, 1);
});

test('what is no scenario at all is refused too: a picture, nothing, a huge text', async ({ page }) => {
  const { hash } = await untilStep(page, 0);
  for (const text of ['\u0000\u0001PNG', '', 'x: '.repeat(100_000), '- 1\n- 2\n']) {
    await drop(page, 'thing', text);
    await expect(refused(page)).toBeVisible();
    await expect(page.getByTestId('problem').first()).toContainText(/\d+:\d+/);
    await page.keyboard.press('Escape');
    await expect(refused(page)).toBeHidden();
  }
  await drop(page, 'huge.yaml', 'x'.repeat(1_048_577));
  await expect(page.getByTestId('notice')).toContainText('too large');
  expect((await placeOf(page)).hash).toBe(hash);
});

test('the open dialog opens what was chosen, and nothing when it is closed', async ({ app, page }) => {
  const before = await untilStep(page, 0);
  await answerDialog(app, null);
  await page.getByRole('button', { name: 'Open a scenario' }).click();
  await untilAsked(app);
  await expect(page.getByTestId('notice')).toBeHidden();
  expect(await placeOf(page)).toEqual(before);
  await answerDialog(app, BROKEN);
  await page.keyboard.press('Control+o');
  await expect(refused(page)).toContainText(BROKEN);
  await expectSlips(page);
  expect(await placeOf(page)).toEqual(before);
  await answerDialog(app, GOOD);
  await page.keyboard.press('Control+o');
  await expect(page).toHaveTitle('A lesson of my own · Faultline');
  await expect(page.getByTestId('notice')).toBeHidden();
});

test('a second start hands its file to the window that is open', async ({ page, userData }) => {
  await goTo(page, 2);
  const switches = JSON.parse(process.env['FAULTLINE_SWITCHES'] ?? '[]') as string[];
  const second = spawn(process.env['FAULTLINE_ELECTRON'] as string, [...switches, root, GOOD], {
    env: { ...process.env, FAULTLINE_USER_DATA: userData },
  });
  expect(await once(second, 'exit')).toEqual([0, null]);
  await expect(page).toHaveTitle('A lesson of my own · Faultline');
  await untilStep(page, 0);
});

test('a claim that does not hold is counted, and told with what was measured', async ({ page }) => {
  await drop(page, 'failing.yaml', await readFile(fixture('failing.yaml'), 'utf8'));
  await expect(page).toHaveTitle(/A claim that does not hold/);
  const place = await forward(page);
  expect(place.failed).toBe(1);
  await expect(page.getByTestId('checks')).toContainText('1 of 2 failed');
  const failed = page.getByTestId('expectations').locator('[data-ok="false"]');
  await expect(failed).toBeVisible();
  await expect(failed).toContainText('p0.rss == 4');
  await expect(failed).toContainText('measured: 2');
  await page.keyboard.press('ArrowLeft');
  expect((await untilStep(page, 0)).failed).toBe(0);
});
