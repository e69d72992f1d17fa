import { goTo, pageNumber, placeOf, untilStep } from './support/drive';
import { expect, test } from './support/lab';

test('a typed command is completed, carried out, shown as a step, undone and done again', async ({ page }) => {
  const before = await goTo(page, 2);
  await page.keyboard.press('/');
  const input = page.getByTestId('console-input');
  await expect(input).toBeFocused();
  await page.keyboard.type('p1 touch_');
  const completions = page.getByRole('listbox', { name: 'Completions' });
  await expect(completions).toContainText('touch_w');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  await expect(input).toHaveValue('p1 touch_w ');
  await page.keyboard.type('A 7 1 9');
  await page.keyboard.press('Enter');

  const done = await untilStep(page, 3);
  expect(done.steps).toBe(before.steps + 1);
  expect(done.hash).not.toBe(before.hash);
  await expect(input).toHaveValue('');
  await expect(page.getByTestId('console-lines')).toContainText('p1 touch_w A 7 1 9');
  await expect(page.getByTestId('timeline-twin').locator('tr[aria-current="step"]')).toContainText(
    'p1 touch_w A 7 1 9',
  );
  const written = await pageNumber(page, 'p1', 'A', 7);
  const row = page.locator(`tr[data-key="p1:${written.kind === 'page' ? written.page : ''}"]`);
  await expect(row).toContainText('just now');

  await page.keyboard.press('Escape'); // out of the console
  await page.keyboard.press('ArrowLeft');
  expect((await untilStep(page, 2)).hash).toBe(before.hash);
  await page.keyboard.press('ArrowRight');
  expect((await untilStep(page, 3)).hash).toBe(done.hash);

  await page.getByRole('button', { name: 'back to the script' }).click();
  expect(await untilStep(page, 2)).toEqual(before);
  await expect(page.getByRole('button', { name: 'back to the script' })).toBeHidden();
});

test('a wrong command says where and what to do, and nothing is lost', async ({ page }) => {
  const before = await goTo(page, 2);
  const input = page.getByTestId('console-input');
  await input.click();
  await page.keyboard.type('p0 tuch_w A 0 1');
  await page.keyboard.press('Enter');
  const lines = page.getByTestId('console-lines');
  await expect(lines).toContainText('column 4: tuch_w is no operation');
  await expect(lines).toContainText('did you mean touch_w');
  await expect(input).toHaveValue('p0 tuch_w A 0 1'); // to be mended
  expect(await placeOf(page)).toEqual(before);
  await page.keyboard.press('Home');
  for (let i = 0; i < 'p0 t'.length; i++) await page.keyboard.press('ArrowRight');
  await page.keyboard.type('o');
  await expect(input).toHaveValue('p0 touch_w A 0 1');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await untilStep(page, 3);
});

test('a command that fails in the machine is a result, not a mistake', async ({ page }) => {
  await goTo(page, 2);
  await page.getByTestId('console-input').click();
  await page.keyboard.type('p0 touch_w text 0 1');
  await page.keyboard.press('Enter');
  expect((await untilStep(page, 3)).failed).toBe(0);
  await expect(page.getByTestId('console-lines').locator('.answer').last()).toContainText(
    /SIGSEGV|permission|read-only/i,
  );
});

test('keys typed into the console turn no steps', async ({ page }) => {
  const before = await goTo(page, 2);
  await page.getByTestId('console-input').click();
  await page.keyboard.type('n p t ? 1 ] [ ');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Home');
  await page.keyboard.press('End');
  expect(await placeOf(page)).toEqual(before);
  await expect(page.getByTestId('console-input')).toHaveValue('n p t ? 1 ] [ ');
  await expect(page.getByTestId('keys-sheet')).toBeHidden();
});

test('earlier commands come back with the arrow keys', async ({ page }) => {
  await goTo(page, 1);
  const input = page.getByTestId('console-input');
  await input.click();
  const commands = ['p0 touch_r A 7 1', 'p0 brk +1'];
  for (const [i, command] of commands.entries()) {
    await page.keyboard.type(command);
    await page.keyboard.press('Enter');
    await untilStep(page, 2 + i);
    await expect(input).toBeFocused();
    await expect(input).toHaveValue('');
  }
  await page.keyboard.press('ArrowUp');
  await expect(input).toHaveValue('p0 brk +1');
  await page.keyboard.press('ArrowUp');
  await expect(input).toHaveValue('p0 touch_r A 7 1');
  await page.keyboard.press('ArrowUp');
  await expect(input).toHaveValue('p0 touch_r A 7 1');
  await page.keyboard.press('ArrowDown');
  await expect(input).toHaveValue('p0 brk +1');
  await page.keyboard.press('ArrowDown');
  await expect(input).toHaveValue('');
});

test('a completion is chosen with arrows or with the mouse', async ({ page }) => {
  await goTo(page, 1);
  const input = page.getByTestId('console-input');
  await input.click();
  await page.keyboard.type('p0 touch');
  const options = page.getByRole('option');
  await expect(options).toHaveCount(2);
  await page.keyboard.press('ArrowDown');
  await expect(options.nth(1)).toHaveAttribute('aria-selected', 'true');
  const second = await options.nth(1).locator('b').textContent();
  await page.keyboard.press('Tab');
  await expect(input).toHaveValue(`p0 ${second} `);
  await input.fill('');
  await page.keyboard.type('p0 touch');
  await expect(options).toHaveCount(2);
  const first = await options.first().locator('b').textContent();
  await options.first().click();
  await expect(input).toHaveValue(`p0 ${first} `);
  await expect(input).toBeFocused();
});
