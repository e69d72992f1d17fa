import { serious } from './support/axe';
import { forward, untilStep } from './support/drive';
import { expect, test } from './support/lab';

test('every lesson is on the sheet, and a click opens it', async ({ page, shot }) => {
  await untilStep(page, 0);
  await page.keyboard.press('Control+Shift+O');
  const sheet = page.getByTestId('lessons-sheet');
  await expect(sheet).toBeVisible();
  const lessons = sheet.getByRole('listitem');
  await expect.poll(() => lessons.count()).toBeGreaterThanOrEqual(20);
  expect(await serious(page)).toEqual([]);
  await shot('lessons');
  await sheet.getByRole('button', { name: /^Who has to die/ }).click();
  await expect(page.locator('h1')).toHaveText('Who has to die?');
  await expect(sheet).toHaveCount(0);
  await forward(page);
});

test('the sheet closes with Esc and leaves the lesson where it was', async ({ page }) => {
  await untilStep(page, 0);
  await forward(page);
  await page.getByRole('button', { name: 'Lessons', exact: true }).click();
  await expect(page.getByTestId('lessons-sheet')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('lessons-sheet')).toHaveCount(0);
  await untilStep(page, 1);
});
