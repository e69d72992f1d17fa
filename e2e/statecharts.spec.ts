import path from 'node:path';
import { serious } from './support/axe';
import { goTo, untilStep } from './support/drive';
import { expect, root, test } from './support/lab';

test.use({ args: [path.join(root, 'scenarios', 'who-copies', 'scenario.yaml')] });

test('X shows who is in which state, and what the step took; both follow forward and back', async ({ page }) => {
  await goTo(page, 4);
  await page.keyboard.press('x');
  const board = page.getByTestId('statechart-board');
  await expect(board.getByRole('tab', { name: 'Page' })).toHaveAttribute('aria-selected', 'true');
  await expect(board.getByTestId('transitions')).toHaveText(/^write\.copy ×1\s*read only → resident$/);
  await expect(board.getByTestId('state-resident')).toHaveText(/1 page/);
  await page.keyboard.press('ArrowLeft');
  await untilStep(page, 3);
  await expect(board.getByTestId('transitions')).not.toHaveText(/write\.copy/);
  await page.keyboard.press('x');
  await expect(board).toHaveCount(0);
});

test('a click on a state lists who is in it, and each of them can be looked at', async ({ page }) => {
  await goTo(page, 4);
  await page.keyboard.press('x');
  const board = page.getByTestId('statechart-board');
  await board.getByTestId('state-resident').click();
  await board.getByTestId('inhabitants').getByRole('button', { name: 'p1 A+2' }).click();
  await expect(page.getByTestId('inspector')).toContainText('Page p1 A+2');
  await board.getByRole('tab', { name: 'Task' }).click();
  await board.getByTestId('state-running').click();
  await expect(board.getByTestId('inhabitants')).toHaveText('p1');
});

for (const theme of ['dark', 'light'] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ theme, windowSize: { width: 1280, height: 720 } });

    test('nothing serious stands in the way of reading statecharts, and no two states overlap', async ({
      page,
      shot,
    }) => {
      await goTo(page, 4);
      await page.keyboard.press('x');
      const board = page.getByTestId('statechart-board');
      for (const tab of await board.getByRole('tab').all()) {
        await tab.click();
        await expect(tab).toHaveAttribute('aria-selected', 'true');
        await expect(board.locator('.state').first()).toBeVisible();
        const boxes = await board.locator('.state').evaluateAll((states) =>
          states.map((state) => {
            const { left, top, right, bottom } = state.getBoundingClientRect();
            return { left, top, right, bottom };
          }),
        );
        for (const [i, a] of boxes.entries()) {
          for (const b of boxes.slice(i + 1)) {
            const apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
            expect(apart, `states ${i} and another`).toBe(true);
          }
        }
      }
      expect(await serious(page)).toEqual([]);
      await shot(`statecharts-1280x720-${theme}`);
    });
  });
}
