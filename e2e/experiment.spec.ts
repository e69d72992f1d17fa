import { serious } from './support/axe';
import { clickCell, goTo, pageNumber, placeOf, untilStep } from './support/drive';
import { expect, test, untilReady } from './support/lab';

test('right click offers what can be done with a page, and shows the command that does it', async ({ page, shot }) => {
  const before = await goTo(page, 4);
  const target = await pageNumber(page, 'p1', 'A', 3);
  const box = (await page.evaluate((of) => window.faultlineView.boxOf(of), target))!;
  await page.getByTestId('stage-canvas').click({
    button: 'right',
    position: { x: box.x + box.w / 2, y: box.y + box.h / 2 },
  });
  const menu = page.getByRole('menu');
  await expect(menu).toContainText('p1 touch_w A 3 1');
  await shot('context-menu');
  expect(await serious(page)).toEqual([]);
  await menu.getByRole('menuitem', { name: /^Write here/ }).click();
  await expect(page.getByTestId('console-input')).toHaveValue('p1 touch_w A 3 1');
  const done = await untilStep(page, 5);
  expect(done.steps).toBe(before.steps + 1);
  await expect(page.getByTestId('console-lines')).toContainText('p1 touch_w A 3 1');
  await expect(page.getByTestId('console-input')).toHaveValue('');
});

test('the menu key does the same; arrows choose, Escape lets everything be', async ({ page }) => {
  const before = await goTo(page, 4);
  await clickCell(page, await pageNumber(page, 'p0', 'A', 1));
  await page.keyboard.press('ContextMenu');
  const menu = page.getByRole('menu');
  await expect(menu.getByRole('menuitem').first()).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(menu).toBeHidden();
  expect(await placeOf(page)).toEqual(before);
  await page.keyboard.press('Shift+F10');
  await expect(menu.getByRole('menuitem').first()).toBeFocused();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowUp');
  await expect(menu.getByRole('menuitem', { name: /^Allocate 100 bytes/ })).toBeFocused();
  await page.keyboard.press('Enter');
  expect((await untilStep(page, 5)).failed).toBe(0);
});

test('typed commands are taken back and carried out again, in the order they were typed', async ({ page }) => {
  const before = await goTo(page, 2);
  const type = async (command: string): Promise<void> => {
    await page.getByTestId('console-input').click();
    await page.keyboard.type(command);
    await page.keyboard.press('Enter');
  };
  await type('p0 brk +2');
  const one = await untilStep(page, 3);
  await type('p1 touch_w A 7 1 9');
  const two = await untilStep(page, 4);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+z');
  expect(await untilStep(page, 3)).toEqual({ ...one, steps: two.steps - 1 });
  await page.keyboard.press('Control+z');
  expect(await untilStep(page, 2)).toEqual(before);
  await page.keyboard.press('Control+Shift+z');
  await untilStep(page, 3);
  await page.keyboard.press('Control+Shift+z');
  expect(await untilStep(page, 4)).toEqual(two);
});

test('a command that was typed earlier in time and later by hand is the first to go', async ({ page }) => {
  await goTo(page, 3);
  const type = async (command: string): Promise<void> => {
    await page.getByTestId('console-input').click();
    await page.keyboard.type(command);
    await page.keyboard.press('Enter');
  };
  await type('p0 brk +2');
  await untilStep(page, 4);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Home');
  await untilStep(page, 0);
  await page.keyboard.press('ArrowRight');
  const one = await untilStep(page, 1);
  await type('p0 brk +3');
  await untilStep(page, 2);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+z');
  expect(await untilStep(page, 1)).toEqual(one);
  await expect(page.getByTestId('timeline-twin')).toContainText('p0 brk +2');
  await expect(page.getByTestId('timeline-twin')).not.toContainText('p0 brk +3');
});

test('a program that is being written is there again when the page comes back', async ({ page }) => {
  await untilStep(page, 0);
  await page.keyboard.press('c');
  const editor = page.getByTestId('code-editor');
  await editor.click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('/* mine */');
  await expect.poll(() => page.evaluate(() => localStorage.getItem('faultline:draft') ?? '')).toContain('/* mine */');
  await page.reload();
  await untilReady(page);
  await page.keyboard.press('c');
  await expect(editor).toContainText('/* mine */');
});
