import { serious } from './support/axe';
import { goTo, untilStep } from './support/drive';
import { expect, test } from './support/lab';

test('a word of the sentence explains itself under the pointer, and the pointer may move onto that', async ({
  page,
}) => {
  await goTo(page, 4);
  const word = page.getByTestId('sentence').locator('[data-term="page"]');
  const tip = page.getByTestId('term-tip');
  await word.hover();
  await expect(tip).toBeVisible();
  await expect(tip).toContainText('4096 bytes of an address space');
  await tip.hover();
  await expect(tip).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(tip).toBeHidden();
  // Nothing else was closed or let go.
  await expect(page.getByTestId('inspector')).toContainText('Page p1 A+2');
});

test('with the keyboard the same word explains itself and leads to all words', async ({ page }) => {
  await goTo(page, 4);
  const word = page.getByTestId('sentence').locator('[data-term="page"]');
  await word.focus();
  const tip = page.getByRole('tooltip');
  await expect(tip).toContainText('4096 bytes');
  await expect(word).toHaveAccessibleDescription(/4096 bytes/);
  await page.keyboard.press('Enter');
  const sheet = page.getByTestId('words-sheet');
  await expect(sheet.locator('[aria-current="true"]')).toContainText('page');
  await expect(tip).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
  await expect(word).toBeFocused();
});

test('words in the picture explain themselves too', async ({ page }) => {
  await goTo(page, 4);
  const place = await page.evaluate(() => {
    const item = window.faultlineView
      .drawList()
      ?.items.find((each) => each.type === 'text' && each.text === 'zero page');
    return item?.type === 'text' ? { x: item.x + 12, y: item.y - 4 } : null;
  });
  expect(place).not.toBeNull();
  await page.getByTestId('stage-canvas').hover({ position: place! });
  await expect(page.getByTestId('term-tip')).toContainText('One frame full of zeros');
  await page.getByTestId('sentence').hover({ position: { x: 2, y: 2 } });
  await expect(page.getByTestId('term-tip')).toBeHidden();
});

test('words are found by typing', async ({ page }) => {
  await untilStep(page, 0);
  await page.keyboard.press('k');
  const sheet = page.getByTestId('words-sheet');
  await page.getByTestId('words-input').fill('oom');
  await expect(sheet.locator('dt')).toContainText(['OOM killer']);
  await expect(sheet).toContainText('mm/oom_kill.c');
});

for (const theme of ['dark', 'light'] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ theme, windowSize: { width: 1280, height: 720 } });
    test('nothing serious stands in the way of words and help', async ({ page, shot }) => {
      await goTo(page, 4);
      await page.getByTestId('sentence').locator('[data-term="page"]').focus();
      await expect(page.getByTestId('term-tip')).toBeVisible();
      await shot(`tip-${theme}`);
      expect(await serious(page)).toEqual([]);
      await page.keyboard.press('k');
      await expect(page.getByTestId('words-sheet')).toBeVisible();
      await shot(`words-${theme}`);
      expect(await serious(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.keyboard.press('F1');
      await expect(page.getByTestId('help-sheet')).toBeVisible();
      await shot(`help-${theme}`);
      expect(await serious(page)).toEqual([]);
    });
  });
}

test.describe('a first start', () => {
  test.use({ env: [{ FAULTLINE_INTRO: 'on' }, { scope: 'test' }], windowSize: { width: 1280, height: 720 } });

  test('begins with the introduction, which Escape skips, and never shows it again', async ({ launch }) => {
    const first = await launch();
    const introduction = first.page.getByTestId('introduction');
    await expect(introduction).toContainText('One sentence first');
    expect(await serious(first.page)).toEqual([]);
    await first.page.keyboard.press('ArrowRight');
    await expect(introduction).toContainText('All memory in one picture');
    await first.page.screenshot({ path: 'out/screenshots/introduction.png' });
    expect((await untilStep(first.page, 0)).step).toBe(0);
    await first.page.keyboard.press('Escape');
    await expect(introduction).toBeHidden();
    await first.app.close();
    const { page } = await launch();
    await untilStep(page, 0);
    await page.keyboard.press('ArrowRight');
    await untilStep(page, 1);
    await expect(page.getByTestId('introduction')).toBeHidden();
  });
});
