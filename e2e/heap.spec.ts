import path from 'node:path';
import { serious } from './support/axe';
import { forward, goTo, untilStep } from './support/drive';
import { expect, root, test } from './support/lab';

test.use({ args: [path.join(root, 'scenarios', 'where-did-it-go', 'scenario.yaml')] });

test('the heap stands on the right when the script points at it, and goes when it points at a frame', async ({
  page,
}) => {
  await untilStep(page, 0);
  await expect(page.getByTestId('heap-board')).toHaveCount(0);
  await forward(page);
  const board = page.getByTestId('heap-board');
  await expect(board).toBeVisible();
  await expect(board.getByRole('button', { name: /^a: chunk/ })).toContainText('a');
  await expect(board.getByRole('button', { name: /^top: chunk/ })).toBeVisible();
  await forward(page);
  await expect(board).toHaveCount(0);
  await page.keyboard.press('ArrowLeft');
  await untilStep(page, 1);
  await expect(board).toBeVisible();
});

test('M changes between memory and heap, and from then on the script leaves it so', async ({ page }) => {
  await goTo(page, 1);
  const board = page.getByTestId('heap-board');
  await expect(board).toBeVisible();
  await page.keyboard.press('m');
  await expect(board).toHaveCount(0);
  await goTo(page, 1);
  await expect(board).toHaveCount(0);
  await page.keyboard.press('m');
  await expect(board).toBeVisible();
  await forward(page);
  await expect(board).toBeVisible();
  await page.getByRole('button', { name: 'RAM', exact: true }).click();
  await expect(board).toHaveCount(0);
});

test('a click on a chunk selects its page', async ({ page }) => {
  await goTo(page, 1);
  await page
    .getByTestId('heap-board')
    .getByRole('button', { name: /^a: chunk/ })
    .click();
  await expect(page.getByTestId('inspector').locator('h2')).toContainText('Page p0 heap+');
});

for (const theme of ['dark', 'light'] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ theme, windowSize: { width: 1280, height: 720 } });

    test('nothing serious stands in the way of reading a heap', async ({ page, shot }) => {
      await goTo(page, 1);
      await expect(page.getByTestId('heap-board')).toBeVisible();
      expect(await serious(page)).toEqual([]);
      await shot(`heap-1280x720-${theme}`);
    });
  });
}
