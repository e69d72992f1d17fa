import type { Page } from '@playwright/test';
import { serious } from './support/axe';
import { goTo, placeOf, untilStep } from './support/drive';
import { expect, test } from './support/lab';

test.use({ windowSize: { width: 1280, height: 720 } });

const widthOf = (page: Page, label: string): Promise<number> =>
  page.getByLabel(label, { exact: true }).evaluate((element) => element.getBoundingClientRect().width);

test('edges are dragged and moved with arrows, stay where they were left, and go back with Delete', async ({
  launch,
}) => {
  const first = await launch();
  const { page } = first;
  const before = await goTo(page, 4);
  const start = await widthOf(page, 'Console');
  const edge = page.getByRole('separator', { name: 'Width of the console' });
  const box = (await edge.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x - 100, box.y + 20, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => widthOf(page, 'Console')).toBeLessThan(start - 80);
  await edge.focus();
  const dragged = Number(await edge.getAttribute('aria-valuenow'));
  await page.keyboard.press('ArrowRight');
  await expect(edge).toHaveAttribute('aria-valuenow', String(dragged + 5));
  const height = page.getByRole('separator', { name: 'Height of console, events and inspector' });
  await height.focus();
  for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowUp');
  await expect
    .poll(() => page.getByLabel('Console', { exact: true }).evaluate((e) => e.clientHeight))
    .toBeGreaterThan(140);
  expect(await serious(page)).toEqual([]);
  expect(await placeOf(page)).toEqual(before);
  await first.app.close();
  const second = await launch();
  const again = second.page.getByRole('separator', { name: 'Width of the console' });
  await expect(again).toHaveAttribute('aria-valuenow', String(dragged + 5));
  await again.focus();
  await second.page.keyboard.press('Delete');
  await expect.poll(() => widthOf(second.page, 'Console')).toBeCloseTo(start, 0);
});

test('panes are put away and brought back; the console comes back when it is wanted', async ({ page }) => {
  await untilStep(page, 0);
  const picture = () => page.getByTestId('stage').evaluate((element) => element.clientHeight);
  const start = await picture();
  await page.keyboard.press('Control+j');
  await expect(page.getByLabel('Console', { exact: true })).toBeHidden();
  await page.keyboard.press('Control+Shift+j');
  await expect(page.getByTestId('timeline')).toBeHidden();
  await expect.poll(picture).toBeGreaterThan(start + 150);
  await page.keyboard.press('/');
  await expect(page.getByTestId('console-input')).toBeFocused();
  await page.keyboard.press('Control+Shift+j');
  await expect.poll(picture).toBe(start);
});

test('the C program takes as much room as it is given', async ({ page }) => {
  await untilStep(page, 0);
  await page.keyboard.press('c');
  const edge = page.getByRole('separator', { name: 'Width of the C program' });
  await expect(edge).toBeVisible();
  const stage = () => page.getByTestId('stage').evaluate((element) => element.clientWidth);
  const half = await stage();
  await edge.focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(stage).toBeGreaterThan(half + 100);
});
