/** Driving the lab as a person does, and reading what it says about itself. Nothing here waits for time. */
import { expect, type Locator, type Page } from '@playwright/test';
import type { Selection } from '../../engine/protocol/snapshot.ts';

export interface Place {
  readonly step: number;
  readonly steps: number;
  readonly hash: string;
  readonly failed: number;
}

/** Where the lab says it is. */
export function placeOf(page: Page): Promise<Place> {
  return page.evaluate(() => {
    const { step, steps, hash, expectFailed } = document.documentElement.dataset;
    return { step: Number(step), steps: Number(steps), hash: hash ?? '', failed: Number(expectFailed) };
  });
}

/** Waits for a step, and for the picture of it. */
export async function untilStep(page: Page, step: number): Promise<Place> {
  await page.waitForFunction((wanted) => {
    const { step, hash } = document.documentElement.dataset;
    const canvas = document.querySelector<HTMLElement>('[data-testid="stage-canvas"]');
    return step === wanted && hash !== undefined && canvas?.dataset['painted'] === hash;
  }, String(step));
  return placeOf(page);
}

export const question = (page: Page): Locator => page.getByTestId('question');

/** One step on with a key, past the question that may open it. */
export async function forward(page: Page, key = 'ArrowRight'): Promise<Place> {
  const { step } = await placeOf(page);
  await page.keyboard.press(key);
  // Either the step is done, or the question stands there.
  await page.waitForFunction((before) => {
    const asked = document.querySelector('[data-testid="question"]') !== null;
    return asked || document.documentElement.dataset['step'] !== before;
  }, String(step));
  if ((await placeOf(page)).step === step) await page.keyboard.press(key);
  return untilStep(page, step + 1);
}

/** To a step by keys alone: the nearer of start and end, then one by one. */
export async function goTo(page: Page, step: number): Promise<Place> {
  await page.keyboard.press('Home');
  let place = await untilStep(page, 0);
  while (place.step < step) place = await forward(page);
  return place;
}

/** The number of a page named as the lecture does: p0, A, 2. Read from the picture's twin. */
export async function pageNumber(page: Page, task: string, region: string, at: number): Promise<Selection> {
  const key = await page.evaluate(
    ([task, region, at]) => {
      const rows = [...document.querySelectorAll<HTMLElement>('[data-testid="page-rows"] tr[data-key]')];
      const row = rows.find((tr) => {
        const cells = [...tr.children].map((cell) => cell.textContent.trim());
        return cells[0] === task && cells[1] === region && cells[2] === at;
      });
      return row?.dataset['key'] ?? '';
    },
    [task, region, String(at)],
  );
  const [pid, number] = key.slice(1).split(':').map(Number);
  if (pid === undefined || number === undefined) throw new Error(`${task} ${region}+${at} is not in the picture`);
  return { kind: 'page', pid, page: number };
}

/** Clicks the middle of a cell in the picture with the mouse. */
export async function clickCell(page: Page, target: Selection): Promise<void> {
  const box = await page.evaluate((of) => window.faultlineView.boxOf(of), target);
  if (box === null) throw new Error(`${JSON.stringify(target)} is not drawn`);
  const canvas = page.getByTestId('stage-canvas');
  await canvas.click({ position: { x: box.x + box.w / 2, y: box.y + box.h / 2 } });
}

export interface Lit {
  /** `p0:A+2` would need names; these are `p0:34359697666` and `f14`. */
  readonly lit: readonly string[];
  readonly selected: readonly string[];
}

/** Keys of the cells that are lit and selected in the picture. */
export function litCells(page: Page): Promise<Lit> {
  return page.evaluate(() => {
    const cells = (window.faultlineView.drawList()?.items ?? []).filter((item) => item.type === 'cell');
    const keyOf = ({ target }: (typeof cells)[number]): string =>
      target.kind === 'frame' ? `f${target.frame}` : target.kind === 'page' ? `p${target.pid}:${target.page}` : '';
    return {
      lit: cells
        .filter(({ lit }) => lit)
        .map(keyOf)
        .sort(),
      selected: cells.filter(({ selected }) => selected).map(keyOf),
    };
  });
}

export const keyOf = (target: Selection): string =>
  target.kind === 'frame' ? `f${target.frame}` : target.kind === 'page' ? `p${target.pid}:${target.page}` : '';

/** Waits until exactly these cells are lit. */
export async function expectLit(page: Page, targets: readonly Selection[]): Promise<void> {
  const wanted = targets.map(keyOf).sort();
  await expect.poll(async () => (await litCells(page)).lit).toEqual(wanted);
}

/** The frame that a page lies in, read from the picture's twin. */
export async function frameOf(page: Page, target: Selection): Promise<number> {
  const row = page.locator(`[data-testid="page-rows"] tr[data-key="${keyOf(target)}"]`);
  return Number(await row.locator('td').nth(5).textContent());
}
