import path from 'node:path';
import { serious } from './support/axe';
import { goTo, placeOf, untilStep } from './support/drive';
import { expect, root, test } from './support/lab';

test.use({ args: [path.join(root, 'scenarios', 'who-copies', 'scenario.yaml')] });

test('J: a page is watched across processes, over all steps; a click on a stretch goes to where it began', async ({
  page,
}) => {
  await goTo(page, 4);
  await page.keyboard.press('j');
  const board = page.getByTestId('watch-board');
  await board.getByTestId('watch-input').fill('p0:A+2');
  await page.keyboard.press('Enter');
  const watch = board.getByRole('group', { name: 'Watch p0:A+2' });
  await expect(watch.getByRole('button', { name: /^p1 frame 22, step 4$/ })).toBeVisible();
  await watch.getByRole('button', { name: /^p1 frame 14 ro/ }).click();
  await untilStep(page, 2);
});

test('what cannot be watched is said with a remedy, and nothing is lost', async ({ page }) => {
  await page.keyboard.press('j');
  const board = page.getByTestId('watch-board');
  await board.getByTestId('watch-input').fill('p0:A+ what');
  await page.keyboard.press('Enter');
  await expect(board.getByRole('alert')).toContainText('write p0:A+2 (a page)');
  await expect(board.getByTestId('watch-input')).toHaveValue('p0:A+ what');
});

test('F8 runs on to the next copy, Shift+F8 back to the one before; a question comes first', async ({ page }) => {
  await page.keyboard.press('j');
  const board = page.getByTestId('watch-board');
  await board.getByRole('button', { name: 'copy on write' }).click();
  await board.getByRole('button', { name: 'Watch', exact: true }).blur();
  const stops: number[] = [];
  for (;;) {
    const { step, steps } = await placeOf(page);
    await page.keyboard.press('F8');
    await page.waitForFunction(
      (before) =>
        document.documentElement.dataset['step'] !== before ||
        document.querySelector('[data-testid="question"]') !== null,
      String(step),
    );
    const place = await placeOf(page);
    if (place.step === step) continue;
    await untilStep(page, place.step);
    if ((await board.getByTestId('stopped').textContent()) === 'stopped: copy on write') stops.push(place.step);
    if (place.step === steps) break;
  }
  expect(stops[0]).toBe(4);
  expect(stops.length).toBeGreaterThan(2);
  await page.keyboard.press('Shift+F8');
  await untilStep(page, stops.at(-1)!);
});

for (const theme of ['dark', 'light'] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ theme, windowSize: { width: 1280, height: 720 } });

    test('nothing serious stands in the way of watching', async ({ page, shot }) => {
      await goTo(page, 5);
      await page.keyboard.press('j');
      const input = page.getByTestId('watch-input');
      for (const text of ['p0:A+2', 'p0.rss']) {
        await input.fill(text);
        await page.keyboard.press('Enter');
        await expect(page.getByRole('group', { name: `Watch ${text}` })).toBeVisible();
      }
      await page.getByRole('button', { name: 'copy on write' }).click();
      expect(await serious(page)).toEqual([]);
      await shot(`watch-1280x720-${theme}`);
    });
  });
}
