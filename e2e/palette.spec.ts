import { serious } from './support/axe';
import { goTo, placeOf, untilStep } from './support/drive';
import { expect, test } from './support/lab';

test('an action is found by a few of its letters and done by Enter', async ({ page }) => {
  await untilStep(page, 0);
  await page.keyboard.press('Control+k');
  const input = page.getByTestId('palette-input');
  await expect(input).toBeFocused();
  await page.keyboard.type('nx st');
  const rows = page.getByRole('listbox', { name: 'What can be done' }).getByRole('option');
  await expect(rows.first()).toContainText('Next step');
  await expect(rows.first()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await untilStep(page, 1);
  await expect(page.getByTestId('palette')).toBeHidden();
});

test('arrows choose, Escape closes, the mouse does what Enter does', async ({ page }) => {
  await untilStep(page, 0);
  await page.keyboard.press('Control+k');
  const input = page.getByTestId('palette-input');
  await page.keyboard.type('theme l');
  const chosen = page.locator('[role="option"][aria-selected="true"]');
  await expect(chosen).toHaveCount(1);
  const first = await chosen.textContent();
  await page.keyboard.press('ArrowDown');
  expect(await chosen.textContent()).not.toBe(first);
  expect(await input.getAttribute('aria-activedescendant')).toBe(await chosen.getAttribute('id'));
  await page.keyboard.press('Escape');
  await expect(input).toBeHidden();
  expect((await placeOf(page)).step).toBe(0);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('last step');
  await page.getByRole('option', { name: /Last step/ }).click();
  await untilStep(page, (await placeOf(page)).steps);
});

test('a lesson is opened by its name', async ({ page }) => {
  await untilStep(page, 0);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('use after');
  await expect(page.getByRole('option').first()).toContainText('Lesson');
  const name = await page.getByRole('option').first().locator('b').textContent();
  await page.keyboard.press('Enter');
  await expect(page.locator('h1')).toHaveText(name ?? '');
});

test('a command is completed with Tab and carried out; a wrong one says why and stays', async ({ page }) => {
  const before = await goTo(page, 2);
  await page.keyboard.press('Control+k');
  const input = page.getByTestId('palette-input');
  await page.keyboard.type('touch_w');
  await page.keyboard.press('Enter');
  await expect(input).toHaveValue('p0 touch_w ');
  await page.keyboard.type('Q 0 1');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('palette').getByRole('alert')).toContainText('Q');
  expect(await placeOf(page)).toEqual(before);
  await page.keyboard.press('Control+a');
  await page.keyboard.type('p1 touch_');
  await expect(page.getByRole('option', { name: /touch_w/ })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  await expect(input).toHaveValue('p1 touch_w ');
  await page.keyboard.type('A 7 1 9');
  await page.keyboard.press('Enter');
  expect((await untilStep(page, 3)).steps).toBe(before.steps + 1);
  await expect(page.getByTestId('console-lines')).toContainText('p1 touch_w A 7 1 9');
});

for (const theme of ['dark', 'light'] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ theme, windowSize: { width: 1280, height: 720 } });
    test('nothing serious stands in the palette’s way', async ({ page, shot }) => {
      await goTo(page, 4);
      await page.keyboard.press('Control+k');
      await expect(page.getByRole('option', { name: /Lesson/ }).first()).toBeAttached();
      await shot(`palette-${theme}`);
      expect(await serious(page)).toEqual([]);
      await page.keyboard.type('p0 m');
      await expect(page.getByRole('option', { name: /mmap/ })).toBeVisible();
      await shot(`palette-command-${theme}`);
      expect(await serious(page)).toEqual([]);
    });
  });
}
