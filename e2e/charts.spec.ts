import path from 'node:path';
import { serious } from './support/axe';
import { goTo, untilStep } from './support/drive';
import { expect, root, test } from './support/lab';

test.use({ args: [path.join(root, 'scenarios', 'one-block-pins', 'scenario.yaml')] });

test('D shows diagrams up to the present step, in words too; they follow forward and back', async ({ page }) => {
  await goTo(page, 3);
  await page.keyboard.press('d');
  const board = page.getByTestId('chart-board');
  await expect(board.getByRole('figure')).toHaveCount(4);
  const rows = page.getByTestId('chart-twin').locator('tbody tr');
  await expect(rows).toHaveCount(4);
  await page.keyboard.press('ArrowLeft');
  await untilStep(page, 2);
  await expect(rows).toHaveCount(3);
  const rss = await page.evaluate(
    () => document.querySelector('[data-testid="chart-twin"] tbody tr:last-child td')?.textContent,
  );
  await expect(board.getByRole('figure').first().locator('output').first()).toHaveText(rss ?? 'none');
  await page.keyboard.press('d');
  await expect(board).toHaveCount(0);
});

test('a click in a diagram goes to that step', async ({ page }) => {
  await goTo(page, 5);
  await page.keyboard.press('d');
  const plot = page.getByTestId('chart-board').locator('.u-over').first();
  const box = (await plot.boundingBox())!;
  await page.mouse.click(box.x + (box.width * 2) / 7, box.y + box.height / 2);
  await untilStep(page, 2);
});

test('one board at a time: charts, walk, heap and memory take each other’s place', async ({ page }) => {
  await goTo(page, 2);
  const boards = ['chart-board', 'walk-board', 'heap-board'].map((id) => page.getByTestId(id));
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  for (const [name, shown] of [['Charts', 0], ['Walk', 1], ['Charts', 0], ['Heap', 2], ['Walk', 1], ['RAM', -1]] as const) {
    await button(name).click();
    for (const [i, board] of boards.entries()) await expect(board, `${name}: board ${i}`).toHaveCount(i === shown ? 1 : 0);
    await expect(button(name)).toHaveAttribute('aria-pressed', 'true');
  } // prettier-ignore
});

for (const theme of ['dark', 'light'] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ theme, windowSize: { width: 1280, height: 720 } });

    test('nothing serious stands in the way of reading diagrams', async ({ page, shot }) => {
      await goTo(page, 6);
      await page.keyboard.press('d');
      await expect(page.getByTestId('chart-board').getByRole('figure')).toHaveCount(4);
      expect(await serious(page)).toEqual([]);
      await shot(`charts-1280x720-${theme}`);
    });
  });
}
