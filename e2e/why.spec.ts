import path from 'node:path';
import { serious } from './support/axe';
import { goTo, placeOf, untilStep } from './support/drive';
import { expect, root, test } from './support/lab';

test.use({ args: [path.join(root, 'scenarios', 'who-copies', 'scenario.yaml')] });

test('Y tells why a page is as it is, back to the operation; each link leads there and the story stays', async ({
  page,
}) => {
  await goTo(page, 4);
  await page.keyboard.press('y');
  const links = page.getByTestId('why-links').getByRole('button');
  await expect(links).toHaveText([
    /^A\+2 maps frame 22, writable step 4$/,
    /^shared by 2, read-only step 4$/,
    /^write fault step 4$/,
    /^p1 store A\+2 step 4$/,
    /^p1 touch_w A 2 1 2 step 4$/,
  ]);
  await page.getByTestId('why-before').getByRole('button', { name: 'p0 fork p1' }).click();
  await untilStep(page, 2);
  await expect(links).toHaveCount(5);
  await links.first().click();
  await untilStep(page, 4);
  await expect(page.getByTestId('inspector')).toContainText('Page p1 A+2');
  await page.keyboard.press('y');
  await expect(page.getByTestId('why-board')).toHaveCount(0);
});

test('a byte, a frame and the step itself can be asked; a step by hand asks anew', async ({ page }) => {
  await goTo(page, 4);
  const bytes = page.getByTestId('inspector').getByTestId('bytes');
  await bytes.getByRole('button', { name: 'byte 0 is 02: why?' }).click();
  const board = page.getByTestId('why-board');
  await expect(board).toContainText('Byte 0 of p1 A+2');
  await expect(board).toContainText('0x02, since step 4');
  await board.getByRole('button', { name: 'the step instead' }).click();
  await expect(page.getByTestId('why-links').getByRole('button').last()).toHaveText(/p1 touch_w A 2 1 2/);
  const { step } = await placeOf(page);
  await page.getByRole('button', { name: 'Previous step' }).click();
  await untilStep(page, step - 1);
  await expect(board).not.toContainText('p1 touch_w A 2 1 2');
});

test('by keyboard alone: from byte to byte with arrows, Enter asks', async ({ page }) => {
  await goTo(page, 4);
  const bytes = page.getByTestId('inspector').getByTestId('bytes');
  await bytes.getByRole('button', { name: 'byte 0 is 02: why?' }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('why-board')).toContainText('Byte 17 of p1 A+2');
});

for (const theme of ['dark', 'light'] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ theme, windowSize: { width: 1280, height: 720 } });

    test('nothing serious stands in the way of reading a story', async ({ page, shot }) => {
      await goTo(page, 4);
      await page.keyboard.press('y');
      await expect(page.getByTestId('why-links').getByRole('button')).toHaveCount(5);
      expect(await serious(page)).toEqual([]);
      await shot(`why-1280x720-${theme}`);
    });
  });
}
