import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { forward, placeOf, question, untilStep } from './support/drive';
import { expect, root, test } from './support/lab';

const SIZES = [
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
  { width: 3840, height: 2160 },
] as const;

/** Text that is wider or higher than the box it stands in, in the parts of the window that are no picture. */
function clippedWords(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const clipped: string[] = [];
    for (const element of document.querySelectorAll<HTMLElement>('body *')) {
      if (!element.checkVisibility() || element.closest('.visually-hidden, canvas, svg') !== null) continue;
      // The beginning of what unfolds, or of a text that a pointer leads to: all of it is one click away.
      if (element.closest('[data-preview]') !== null) continue;
      const words = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.nodeValue?.trim());
      if (!words) continue;
      const { overflowX, overflowY, textOverflow } = getComputedStyle(element);
      const hides = overflowX === 'hidden' || overflowX === 'clip' || textOverflow === 'ellipsis';
      const name = `${element.tagName.toLowerCase()}.${element.className} "${element.textContent.trim().slice(0, 60)}"`;
      if (hides && element.scrollWidth > element.clientWidth + 1) clipped.push(`${name} is cut off at its right`);
      if (overflowY === 'hidden' && element.scrollHeight > element.clientHeight + 1)
        clipped.push(`${name} is cut off below`);
      const box = element.getBoundingClientRect();
      const leaves = box.right > innerWidth + 1 || box.left < -1 || box.bottom > innerHeight + 1 || box.top < -1;
      if (leaves && element.closest('[data-testid="event-log"], .lines, .body') === null)
        clipped.push(`${name} leaves the window`);
      // A box that hides what does not fit may cut a child that fits into itself.
      const keeper = element.closest<HTMLElement>('.chips, .answers, .line, .names, .transport');
      const outer = keeper?.getBoundingClientRect();
      if (outer !== undefined && (box.bottom > outer.bottom + 2 || box.right > outer.right + 2)) {
        clipped.push(`${name} is cut off by ${keeper?.className}`);
      }
    }
    return clipped;
  });
}

/** Words of the picture that lie on others, leave their panel or are shortened, measured with the real fonts. */
function crowdedWords(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const list = window.faultlineView.drawList();
    const ctx = document.createElement('canvas').getContext('2d');
    if (list === null || ctx === null) return ['there is no picture'];
    const families = {
      sans: "'Inter Variable', system-ui, sans-serif",
      mono: "'JetBrains Mono Variable', ui-monospace, monospace",
    };
    const problems: string[] = [];
    const panels = list.items.filter((item) => item.type === 'panel');
    const cells = list.items.filter((item) => item.type === 'cell');
    const texts = list.items.flatMap((item) => {
      if (item.type !== 'text' || item.text === '') return [];
      ctx.font = `${item.weight} ${item.size}px ${families[item.font]}`;
      const full = ctx.measureText(item.text).width;
      // max is Infinity for words that are never shortened.
      if (full > item.max + 0.5)
        problems.push(`"${item.text}" is shortened: ${full.toFixed(0)} of ${item.max.toFixed(0)} px`);
      const w = Math.min(full, item.max);
      const x = item.align === 'left' ? item.x : item.align === 'right' ? item.x - w : item.x - w / 2;
      return [{ text: item.text, x, y: item.y - item.size * 0.74, w, h: item.size * 0.9 }];
    });
    type Box = { x: number; y: number; w: number; h: number };
    const overlap = (a: Box, b: Box): boolean =>
      a.x + a.w > b.x + 1 && b.x + b.w > a.x + 1 && a.y + a.h > b.y + 1 && b.y + b.h > a.y + 1;
    texts.forEach((text, i) => {
      for (const other of texts.slice(i + 1)) {
        if (overlap(text, other)) problems.push(`"${text.text}" lies on "${other.text}"`);
      }
      if (cells.some((cell) => overlap(text, cell))) problems.push(`"${text.text}" lies on a cell`);
      // The innermost panel that its middle lies in has to hold all of it.
      const middle = { x: text.x + text.w / 2, y: text.y + text.h / 2 };
      const home = panels.findLast(
        ({ x, y, w, h }) => middle.x >= x && middle.x <= x + w && middle.y >= y && middle.y <= y + h,
      );
      const inside =
        home !== undefined &&
        text.x >= home.x - 1 &&
        text.x + text.w <= home.x + home.w + 1 &&
        text.y >= home.y - 1 &&
        text.y + text.h <= home.y + home.h + 1;
      if (!inside) problems.push(`"${text.text}" leaves its panel`);
    });
    return [...new Set(problems)];
  });
}

for (const theme of ['dark', 'light'] as const) {
  for (const windowSize of SIZES) {
    const { width, height } = windowSize;
    test.describe(`${width}×${height}, ${theme}`, () => {
      test.use({ theme, windowSize });

      test('every moment of the tour has room for its words', async ({ page, shot }) => {
        const look = async (moment: string): Promise<void> => {
          await shot(`${moment}-${width}x${height}-${theme}`);
          expect.soft(await clippedWords(page), `words at ${moment}`).toEqual([]);
          expect.soft(await crowdedWords(page), `words of the picture at ${moment}`).toEqual([]);
        };
        await untilStep(page, 0);
        const [innerWidth, innerHeight] = await page.evaluate(() => [window.innerWidth, window.innerHeight]);
        // Some window systems round to device pixels.
        expect(Math.abs(innerWidth! - width) + Math.abs(innerHeight! - height)).toBeLessThanOrEqual(2);
        await look('start');
        await forward(page);
        await page.keyboard.press('ArrowRight');
        await expect(question(page)).toBeVisible();
        await page.keyboard.press('c');
        await look('question');
        await page.keyboard.press('ArrowRight');
        await untilStep(page, 2);
        await look('fork');
        await forward(page);
        await forward(page);
        await look('copy');
        const { steps } = await placeOf(page);
        await page.keyboard.press('End');
        await untilStep(page, steps);
        await look('end');
        await page.keyboard.press('?');
        await expect(page.getByTestId('keys-sheet')).toBeVisible();
        await look('keys');
        await page.keyboard.press('Escape');
        const text = await readFile(path.join(root, 'e2e', 'fixtures', 'broken.yaml'), 'utf8');
        const dataTransfer = await page.evaluateHandle((content) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([content], 'a lesson.yaml'));
          return transfer;
        }, text);
        await page.dispatchEvent('body', 'drop', { dataTransfer });
        await expect(page.getByTestId('refused')).toBeVisible();
        await look('refused');
      });
    });
  }
}

/** Every lesson that comes with the lab. */
const LESSONS = readdirSync(path.join(root, 'scenarios'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

for (const [i, lesson] of LESSONS.entries()) {
  // All of them in the smallest window, where room is short, and every third in a large one: each takes seconds.
  for (const windowSize of i % 3 === 0 ? [SIZES[0], SIZES[1]] : [SIZES[0]]) {
    test.describe(`${lesson} at ${windowSize.width}×${windowSize.height}`, () => {
      test.use({ windowSize, args: [[path.join(root, 'scenarios', lesson)], { scope: 'test' }] });

      test('nothing moves from its place between steps, and all words have room', async ({ page }) => {
        const { steps } = await untilStep(page, 0);
        const start = await layoutOf(page);
        const look = async (moment: string): Promise<void> => {
          const now = await layoutOf(page);
          expect.soft(now.boxes, `places at ${moment}`).toEqual(start.boxes);
          // A heap may stand where the frames were.
          if (now.frames.length > 0) expect.soft(now.frames, `frames at ${moment}`).toEqual(start.frames);
          expect.soft(await clippedWords(page), `words at ${moment}`).toEqual([]);
          expect.soft(await crowdedWords(page), `words of the picture at ${moment}`).toEqual([]);
        };
        for (let step = 0; step < steps; step++) {
          await page.keyboard.press('ArrowRight');
          await page.waitForFunction((before) => {
            const asked = document.querySelector('[data-testid="question"]') !== null;
            return asked || document.documentElement.dataset['step'] !== before;
          }, String(step));
          if (await question(page).isVisible()) {
            await look(`the question before step ${step + 1}`);
            await page.keyboard.press('b');
            await page.keyboard.press('ArrowRight');
          }
          await untilStep(page, step + 1);
          await look(`step ${step + 1}`);
        }
        expect((await placeOf(page)).failed).toBe(0);
      });
    });
  }
}

/** Where the parts of the window and the frames on the board are. */
function layoutOf(page: Page): Promise<{ boxes: string[]; frames: string[] }> {
  return page.evaluate(() => {
    const parts = [...document.querySelectorAll('.card, .stage, .timeline, .bottom > *, .transport button')];
    const boxes = parts.map((part) => {
      const { x, y, width, height } = part.getBoundingClientRect();
      return `${part.className} ${[x, y, width, height].map((n) => n.toFixed(1)).join(' ')}`;
    });
    const frames = (window.faultlineView.drawList()?.items ?? []).flatMap((item) =>
      item.type === 'cell' && item.target.kind === 'frame' && item.target.frame >= 0
        ? [`${item.target.frame} ${item.x} ${item.y} ${item.w}`]
        : [],
    );
    return { boxes, frames };
  });
}
