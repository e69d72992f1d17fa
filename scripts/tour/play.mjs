/**
 * Plays a scenario to its end in the real app, as a person would: the right arrow key, then a look at the window.
 * What the window says about itself is read from the DOM (data-… on the document element, data-testid on parts).
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { _electron } from '@playwright/test';
import { inRoot, root } from '../lib/root.mjs';
import { firstLine } from '../lib/say.mjs';
import { isRoot } from '../lib/user.mjs';

const READY_MS = 60_000;
const STEP_MS = 20_000;
/** No scenario is longer; a window that counts on for ever ends here. */
const MAX_STEPS = 2_000;
const WINDOW = '1440x900';
const THUMBNAIL_WIDTH = 720;

/**
 * @param {{runtime: object, switches: string[], env: object}} prepared from prepareApp
 * @param {string[]} args passed on to the app, for example a scenario file
 * @param {string} folder where the numbered screenshots go; emptied first
 * @returns {Promise<object>} `{runtime, steps, failed, problems, shots}`; a shot is
 * `{step, name, chapter, sentence, hash, expectations: [{text, ok}], file, thumbnail}`
 */
export async function playTour(prepared, args, folder) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const userData = await mkdtemp(path.join(os.tmpdir(), 'faultline-tour-'));
  const tour = { runtime: prepared.runtime.label, steps: 0, failed: 0, problems: [], shots: [] };
  let app;
  try {
    app = await _electron.launch({
      executablePath: prepared.runtime.executable,
      args: ['-r', inRoot('scripts', 'app', 'hold-until-attached.cjs'), ...prepared.switches, root, ...args],
      env: { FAULTLINE_WINDOW: WINDOW, ...prepared.env, FAULTLINE_USER_DATA: userData },
      chromiumSandbox: !isRoot(),
      timeout: READY_MS,
    });
    await playSteps(app, tour, folder);
  } catch (error) {
    tour.problems.push(`the app did not get through: ${firstLine(error)}`);
  } finally {
    await app?.close();
    await rm(userData, { recursive: true, force: true });
  }
  return tour;
}

async function playSteps(app, tour, folder) {
  const page = await app.firstWindow();
  page.on('pageerror', (error) => tour.problems.push(`error in the window: ${firstLine(error)}`));
  page.on('console', (message) => {
    if (message.type() === 'error') tour.problems.push(`the window's console: ${message.text()}`);
  });
  page.on('crash', () => tour.problems.push('the window crashed'));
  await page.waitForFunction(() => document.documentElement.dataset.ready === 'true', null, { timeout: READY_MS });

  tour.shots.push(await look(app, page, folder, '000'));
  const total = Number(await page.evaluate(() => document.documentElement.dataset.steps));
  if (!(total >= 1 && total <= MAX_STEPS)) throw new Error('the window shows no scenario with steps (data-steps)');
  for (let step = tour.shots[0].step + 1; step <= total; step++) {
    const number = String(step).padStart(3, '0');
    await page.keyboard.press('ArrowRight');
    if ((await untilStepOrQuestion(page, step)) === 'question') {
      tour.shots.push(await look(app, page, folder, `${number}-question`));
      await page.keyboard.press('ArrowRight');
      await untilStep(page, step);
    }
    tour.shots.push(await look(app, page, folder, number));
  }
  tour.steps = total;
  tour.failed = Number(await page.evaluate(() => document.documentElement.dataset.expectFailed ?? 0));
}

/** A step that opens with a question shows it first; the key after that reveals. */
async function untilStepOrQuestion(page, step) {
  const seen = await page.waitForFunction(
    (wanted) => {
      if (Number(document.documentElement.dataset.step) === wanted) return 'step';
      return document.querySelector('[data-testid="question"]') ? 'question' : null;
    },
    step,
    { timeout: STEP_MS },
  );
  return seen.jsonValue();
}

async function untilStep(page, step) {
  const shown = (wanted) => Number(document.documentElement.dataset.step) === wanted;
  await page.waitForFunction(shown, step, { timeout: STEP_MS });
}

/** Canvases are painted a frame after the state changes, and each says which state it shows. */
async function untilPainted(page) {
  const painted = () =>
    [...document.querySelectorAll('canvas[data-painted]')].every(
      (canvas) => canvas.dataset.painted === document.documentElement.dataset.hash,
    );
  await page.waitForFunction(painted, null, { timeout: STEP_MS });
}

/** Reads what the window says about the current step and takes its picture. */
async function look(app, page, folder, name) {
  await untilPainted(page);
  const seen = await page.evaluate(() => {
    const text = (id) => document.querySelector(`[data-testid="${id}"]`)?.textContent.trim() ?? '';
    const items = [...document.querySelectorAll('[data-testid="expectations"] [data-expect]')];
    return {
      step: Number(document.documentElement.dataset.step ?? 0),
      hash: document.documentElement.dataset.hash ?? '',
      chapter: text('chapter'),
      sentence: text('sentence'),
      expectations: items.map((item) => ({
        text: item.textContent.trim().replace(/^[✓✗]\s*/, ''),
        ok: item.dataset.ok === 'true',
      })),
    };
  });
  const picture = await page.screenshot({ animations: 'disabled' });
  const file = `${name}.png`;
  await writeFile(path.join(folder, file), picture);
  return { ...seen, name, file, thumbnail: await shrink(app, picture) };
}

/** A small JPEG as base64, made by the app's own image code. */
function shrink(app, picture) {
  return app.evaluate(
    ({ nativeImage }, { base64, width }) => {
      const image = nativeImage.createFromBuffer(Buffer.from(base64, 'base64'));
      return image.resize({ width, quality: 'best' }).toJPEG(82).toString('base64');
    },
    { base64: picture.toString('base64'), width: THUMBNAIL_WIDTH },
  );
}
