import { forward, placeOf, question, untilStep } from './support/drive';
import { expect, test } from './support/lab';
import type { Page } from '@playwright/test';

/** Forward from the start to the end by keys alone; the state's hash at every step. */
async function playThrough(page: Page): Promise<string[]> {
  let place = await untilStep(page, 0);
  const hashes = [place.hash];
  while (place.step < place.steps) {
    place = await forward(page);
    hashes.push(place.hash);
  }
  return hashes;
}

test('the lab opens with the tour at its start and a picture of it', async ({ page }) => {
  const place = await untilStep(page, 0);
  expect(place.steps).toBeGreaterThan(8);
  expect(place.failed).toBe(0);
  await expect(page).toHaveTitle('Who copies, and when? · Faultline');
  await expect(page.getByTestId('where')).toHaveText(`step 0 of ${place.steps}`);
  await expect(page.getByTestId('sentence')).toContainText('Fork shares every page');
});

test('the first key leads to the first step', async ({ page }) => {
  await page.keyboard.press('ArrowRight');
  const place = await untilStep(page, 1);
  expect(place.failed).toBe(0);
  await expect(page.getByTestId('sentence')).toContainText('eight pages');
});

test('played to the end by one key every claim holds; again and backwards every step is the same', async ({ page }) => {
  const first = await playThrough(page);
  expect((await placeOf(page)).failed).toBe(0);
  await page.keyboard.press('ArrowRight'); // at the end there is no more
  expect(await placeOf(page)).toMatchObject({ step: first.length - 1, failed: 0 });

  for (let step = first.length - 2; step >= 0; step--) {
    await page.keyboard.press('ArrowLeft');
    expect((await untilStep(page, step)).hash, `back at ${step}`).toBe(first[step]);
  }
  await page.keyboard.press('ArrowLeft'); // nor before the start
  expect((await placeOf(page)).step).toBe(0);

  await page.keyboard.press('End');
  expect((await untilStep(page, first.length - 1)).hash).toBe(first.at(-1));
  await page.keyboard.press('Home');
  expect(await playThrough(page)).toEqual(first);
  expect((await placeOf(page)).failed).toBe(0);
});

test('a question comes before its step, takes an answer, and is answered by what happens', async ({ page }) => {
  await forward(page);
  await page.keyboard.press('ArrowRight');
  await expect(question(page)).toContainText('How many pages of memory does the kernel copy?');
  expect((await placeOf(page)).step).toBe(1);

  const choices = question(page).locator('.choice');
  await expect(choices).toHaveText(['A0', 'B1', 'C6', 'D8']); // key and choice
  await page.keyboard.press('c');
  await expect(choices.nth(2)).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('a');
  await expect(choices.nth(0)).toHaveAttribute('aria-pressed', 'true');
  await expect(choices.nth(2)).toHaveAttribute('aria-pressed', 'false');

  await page.keyboard.press('ArrowRight');
  await untilStep(page, 2);
  await expect(question(page)).toBeHidden();
  await expect(page.getByTestId('sentence')).toContainText('still one copy of every page');
});

test('a question can be left, by Esc and by going back, and nothing has happened', async ({ page }) => {
  const { hash } = await forward(page);
  for (const key of ['Escape', 'ArrowLeft']) {
    await page.keyboard.press('ArrowRight');
    await expect(question(page)).toBeVisible();
    await page.keyboard.press(key);
    await expect(question(page)).toBeHidden();
    expect(await placeOf(page)).toMatchObject({ step: 1, hash });
  }
});

test('clickers, space and letters turn steps too', async ({ page }) => {
  const keys: readonly (readonly [on: string, back: string])[] = [
    ['PageDown', 'PageUp'],
    ['Space', 'Shift+Space'],
    ['n', 'p'],
  ];
  const { hash } = await untilStep(page, 0);
  for (const [on, back] of keys) {
    await forward(page, on);
    await page.keyboard.press(back);
    expect((await untilStep(page, 0)).hash).toBe(hash);
  }
});

test('chapters and bookmarks are one key away', async ({ page }) => {
  const chapter = page.getByTestId('chapter');
  await page.keyboard.press('ArrowDown');
  await untilStep(page, 1);
  await expect(chapter).toHaveText(/^1 /);
  await page.keyboard.press('ArrowDown');
  await expect(chapter).toHaveText(/^2 /);
  await expect.poll(async () => (await placeOf(page)).step).toBeGreaterThan(2);
  await page.keyboard.press('ArrowUp');
  await untilStep(page, 1);

  await page.keyboard.press(']');
  await untilStep(page, 2);
  await expect(page.getByTestId('sentence')).toContainText('Fork.');
  await page.keyboard.press(']');
  await expect(page.getByTestId('sentence')).toContainText('The child writes page 2');
  await page.keyboard.press('[');
  await untilStep(page, 2);
});

test('the buttons above the picture do what their keys do', async ({ page }) => {
  const { steps, hash } = await untilStep(page, 0);
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  await expect(button('Previous step')).toBeDisabled();
  await button('Next step').click();
  await untilStep(page, 1);
  await button('Last step').click();
  await untilStep(page, steps);
  await expect(button('Next step')).toBeDisabled();
  await button('Previous step').click();
  await untilStep(page, steps - 1);
  await button('First step').click();
  expect((await untilStep(page, 0)).hash).toBe(hash);
});

test('play goes on by itself and stops where the class is asked', async ({ page }) => {
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(question(page)).toBeVisible({ timeout: 20_000 });
  expect((await placeOf(page)).step).toBe(1);
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
});

test('the timeline is dragged to any step', async ({ page }) => {
  const { steps } = await untilStep(page, 0);
  const hashes = new Map([[0, (await placeOf(page)).hash]]);
  const canvas = page.getByTestId('timeline-canvas');
  const box = (await canvas.boundingBox())!;
  const middle = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width - 2, middle);
  await page.mouse.down();
  hashes.set(steps, (await untilStep(page, steps)).hash);
  await page.mouse.move(box.x + box.width / 2, middle, { steps: 4 });
  await page.waitForFunction((end) => Number(document.documentElement.dataset['step']) < end, steps);
  await page.mouse.move(box.x + 2, middle, { steps: 3 });
  expect((await untilStep(page, 0)).hash).toBe(hashes.get(0));
  // However fast the hand is, the picture arrives where it stops.
  await page.mouse.move(box.x + box.width - 2, middle, { steps: 40 });
  expect((await untilStep(page, steps)).hash).toBe(hashes.get(steps));
  await page.mouse.up();
  await page.mouse.move(box.x + 2, middle); // let go: nothing follows any more
  expect((await placeOf(page)).step).toBe(steps);
});

test('the timeline is a slider for the keyboard, which says where it is', async ({ page }) => {
  const { steps } = await untilStep(page, 0);
  const slider = page.getByRole('slider', { name: 'Step' });
  await slider.focus();
  await page.keyboard.press('ArrowRight');
  await untilStep(page, 1);
  await expect(slider).toHaveAttribute('aria-valuenow', '1');
  await expect(slider).toHaveAttribute('aria-valuetext', /^step 1 of \d+: One process/);
  await page.keyboard.press('End');
  await untilStep(page, steps);
  await page.keyboard.press('ArrowLeft');
  await untilStep(page, steps - 1);
  await page.keyboard.press('Home');
  await untilStep(page, 0);
});

test('the menu’s steps are the keys’ steps', async ({ app, page }) => {
  const { steps } = await untilStep(page, 0);
  const choose = (label: string): Promise<void> =>
    app.evaluate(({ Menu }, wanted) => {
      const play = Menu.getApplicationMenu()?.items.find((item) => item.label.replace('&', '') === 'Play');
      const item = play?.submenu?.items.find((one) => one.label.replace('&', '') === wanted);
      if (item === undefined) throw new Error(`the menu has no ${wanted}`);
      item.click();
    }, label);
  await choose('Next Step');
  await untilStep(page, 1);
  await choose('Last Step');
  await untilStep(page, steps);
  await choose('First Step');
  await untilStep(page, 0);
});

test('the sheet of keys opens and closes', async ({ page }) => {
  await page.keyboard.press('?');
  await expect(page.getByTestId('keys-sheet')).toBeVisible();
  await expect(page.getByTestId('keys-sheet')).toContainText(/Electron \d/);
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('keys-sheet')).toBeHidden();
  await forward(page);
});
