import { serious } from './support/axe';
import { forward, goTo, placeOf, question, untilStep } from './support/drive';
import { expect, test } from './support/lab';

for (const theme of ['dark', 'light'] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ theme, windowSize: { width: 1280, height: 720 } });

    test('nothing serious stands in the way at the start, at a copy, at a question and at the end', async ({
      page,
    }) => {
      await untilStep(page, 0);
      expect(await serious(page)).toEqual([]);
      await goTo(page, 4);
      expect(await serious(page)).toEqual([]);
      await page.keyboard.press('ArrowRight');
      await expect(question(page)).toBeVisible();
      expect(await serious(page)).toEqual([]);
      await page.keyboard.press('End');
      await untilStep(page, (await placeOf(page)).steps);
      expect(await serious(page)).toEqual([]);
    });

    test('nor on the sheet of keys, in the console and over a refused file', async ({ page }) => {
      await goTo(page, 1);
      await page.keyboard.press('?');
      await expect(page.getByTestId('keys-sheet')).toBeVisible();
      expect(await serious(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByTestId('console-input').click();
      await page.keyboard.type('p0 tuch');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Control+a');
      await page.keyboard.type('p0 ');
      await expect(page.getByRole('listbox')).toBeVisible();
      expect(await serious(page)).toEqual([]);
      const dataTransfer = await page.evaluateHandle(() => {
        const transfer = new DataTransfer();
        transfer.items.add(new File(['format: faultline/1\ntitel: x\n'], 'broken.yaml'));
        return transfer;
      });
      await page.dispatchEvent('body', 'drop', { dataTransfer });
      await expect(page.getByTestId('refused')).toBeVisible();
      expect(await serious(page)).toEqual([]);
    });
  });
}

test('the sentence is read out politely whenever it changes', async ({ page }) => {
  await untilStep(page, 0);
  const sentence = page.getByTestId('sentence');
  await expect(sentence).toHaveAttribute('aria-live', 'polite');
  // A region that is replaced together with its text is not read out by every reader: it must stay the same element.
  const same = await sentence.elementHandle();
  await forward(page);
  await expect(sentence).toContainText('One process.');
  expect(await same?.evaluate((element) => element.isConnected)).toBe(true);
});

test('everything that can be clicked can be reached by Tab, and shows where the focus is', async ({ page }) => {
  await goTo(page, 4);
  const seen = new Set<string>();
  const unmarked: string[] = [];
  for (let i = 0; i < 120; i++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement | null;
      if (element === null || element === document.body) return null;
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      const name = element.getAttribute('aria-label') ?? element.textContent.trim();
      const marked = outlineStyle !== 'none' && outlineWidth !== '0px';
      const again = element.dataset['visited'] === 'true';
      element.dataset['visited'] = 'true';
      return { name, marked, again };
    });
    if (at === null) continue;
    if (at.again) break;
    seen.add(at.name);
    if (!at.marked) unmarked.push(at.name);
  }
  expect([...new Set(unmarked)]).toEqual([]);
  const wanted = await page.evaluate(() =>
    [
      ...document.querySelectorAll<HTMLElement>(
        'button, input, [role="button"], [role="slider"], [role="application"], summary',
      ),
    ]
      .filter((element) => element.checkVisibility() && !(element as HTMLButtonElement).disabled)
      // Arrows go on from the one that Tab reaches.
      .filter((element) => element.tabIndex >= 0)
      .filter((element) => element.closest('[data-testid="event-log"]') === null)
      .map((element) => element.getAttribute('aria-label') ?? element.textContent.trim()),
  );
  expect(wanted.filter((name) => !seen.has(name))).toEqual([]);
  expect(wanted.length).toBeGreaterThan(12);
});

test('the tables beside the picture hold what the picture shows', async ({ page }) => {
  const { steps } = await untilStep(page, 0);
  for (let step = 0; ; step++) {
    const { picture, table } = await page.evaluate(() => {
      const words: Record<string, string> = {
        unmapped: 'unmapped',
        reserved: 'not present',
        zero: 'zero page',
        resident: 'resident, writable',
        readOnly: 'resident, read-only',
        noAccess: 'no access',
      };
      const drawn = (window.faultlineView.drawList()?.items ?? []).flatMap((item) => {
        if (item.type !== 'cell') return [];
        const { target, meaning, fresh, owners } = item;
        if (target.kind === 'page' && meaning.of === 'page') {
          const frame = meaning.frame < 0 ? '' : meaning.frame;
          return [`p${target.pid}:${target.page} ${words[meaning.state]} ${frame} ${meaning.sharers} ${fresh}`];
        }
        if (target.kind !== 'frame' || meaning.of !== 'frame' || target.frame < 0) return [];
        const tasks = owners.map((pid) => `p${pid}`).join(' ');
        return [`f${target.frame} ${meaning.use} ${tasks} ${meaning.mapcount} ${fresh}`];
      });
      const rowsOf = (id: string): string[][] =>
        [...document.querySelectorAll<HTMLElement>(`[data-testid="${id}"] tr[data-key]`)].map((row) => [
          row.dataset['key'] ?? '',
          ...[...row.children].map((cell) => cell.textContent.trim()),
        ]);
      const pages = rowsOf('page-rows').map(
        ([key, , , , , state, frame, sharers, changed]) => `${key} ${state} ${frame} ${sharers} ${changed !== ''}`,
      );
      const frames = rowsOf('frame-rows').map(
        ([key, , use, tasks, entries, changed]) => `${key} ${use} ${tasks} ${entries} ${changed !== ''}`,
      );
      return { picture: drawn.sort(), table: [...pages, ...frames].sort() };
    });
    expect(table, `step ${step}`).toEqual(picture);
    expect(table.length).toBeGreaterThan(64);
    if (step === steps) return;
    await forward(page);
  }
});

test('people who asked for less movement see none', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const { hash } = await goTo(page, 3);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  // Painted in the first animation frame that knows the step: nothing slides there.
  const frames = await page.evaluate(
    (before) =>
      new Promise<number>((resolve) => {
        let count = 0;
        requestAnimationFrame(function look() {
          const { hash } = document.documentElement.dataset;
          const canvas = document.querySelector<HTMLElement>('[data-testid="stage-canvas"]');
          if (hash !== before) {
            if (canvas?.dataset['painted'] === hash) return resolve(count);
            count++;
          }
          requestAnimationFrame(look);
        });
      }),
    hash,
  );
  expect(frames).toBeLessThanOrEqual(2);
});
