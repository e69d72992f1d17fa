import { mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { serious } from './support/axe';
import { forward, goTo, placeOf, untilStep } from './support/drive';
import { expect, root, test } from './support/lab';

const LESSON = path.join(root, 'scenarios', 'use-after-free', 'scenario.yaml');
const line = (page: Page, number: number): Locator => page.locator(`[data-testid="source"] li[data-line="${number}"]`);
const variable = (page: Page, name: string): Locator =>
  page.getByTestId('variables').locator(`li[data-key$=":${name}"]`);

test.describe('a lesson with a program', () => {
  test.use({ args: [LESSON] });

  test('shows its text from the start, and the line that is next at each step, forward and back', async ({ page }) => {
    await untilStep(page, 0);
    await expect(line(page, 6)).toContainText('strcpy(note');
    await expect(page.getByTestId('code-where')).toHaveText('not started');
    await forward(page);
    await expect(line(page, 8)).toHaveClass(/current/);
    await expect(line(page, 7)).toHaveClass(/ran/);
    await expect(line(page, 9)).not.toHaveClass(/ran/);
    await forward(page);
    await expect(line(page, 9)).toHaveClass(/current/);
    await expect(variable(page, 'at_once').getByTestId('value')).toHaveText("101 'e'");
    await page.keyboard.press('ArrowLeft');
    await untilStep(page, 1);
    await expect(line(page, 8)).toHaveClass(/current/);
    await expect(variable(page, 'at_once').getByTestId('value')).toHaveText('declared further down');
  });

  test('keys and buttons run it as commands of the console, which step back takes away', async ({ page }) => {
    await goTo(page, 1);
    const before = await placeOf(page);
    await page.keyboard.press('v');
    await untilStep(page, 2);
    await expect(line(page, 9)).toHaveClass(/current/);
    await expect(page.getByTestId('console-lines')).toContainText('p0 step');
    await page.getByRole('button', { name: 'Into the call' }).click();
    await untilStep(page, 3);
    await page.getByRole('button', { name: 'Run until a system call' }).click();
    await untilStep(page, 4);
    await expect(page.locator('[data-testid="source"] em.syscall')).toHaveCount(1);
    for (const step of [3, 2, 1]) {
      await page.keyboard.press('ArrowLeft');
      await untilStep(page, step);
    }
    expect((await placeOf(page)).hash).toBe(before.hash);
    await expect(line(page, 8)).toHaveClass(/current/);
  });

  test('a click on a line number runs to there', async ({ page }) => {
    await goTo(page, 1);
    await page.getByRole('button', { name: 'Run to line 11', exact: true }).click();
    await untilStep(page, 2);
    await expect(line(page, 11)).toHaveClass(/current/);
    await expect(variable(page, 'other')).toHaveClass(/fresh/);
    await expect(variable(page, 'other').getByTestId('value')).toContainText('block of 40 B');
  });

  test('a variable shows its bytes, and a pointer its page in the picture', async ({ page }) => {
    await goTo(page, 2);
    await page.getByRole('button', { name: 'at_once', exact: true }).click();
    await expect(page.getByTestId('member-bytes')).toContainText('65');
    await expect(page.getByTestId('inspector').locator('h2')).toContainText('Page p0 stack+');
    await variable(page, 'note').getByRole('button', { name: /freed/ }).click();
    await expect(page.getByTestId('inspector').locator('h2')).toContainText('Page p0 heap+0');
  });

  test('the line that killed it is marked', async ({ page }) => {
    await goTo(page, 6);
    await expect(page.getByTestId('code-where')).toHaveText('killed by SIGSEGV');
    await expect(line(page, 15)).toHaveClass(/dead/);
    await expect(page.getByRole('button', { name: 'Next line' })).toBeDisabled();
  });

  test('C puts the pane away and back', async ({ page }) => {
    await untilStep(page, 0);
    await page.keyboard.press('c');
    await expect(page.getByTestId('code-pane')).toHaveCount(0);
    await page.keyboard.press('c');
    await expect(page.getByTestId('code-pane')).toBeVisible();
  });
});

test('an own program is edited, refused at its place, mended, loaded and run', async ({ page }) => {
  await untilStep(page, 0);
  await page.keyboard.press('c');
  const editor = page.getByTestId('code-editor').getByRole('textbox');
  await expect(editor).toBeVisible();
  await editor.press('Control+a');
  await page.keyboard.insertText('int main(void) {\n  int total = 4;\n  total = totl + 3;\n  return total;\n}\n');
  const problem = page.getByTestId('code-problem');
  await expect(problem).toContainText('line 3, column 11');
  await expect(page.getByTestId('code-editor').locator('.cm-lintRange-error')).toHaveText('totl');
  await expect(page.getByRole('button', { name: 'Load it' })).toBeDisabled();
  // The lesson behind is where it was.
  await expect(page.locator('h1')).toContainText('Who copies');
  await editor.press('Control+a');
  await page.keyboard.insertText('int main(void) {\n  int total = 4;\n  total = total + 3;\n  return total;\n}\n');
  await expect(problem).toContainText('It compiles');
  await editor.press('Control+Enter');
  await untilStep(page, 1);
  await expect(page.locator('h1')).toHaveText('mine.c');
  await page.keyboard.press('v');
  await untilStep(page, 2);
  await page.getByRole('button', { name: 'Run to line 4', exact: true }).click();
  await untilStep(page, 3);
  await expect(variable(page, 'total').getByTestId('value')).toHaveText('7');
});

test('programs beside a scenario are found, and a C file opens by itself', async ({ launch }) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'faultline-c-'));
  await writeFile(path.join(folder, 'add.c'), 'int main(void) {\n  int sum = 2 + 3;\n  return sum;\n}\n');
  const scenario = path.join(folder, 'scenario.yaml');
  await writeFile(
    scenario,
    'format: faultline/1\ntitle: Beside\nprograms:\n  add: add.c\nchapters:\n  - title: Run\n    steps:\n' +
      '      - { say: It adds., do: [ p0 exec add, run p0 to line 3 ], expect: [ p0.sum == 5 ] }\n',
  );
  const first = await launch({ args: [scenario] });
  await goTo(first.page, 1);
  await expect(variable(first.page, 'sum').getByTestId('value')).toHaveText('5');
  await first.app.close();
  const second = await launch({ args: [path.join(folder, 'add.c')] });
  await untilStep(second.page, 1);
  await expect(second.page.locator('h1')).toHaveText('add.c');
  await expect(line(second.page, 2)).toContainText('int sum');
});

for (const theme of ['dark', 'light'] as const) {
  for (const [width, height] of [
    [1280, 720],
    [1920, 1080],
  ] as const) {
    // prettier-ignore
    test.describe(`${width} × ${height}, ${theme}`, () => {
      test.use({ args: [LESSON], theme, windowSize: { width, height } });

      test('nothing serious stands in the way of reading a program', async ({ page, shot }) => {
        await goTo(page, 2);
        await page.getByRole('button', { name: 'note', exact: true }).click();
        expect(await serious(page)).toEqual([]);
        await shot(`code-${width}x${height}-${theme}`);
        await page.getByRole('button', { name: 'Edit the program' }).click();
        await expect(page.getByTestId('code-editor').getByRole('textbox')).toBeVisible();
        expect(await serious(page)).toEqual([]);
        await shot(`code-editor-${width}x${height}-${theme}`);
      });
    });
  }
}
