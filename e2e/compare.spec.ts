import path from 'node:path';
import { serious } from './support/axe';
import { goTo, placeOf, untilStep } from './support/drive';
import { expect, root, test } from './support/lab';

test.use({ args: [path.join(root, 'scenarios', 'who-copies', 'scenario.yaml')] });

test('= says what a step changed, and lights it; another moment can be chosen', async ({ page }) => {
  await goTo(page, 4);
  await page.keyboard.press('=');
  const differences = page.getByTestId('differences');
  await expect(differences).toContainText('p1 A+2');
  await expect(differences).toContainText('frame 14 ro → frame 22, other bytes');
  await page.getByTestId('compare-with').selectOption('0');
  await expect(differences).toContainText('the start → step 4');
  await differences.getByRole('button', { name: 'p1 A+2' }).click();
  await expect(page.getByTestId('inspector')).toContainText('Page p1 A+2');
});

test('a branch keeps the run: something else is tried beside it, differences are lit, both stay', async ({ page }) => {
  await goTo(page, 3);
  const { hash, steps } = await placeOf(page);
  await page.keyboard.press('=');
  const board = page.getByTestId('compare-board');
  await board.getByRole('button', { name: 'Branch here' }).click();
  await expect(board.getByRole('group', { name: 'The other run' })).toContainText(`at step 3 of ${steps}`);
  await expect(page.getByTestId('differences')).toContainText('Nothing differs');
  await page.getByTestId('console-input').fill('p1 touch_w A 0 1 9');
  await page.keyboard.press('Enter');
  await untilStep(page, 4);
  await expect(page.getByTestId('differences')).toContainText('p1 A+0');
  await page.getByTestId('console-input').blur();
  await page.keyboard.press('\\');
  await untilStep(page, 3);
  expect((await placeOf(page)).hash).toBe(hash);
  await expect(board.getByRole('group', { name: 'The other run' })).toContainText('at step 4');
  await board.getByRole('button', { name: 'Drop it' }).click();
  await expect(board.getByRole('group', { name: 'The other run' })).toHaveCount(0);
});

for (const theme of ['dark', 'light'] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ theme, windowSize: { width: 1280, height: 720 } });

    test('nothing serious stands in the way of comparing', async ({ page, shot }) => {
      await goTo(page, 3);
      await page.keyboard.press('=');
      await page.getByRole('button', { name: 'Branch here' }).click();
      await expect(page.getByRole('group', { name: 'The other run' })).toBeVisible();
      await page.getByTestId('console-input').fill('p1 touch_w A 0 3 9');
      await page.keyboard.press('Enter');
      await untilStep(page, 4);
      await expect(page.getByTestId('differences')).toContainText('p1 A+0');
      expect(await serious(page)).toEqual([]);
      await shot(`compare-1280x720-${theme}`);
    });
  });
}
