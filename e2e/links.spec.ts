import { clickCell, expectLit, frameOf, goTo, litCells, pageNumber, untilStep } from './support/drive';
import { expect, test } from './support/lab';

/** The step of the tour behind which p0, p1 and p2 share pages 0 and 1 of A. */
const THREE_SHARERS = 8;

test('a click on a page lights its frame and every sharer, and the inspector names them', async ({ page }) => {
  await goTo(page, THREE_SHARERS);
  const pages = await Promise.all(['p0', 'p1', 'p2'].map((task) => pageNumber(page, task, 'A', 1)));
  const frame = { kind: 'frame', frame: await frameOf(page, pages[0]!) } as const;
  expect(await Promise.all(pages.map((one) => frameOf(page, one)))).toEqual(Array(3).fill(frame.frame));

  for (const one of pages) {
    await clickCell(page, one);
    await expectLit(page, [frame, ...pages]);
    await expect.poll(async () => (await litCells(page)).selected).toHaveLength(1);
    const inspector = page.getByTestId('inspector');
    await expect(inspector).toContainText('A+1');
    await expect(inspector).toContainText('shared by 3');
    for (const task of ['p0', 'p1', 'p2']) {
      await expect(inspector.getByRole('button', { name: `${task} A+1` })).toBeVisible();
    }
  }
});

test('a click on a frame lights all its pages; again lets go; so does Esc', async ({ page }) => {
  await goTo(page, THREE_SHARERS);
  const pages = await Promise.all(['p0', 'p1', 'p2'].map((task) => pageNumber(page, task, 'A', 1)));
  const frame = { kind: 'frame', frame: await frameOf(page, pages[0]!) } as const;
  await clickCell(page, frame);
  await expectLit(page, [frame, ...pages]);
  await expect(page.getByTestId('inspector').locator('h2')).toContainText(`Frame ${frame.frame}`);
  await clickCell(page, frame);
  await expectLit(page, []);
  await expect(page.getByTestId('inspector')).toContainText('Click a page');
  await clickCell(page, frame);
  await expectLit(page, [frame, ...pages]);
  await page.keyboard.press('Escape');
  await expectLit(page, []);
});

test('a sharer named by the inspector is one click away', async ({ page }) => {
  await goTo(page, THREE_SHARERS);
  const mine = await pageNumber(page, 'p0', 'A', 1);
  await clickCell(page, mine);
  await page.getByTestId('inspector').getByRole('button', { name: 'p2 A+1' }).click();
  await expect(page.getByTestId('inspector').locator('h2')).toContainText('Page p2 A+1');
  const other = await pageNumber(page, 'p2', 'A', 1);
  expect((await litCells(page)).selected).toEqual([`p2:${other.kind === 'page' ? other.page : 0}`]);
});

test('a click does not take the keys away from the player', async ({ page }) => {
  const { step } = await goTo(page, THREE_SHARERS);
  await clickCell(page, await pageNumber(page, 'p0', 'A', 1));
  await page.keyboard.press('ArrowRight');
  await untilStep(page, step + 1);
});

test('a click on an area selects it, one beside everything lets go', async ({ page }) => {
  await goTo(page, 1);
  const band = await page.evaluate(() => {
    const items = window.faultlineView.drawList()?.items ?? [];
    const found = items.find((item) => item.type === 'panel' && item.target?.kind === 'vma');
    return found?.type === 'panel' ? { x: found.x, y: found.y, target: found.target } : null;
  });
  const canvas = page.getByTestId('stage-canvas');
  await canvas.click({ position: { x: band!.x + 3, y: band!.y + 3 } });
  await expect(page.getByTestId('inspector').locator('h2')).toContainText('Area p0');
  await canvas.click({ position: { x: band!.x - 4, y: 3 } });
  await expect(page.getByTestId('inspector')).toContainText('Click a page');
});

test('the focused picture is walked with the arrow keys, and says where it is', async ({ page }) => {
  const { step } = await goTo(page, 2);
  const first = await pageNumber(page, 'p0', 'A', 0);
  await clickCell(page, first);
  await page.getByRole('application').focus();
  const words = page.locator('#selection-words');
  await expect(words).toContainText('shared by 2');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('inspector').locator('h2')).toContainText('Page p0 A+1');
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByTestId('inspector').locator('h2')).toContainText('Page p0 A+0');
  await page.keyboard.press('ArrowUp');
  await expect(page.getByTestId('inspector').locator('h2')).toContainText('Page p0 stack');
  const title = page.getByTestId('inspector').locator('h2');
  const walkTo = async (key: string, wanted: RegExp): Promise<void> => {
    for (let i = 0; i < 20; i++) {
      const before = await title.textContent();
      if (wanted.test(before ?? '')) return;
      await page.keyboard.press(key);
      await expect(title).not.toHaveText(before ?? '');
    }
    throw new Error(`${key} never leads to ${wanted}`);
  };
  await walkTo('ArrowDown', /Page p0 heap/);
  await walkTo('ArrowRight', /Page p1 heap/);
  await walkTo('ArrowRight', /Frame/);
  // Arrows walked the picture and not the script; Esc lets go, and the clicker still turns steps.
  expect(await page.evaluate(() => document.documentElement.dataset['step'])).toBe(String(step));
  await page.keyboard.press('Escape');
  await expectLit(page, []);
  await page.keyboard.press('PageDown');
  await untilStep(page, step + 1);
});

test('every link of the chain of causes leads to its place', async ({ page }) => {
  await goTo(page, 4);
  const chips = page.locator('.chips button:not(.why)');
  await expect(chips.first()).toBeVisible();
  const count = await chips.count();
  expect(count).toBeGreaterThanOrEqual(3);
  for (let i = 0; i < count; i++) {
    await page.keyboard.press('Escape');
    await expectLit(page, []);
    await chips.nth(i).focus();
    await page.keyboard.press('Enter');
    const text = await chips.nth(i).textContent();
    await expect.poll(async () => (await litCells(page)).selected, text ?? '').toHaveLength(1);
  }
});

test('an event of the log leads to its place', async ({ page }) => {
  await goTo(page, 4);
  await page.keyboard.press('Escape');
  await expectLit(page, []);
  const lines = page.getByTestId('event-log').getByRole('button');
  await lines.filter({ hasText: /cop/i }).first().click();
  await expect.poll(async () => (await litCells(page)).selected).toHaveLength(1);
});

test('what the script wants seen is selected when its step is shown', async ({ page }) => {
  await goTo(page, 2);
  await expect(page.getByTestId('inspector').locator('h2')).toContainText('Page p0 A+2');
  const pages = await Promise.all(['p0', 'p1'].map((task) => pageNumber(page, task, 'A', 2)));
  await expectLit(page, [...pages, { kind: 'frame', frame: await frameOf(page, pages[0]!) }]);
});
