import { readFile } from 'node:fs/promises';
import { expect, sandboxed, test } from '../support/lab';

test('the page has nothing of Node', async ({ page }) => {
  const names = ['require', 'process', 'module', 'exports', 'Buffer', 'global', '__dirname', 'setImmediate'];
  const types = await page.evaluate((all) => all.map((name) => typeof Reflect.get(globalThis, name)), names);
  expect(types).toEqual(names.map(() => 'undefined'));
});

test('the window is made with every protection on', async ({ app }) => {
  const preferences = await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as { getLastWebPreferences(): object };
    return contents.getLastWebPreferences();
  });
  expect(preferences).toMatchObject({ sandbox: true, contextIsolation: true, webSecurity: true });
  const powers = [
    'nodeIntegration',
    'nodeIntegrationInWorker',
    'nodeIntegrationInSubFrames',
    'webviewTag',
    'allowRunningInsecureContent',
    'experimentalFeatures',
    'enableBlinkFeatures',
  ];
  expect(powers.filter((name) => Boolean(Reflect.get(preferences, name)))).toEqual([]);
});

test('no switch turns the sandbox off', async ({ app }) => {
  test.skip(!sandboxed, 'Chromium has no sandbox for this user');
  const off = await app.evaluate(({ app: electron }) =>
    [
      'no-sandbox',
      'disable-setuid-sandbox',
      'no-zygote',
      'disable-seccomp-filter-sandbox',
      'disable-web-security',
    ].filter((name) => electron.commandLine.hasSwitch(name)),
  );
  expect(off).toEqual([]);
});

test('the system confirms that the page runs in a sandbox', async ({ app, page }) => {
  test.skip(!sandboxed, 'Chromium has no sandbox for this user');
  await expect(page).toHaveURL('app://lab/');
  const facts = await app.evaluate(({ app: electron, BrowserWindow }) => {
    const pid = BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId() ?? 0;
    return {
      pid,
      platform: process.platform,
      sandboxed: electron.getAppMetrics().find((one) => one.pid === pid)?.sandboxed,
    };
  });
  if (facts.platform !== 'linux') {
    expect(facts.sandboxed).toBe(true);
    return;
  }
  const status = await readFile(`/proc/${facts.pid}/status`, 'utf8');
  // 2 is a filter on system calls; a second number behind NSpid is a process namespace of its own.
  expect(status).toMatch(/^Seccomp:\t2$/m);
  expect(status).toMatch(/^NoNewPrivs:\t1$/m);
  expect(status).toMatch(/^NSpid:\t\d+\t\d+/m);
});
