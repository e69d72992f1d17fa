/**
 * `npm run bench:startup [-- ROUNDS]`: from launch to a window that takes input, against an Electron window with one
 * line of text, taken in turns in one run. Two kinds of start: the first of all, with an empty user data folder, and a
 * later one, for which Chromium has kept the compiled scripts. Prints the medians and their ratios; says when the goal
 * is missed and exits 0.
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
/** The first rounds warm the disk cache and Chromium's own caches, and are not counted. */
const WARM_UP = 3;
/** Longer than any start; one that Playwright never gets hold of ends here. Milliseconds. */
const ATTACH_MS = 15_000;

const APPS = { bare: inRoot('scripts', 'bench', 'bare-window'), lab: root };

await runScript(async () => {
  const rounds = Number(process.argv[2] ?? DEFAULT_ROUNDS);
  const prepared = await prepareApp({ seen: false });
  const kept = { bare: await userDataFolder(), lab: await userDataFolder() };
  try {
    const first = { bare: [], lab: [] };
    const later = { bare: [], lab: [] };
    for (let round = 1 - WARM_UP; round <= rounds; round++) {
      const times = await oneRound(prepared, kept);
      if (round < 1) continue;
      for (const app of ['bare', 'lab']) {
        first[app].push(times.first[app]);
        later[app].push(times.later[app]);
      }
      say(`round ${round}: first start ${inWords(times.first)}; later start ${inWords(times.later)}`);
    }
    verdict('first start', first);
    verdict('later starts', later);
    return 0;
  } finally {
    await Promise.all(Object.values(kept).map(forget));
    prepared.stop();
  }
});

async function oneRound(prepared, kept) {
  const times = { first: {}, later: {} };
  for (const app of ['bare', 'lab']) {
    const fresh = await userDataFolder();
    times.first[app] = await start(prepared, APPS[app], fresh);
    await forget(fresh);
    times.later[app] = await start(prepared, APPS[app], kept[app]);
  }
  return times;
}

/** Nothing may hold the start back here (app/hold-until-attached.cjs), so Playwright may fail to get hold of the app. */
async function start(prepared, appFolder, userData) {
  for (;;) {
    const time = await startOnce(prepared, appFolder, userData);
    if (time !== null) return time;
  }
}

/** Milliseconds from launch until the page says that it is ready, and has been painted once; null where it was missed. */
async function startOnce(prepared, appFolder, userData) {
  const begin = performance.now();
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
    return performance.now() - begin;
  } finally {
    await app.close();
  }
}

function userDataFolder() {
  return mkdtemp(path.join(os.tmpdir(), 'faultline-bench-'));
}

function forget(folder) {
  return rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

function inWords({ bare, lab }) {
  return `bare window ${bare.toFixed(0)} ms, lab ${lab.toFixed(0)} ms`;
}

function verdict(what, { bare, lab }) {
  const ratio = median(lab) / median(bare);
  const reached = ratio <= GOAL ? 'reached' : 'missed';
  const medians = inWords({ bare: median(bare), lab: median(lab) });
  say(`${what} to input, median of ${lab.length}: ${medians}, ratio ${ratio.toFixed(2)}, goal ${GOAL}: ${reached}`);
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
