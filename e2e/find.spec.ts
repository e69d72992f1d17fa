import path from 'node:path';
import { serious } from './support/axe';
import { goTo, untilStep } from './support/drive';
import { expect, root, test } from './support/lab';

test.use({ args: [path.join(root, 'scenarios', 'who-copies', 'scenario.yaml')] });

test('Ctrl+F finds an address in every process, by keyboard alone', async ({ page }) => {
  await goTo(page, 4);
  await page.keyboard.press('Control+f');
  await expect(page.getByTestId('find-input')).toBeFocused();
  await page.keyboard.type('0x7ffff6102000');
  const found = page.getByTestId('found').getByRole('button');
  await expect(found).toHaveText([/Page p0 A\+2, byte 0: frame 14/, /Page p1 A\+2, byte 0: frame 22/]);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('inspector')).toContainText('Page p1 A+2');
});

test('an event that is found leads to its step', async ({ page }) => {
  await goTo(page, 5);
  await page.keyboard.press('Control+f');
  await expect(page.getByTestId('find-input')).toBeFocused();
  await page.keyboard.type('copy frame 14');
  await page
    .getByTestId('found')
    .getByRole('button', { name: /Event p1 copy frame 14 to 22/ })
    .click();
  await untilStep(page, 4);
});

for (const theme of ['dark', 'light'] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ theme, windowSize: { width: 1280, height: 720 } });

    test('nothing serious stands in the way of finding', async ({ page, shot }) => {
      await goTo(page, 5);
      await page.keyboard.press('Control+f');
      await expect(page.getByTestId('find-input')).toBeFocused();
      await page.keyboard.type('fault');
      await expect(page.getByTestId('found').getByRole('button').first()).toBeVisible();
      expect(await serious(page)).toEqual([]);
      await shot(`find-1280x720-${theme}`);
    });
  });
}
