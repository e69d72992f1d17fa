import path from 'node:path';
import { serious } from './support/axe';
import { forward, goTo } from './support/drive';
import { expect, root, test } from './support/lab';

test.use({ args: [path.join(root, 'scenarios', 'way-through-tables', 'scenario.yaml')] });

test('the script shows the way through the tables; it ends at an empty entry, then at a frame', async ({ page }) => {
  await goTo(page, 1);
  const board = page.getByTestId('walk-board');
  await expect(board).toBeVisible();
  await expect(board.getByRole('group', { name: /^Level/ })).toHaveCount(1);
  await expect(board).toContainText('empty: an access faults here');
  await expect(board).toContainText('miss: 1 table is read');
  await forward(page);
  await forward(page);
  await expect(board.getByRole('group', { name: /^Level/ })).toHaveCount(4);
  await expect(board.getByRole('listitem').filter({ hasText: 'Level 1, entry 259: leads to frame 12' })).toBeVisible();
  await expect(board).toContainText('hit: no table would be read');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(board.getByRole('group', { name: /^Level/ })).toHaveCount(1);
});

test('W puts memory back and the walk again; it stays with its page while steps go on', async ({ page }) => {
  await goTo(page, 3);
  const board = page.getByTestId('walk-board');
  await expect(board).toBeVisible();
  await page.keyboard.press('w');
  await expect(board).toHaveCount(0);
  await goTo(page, 7);
  await expect(board).toHaveCount(0);
  await page.keyboard.press('w');
  await expect(board).toHaveAccessibleName(/p0 A\+3/);
  await goTo(page, 8);
  await expect(board).toHaveAccessibleName(/p0 A\+3/);
  await page.getByRole('button', { name: 'RAM', exact: true }).click();
  await expect(board).toHaveCount(0);
});

test('a click on a table’s frame selects it, and the way stays', async ({ page }) => {
  await goTo(page, 3);
  const board = page.getByTestId('walk-board');
  await board.getByRole('button', { name: 'frame 9', exact: true }).click();
  await expect(page.getByTestId('inspector').locator('h2')).toContainText('Frame 9');
  await expect(board).toHaveAccessibleName(/p0 A\+3/);
});

for (const theme of ['dark', 'light'] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ theme, windowSize: { width: 1280, height: 720 } });

    test('nothing serious stands in the way, and the TLB is in view', async ({ page, shot }) => {
      await goTo(page, 7);
      await expect(page.getByTestId('walk-board').getByText('TLB', { exact: true })).toBeInViewport();
      expect(await serious(page)).toEqual([]);
      await shot(`walk-1280x720-${theme}`);
    });
  });
}
