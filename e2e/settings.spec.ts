import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { serious } from './support/axe';
import { forward, goTo, placeOf, untilStep } from './support/drive';
import { expect, test } from './support/lab';

test.use({ windowSize: { width: 1280, height: 720 } });

test('high contrast, stillness, size and speed are chosen, work at once and are remembered', async ({
  launch,
  userData,
}) => {
  const first = await launch();
  const { page } = first;
  const before = await goTo(page, 4);
  await page.keyboard.press('Control+,');
  const sheet = page.getByTestId('settings-sheet');
  await sheet.getByRole('group', { name: 'Contrast' }).getByRole('radio', { name: 'High' }).check();
  await sheet.getByRole('group', { name: 'Movement' }).getByRole('radio', { name: 'None' }).check();
  await sheet.getByLabel('Speed of play').selectOption('2');
  const looks = () => page.evaluate(() => ({ ...document.documentElement.dataset }));
  expect(await looks()).toMatchObject({ contrast: 'more', motion: 'none' });
  const width = await page.evaluate(() => innerWidth);
  await sheet.getByLabel('Size of everything').selectOption('1.5');
  await page.waitForFunction((was) => innerWidth < was * 0.75, width);
  await page.keyboard.press('Escape');
  expect(await placeOf(page)).toEqual(before);
  const read = () => readFile(path.join(userData, 'settings.json'), 'utf8').catch(() => '');
  await expect.poll(read).toContain('"zoom":1.5');
  await first.app.close();
  // Somebody edits the file and spoils one value: the others stay.
  const stored = JSON.parse(await read()) as Record<string, unknown>;
  await writeFile(path.join(userData, 'settings.json'), JSON.stringify({ ...stored, zoom: 'large' }));
  const second = await launch();
  expect(await second.page.evaluate(() => ({ ...document.documentElement.dataset }))).toMatchObject({
    contrast: 'more',
    motion: 'none',
  });
  await expect(second.page.getByRole('button', { name: 'Play' })).toContainText('2×');
});

for (const theme of ['dark', 'light'] as const) {
  test.describe(`${theme}, high contrast`, () => {
    test.use({ theme });
    test('nothing serious stands in the way, and the picture is drawn in its colours', async ({ page, shot }) => {
      await goTo(page, 4);
      await page.keyboard.press('Control+,');
      await page.getByRole('group', { name: 'Contrast' }).getByRole('radio', { name: 'High' }).check();
      await shot(`settings-contrast-${theme}`);
      expect(await serious(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await expect(page.getByTestId('settings-sheet')).toBeHidden();
      await shot(`contrast-${theme}`);
      expect(await serious(page)).toEqual([]);
      await page.keyboard.press('?');
      await expect(page.getByTestId('keys-sheet')).toBeVisible();
      expect(await serious(page)).toEqual([]);
    });
  });
}

test('a lesson starts on another machine and says so', async ({ page, shot }) => {
  await goTo(page, 2);
  await page.keyboard.press('Control+Shift+m');
  const sheet = page.getByTestId('machine-sheet');
  await sheet.locator('[data-field="ram"]').fill('128');
  await expect(sheet.getByRole('status')).toHaveText('Changed: ram 64 → 128');
  await shot('machine');
  expect(await serious(page)).toEqual([]);
  await sheet.getByRole('button', { name: 'Start this lesson on it' }).click();
  await untilStep(page, 0);
  await expect(page.locator('h1')).toHaveText('Who copies, and when? (machine changed)');
  await expect(page.getByTestId('sentence')).toContainText('Machine changed: ram 64 → 128.');
  expect((await forward(page)).failed).toBe(0);
  const texts = () =>
    page.evaluate(() =>
      (window.faultlineView.drawList()?.items ?? []).flatMap((item) => (item.type === 'text' ? [item.text] : [])),
    );
  await expect.poll(texts).toContain('128 frames, 512 KiB');
});

test('what no machine can be is refused in the dialog, and the lab stays as it was', async ({ page }) => {
  const before = await goTo(page, 2);
  await page.keyboard.press('Control+Shift+m');
  const sheet = page.getByTestId('machine-sheet');
  await sheet.locator('[data-field="ram"]').fill('many');
  await sheet.getByRole('button', { name: 'Free experiment on it' }).click();
  await expect(sheet.getByRole('alert')).toContainText('size');
  expect(await placeOf(page)).toEqual(before);
});

test('a preset gives a free experiment that takes commands', async ({ page }) => {
  await untilStep(page, 0);
  await page.keyboard.press('Control+Shift+m');
  await page.getByRole('button', { name: 'Short of memory, with swap' }).click();
  await page.getByRole('button', { name: 'Free experiment on it' }).click();
  await expect(page.locator('h1')).toHaveText('Free experiment');
  await untilStep(page, 1);
  await page.keyboard.press('/');
  await page.keyboard.type('p0 mmap A 4 rw');
  await page.keyboard.press('Enter');
  expect((await untilStep(page, 2)).failed).toBe(0);
});

test('+ and − change the speed of play', async ({ page }) => {
  await untilStep(page, 0);
  await page.keyboard.press('+');
  await expect(page.getByRole('button', { name: 'Play' })).toContainText('1.5×');
  await page.keyboard.press('-');
  await page.keyboard.press('-');
  await expect(page.getByRole('button', { name: 'Play' })).toContainText('0.75×');
});
