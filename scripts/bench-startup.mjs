/**
 * `npm run bench:startup [-- ROUNDS]`: from launch to a window that takes input, against an Electron window with one
 * line of text, taken in turns in one run. Prints the medians and their ratio; says when the goal is missed and exits 0.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { _electron, errors } from '@playwright/test';
import { prepareApp } from './app/prepare.mjs';
import { inRoot, root } from './lib/root.mjs';
import { runScript, say } from './lib/say.mjs';
import { isRoot } from './lib/user.mjs';

const GOAL = 1.5;
const DEFAULT_ROUNDS = 7;
/** Longer than any start; one that Playwright never gets hold of ends here. Milliseconds. */
const ATTACH_MS = 15_000;

await runScript(async () => {
  const rounds = Number(process.argv[2] ?? DEFAULT_ROUNDS);
  const prepared = await prepareApp({ seen: false });
  try {
    const times = { bare: [], lab: [] };
    // The first round warms the disk cache and is not counted.
    for (let round = 0; round <= rounds; round++) {
      const bare = await startOnce(prepared, inRoot('scripts', 'bench', 'bare-window'));
      const lab = await startOnce(prepared, root);
      if (bare === null || lab === null) round--;
      if (round < 1 || bare === null || lab === null) continue;
      times.bare.push(bare);
      times.lab.push(lab);
      say(`round ${round}: bare window ${bare.toFixed(0)} ms, lab ${lab.toFixed(0)} ms`);
    }
    const ratio = median(times.lab) / median(times.bare);
    const verdict = ratio <= GOAL ? 'reached' : 'missed';
    say(
      `start to input, median of ${rounds}: lab ${median(times.lab).toFixed(0)} ms, bare window ` +
        `${median(times.bare).toFixed(0)} ms, ratio ${ratio.toFixed(2)}, goal at most ${GOAL}: ${verdict}`,
    );
    return 0;
  } finally {
    prepared.stop();
  }
});

/**
 * Milliseconds from launch until the page says that it is ready, and has been painted once. Null where Playwright did
 * not get hold of the app: nothing may hold the start back here (app/hold-until-attached.cjs), so that happens.
 */
async function startOnce(prepared, appFolder) {
  const userData = await mkdtemp(path.join(os.tmpdir(), 'faultline-bench-'));
  const start = performance.now();
  const launched = _electron.launch({
    timeout: ATTACH_MS,
    executablePath: prepared.runtime.executable,
    args: [...prepared.switches, appFolder],
    env: { ...prepared.env, FAULTLINE_USER_DATA: userData },
    chromiumSandbox: !isRoot(),
  });
  const app = await launched.catch((error) => {
    if (error instanceof errors.TimeoutError) return null;
    throw error;
  });
  if (app === null) return null;
  try {
    const page = await app.firstWindow();
    await page.waitForFunction(() => document.documentElement.dataset.ready === 'true');
    await page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
    return performance.now() - start;
  } finally {
    await app.close();
    await rm(userData, { recursive: true, force: true, maxRetries: 5 });
  }
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
