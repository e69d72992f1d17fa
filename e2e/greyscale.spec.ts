import type { Page } from '@playwright/test';
import { placeOf, untilStep } from './support/drive';
import { expect, test } from './support/lab';

/** Root mean square of the difference in brightness, 0 to 255, from which two samples look different side by side. */
const APART = 9;

/** The samples of the legend as they are drawn, in shades of grey, and how much each two of them differ. */
function pairs(page: Page): Promise<{ pair: string; apart: number }[]> {
  return page.evaluate(() => {
    const list = window.faultlineView.drawList()!;
    const canvas = document.querySelector<HTMLCanvasElement>('[data-testid="stage-canvas"]')!;
    const density = canvas.width / list.width;
    const ctx = canvas.getContext('2d')!;
    const cells = list.items.filter((item) => item.type === 'cell');
    const samples = cells.filter(({ target }) => target.kind === 'frame' && target.frame === -1);
    const grey = samples.map(({ x, y, w, h, look, owners, writeProtected }) => {
      const side = Math.floor(Math.min(w, h) * density);
      const { data } = ctx.getImageData(Math.round(x * density), Math.round(y * density), side, side);
      const shades = Array.from({ length: side * side }, (_, i) => {
        const [r, g, b, a] = [data[i * 4]!, data[i * 4 + 1]!, data[i * 4 + 2]!, data[i * 4 + 3]!];
        return ((0.2126 * r + 0.7152 * g + 0.0722 * b) * a) / 255;
      });
      return { name: `${look} ${owners.join('+')}${writeProtected ? ' read-only' : ''}`, shades };
    });
    return grey.flatMap((one, i) =>
      grey.slice(i + 1).map((other) => {
        const sum = one.shades.reduce((total, shade, at) => total + (shade - (other.shades[at] ?? 0)) ** 2, 0);
        return { pair: `${one.name} / ${other.name}`, apart: Math.sqrt(sum / one.shades.length) };
      }),
    );
  });
}

for (const theme of ['dark', 'light'] as const) {
  for (const contrast of [false, true]) {
    test.describe(`${theme}${contrast ? ', high contrast' : ''}`, () => {
      test.use({ theme, windowSize: { width: 1920, height: 1080 } });

      test('every state of the legend is told from every other without colour', async ({ page }) => {
        await untilStep(page, 0);
        await page.evaluate((on) => window.faultline.settings.set({ contrast: on }), contrast);
        await expect(page.locator('html')).toHaveAttribute('data-contrast', contrast ? 'more' : 'normal');
        await page.keyboard.press('End');
        await untilStep(page, (await placeOf(page)).steps);
        const seen = await pairs(page);
        expect(seen.length).toBeGreaterThan(40);
        expect(seen.filter(({ apart }) => apart < APART)).toEqual([]);
      });
    });
  }
}
