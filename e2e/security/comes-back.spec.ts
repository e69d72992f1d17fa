import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import type { FaultlineApi, Place } from '../../engine/protocol/window-api';
import { expect, root, test, untilReady } from '../support/lab';
import { REFUSALS_ARE_WANTED } from './support';

test.use({ allowedErrors: [[...REFUSALS_ARE_WANTED.allowedErrors[0], /the window crashed/], { scope: 'test' }] });

/** The page's own words with main. */
function initial(page: Page): Promise<Place | null> {
  return page.evaluate(async () => {
    const reply = await (Reflect.get(globalThis, 'faultline') as FaultlineApi).initial();
    return reply.ok ? reply.value : null;
  });
}

/** Takes the first step and waits until main has it on disk. */
async function takeOneStep(page: Page, userData: string): Promise<Place> {
  const onDisk = () => readFile(path.join(userData, 'place.json'), 'utf8').catch(() => '');
  await page.keyboard.press('ArrowRight');
  await expect.poll(onDisk).toContain('"step":1,');
  return JSON.parse(await onDisk()) as Place;
}

async function kill(app: ElectronApplication): Promise<void> {
  const gone = once(app.process(), 'exit');
  app.process().kill('SIGKILL');
  await gone;
}

test('a reload comes back to the same place', async ({ page, userData }) => {
  const place = await takeOneStep(page, userData);
  await page.reload();
  await untilReady(page);
  expect(await initial(page)).toEqual(place);
});

test('a page that dies comes back to the same place', async ({ app, page, userData }) => {
  const place = await takeOneStep(page, userData);
  const back = app.evaluate(
    ({ BrowserWindow }) =>
      new Promise<void>((resolve) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents;
        contents?.once('did-finish-load', () => resolve());
        contents?.forcefullyCrashRenderer();
      }),
  );
  await back;
  const again = await app.evaluate(
    ({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript('faultline.initial()') as Promise<unknown>,
  );
  expect(again).toEqual({ ok: true, value: place });
});

test('a page that dies again and again is not reloaded for ever', async ({ app, page }) => {
  await expect(page).toHaveURL('app://lab/');
  const asked = await app.evaluate(async ({ BrowserWindow, dialog }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    const question = new Promise<string>((resolve) => {
      dialog.showMessageBox = (async (_window: unknown, options: Electron.MessageBoxOptions) => {
        resolve(options.message);
        return { response: 0, checkboxChecked: false };
      }) as typeof dialog.showMessageBox;
    });
    let loads = 0;
    contents?.on('did-finish-load', () => {
      loads += 1;
      if (loads <= 3) contents.forcefullyCrashRenderer();
    });
    contents?.forcefullyCrashRenderer();
    return { message: await question, loads };
  });
  expect(asked).toEqual({ message: 'The window stopped working several times in a row.', loads: 3 });
});

test('a run that ends well starts anew, one that is cut short goes on', async ({ launch, userData }) => {
  const first = await launch();
  await takeOneStep(first.page, userData);
  await first.app.close();
  expect(await readdir(userData)).not.toContain('place.json');

  const second = await launch();
  expect(await initial(second.page)).toMatchObject({ step: 0, scenario: { bundled: true } });
  const place = await takeOneStep(second.page, userData);
  await kill(second.app);

  const third = await launch();
  expect(await initial(third.page)).toEqual(place);
});

test('a signal to end is obeyed well, also after files were written', async ({ launch, userData }) => {
  test.skip(process.platform === 'win32', 'Windows has no signals');
  const { app, page } = await launch();
  await takeOneStep(page, userData);
  const gone = once(app.process(), 'exit');
  app.process().kill('SIGTERM');
  expect(await gone).toEqual([0, null]);
  expect(await readdir(userData)).not.toContain('place.json');
});

test('damaged files are moved aside and left-overs swept', async ({ launch, userData }) => {
  await writeFile(path.join(userData, 'settings.json'), '{"theme":"pi');
  await writeFile(path.join(userData, 'place.json'), '[]');
  await writeFile(path.join(userData, 'settings.json.123456'), 'half a wri');
  const { page } = await launch();
  const settings = await page.evaluate(() => (Reflect.get(globalThis, 'faultline') as FaultlineApi).settings.get());
  const defaults = { theme: 'system', contrast: null, reducedMotion: null, zoom: 1, speed: 1, introduced: false };
  expect(settings).toMatchObject({ ok: true, value: defaults });
  const names = await readdir(userData);
  expect(names.filter((name) => /^(settings|place)\.corrupt-.*\.json$/.test(name))).toHaveLength(2);
  await expect.poll(() => readdir(userData)).not.toContain('settings.json.123456');
});

test('settings outlive the app', async ({ launch }) => {
  const first = await launch();
  await first.page.evaluate(() =>
    (Reflect.get(globalThis, 'faultline') as FaultlineApi).settings.set({ theme: 'dark', zoom: 1.3 }),
  );
  await first.app.close();
  const second = await launch();
  const settings = await second.page.evaluate(() =>
    (Reflect.get(globalThis, 'faultline') as FaultlineApi).settings.get(),
  );
  expect(settings).toMatchObject({ value: { theme: 'dark', zoom: 1.3 } });
  expect(
    await second.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getZoomFactor()),
  ).toBe(1.3);
  expect(await second.app.evaluate(({ nativeTheme }) => nativeTheme.shouldUseDarkColors)).toBe(true);
});

test('a file on the command line is what the window begins with', async ({ launch, userData }) => {
  const file = path.join(userData, 'lesson é.yaml');
  const text = await readFile(path.join(root, 'scenarios', 'who-copies', 'scenario.yaml'), 'utf8');
  await writeFile(file, text);
  const { page } = await launch({ args: [file] });
  expect(await initial(page)).toEqual({ scenario: { name: file, text, bundled: false }, step: 0, typed: [] });
});

test('a second start hands its file to the running window and ends', async ({ app, page, userData }) => {
  const file = path.join(userData, 'second.yaml');
  await writeFile(file, 'title: second\n');
  await page.evaluate(() => {
    const bridge = Reflect.get(globalThis, 'faultline') as FaultlineApi;
    bridge.onOpened((opened) => Reflect.set(globalThis, 'openedLater', opened));
  });
  const switches = JSON.parse(process.env['FAULTLINE_SWITCHES'] ?? '[]') as string[];
  // Relative to its own folder, which is not the first one's.
  const second = spawn(process.env['FAULTLINE_ELECTRON'] as string, [...switches, root, 'second.yaml'], {
    cwd: userData,
    env: { ...process.env, FAULTLINE_USER_DATA: userData },
  });
  expect(await once(second, 'exit')).toEqual([0, null]);
  await expect
    .poll(() => page.evaluate(() => Reflect.get(globalThis, 'openedLater') as unknown))
    .toEqual({ ok: true, value: { name: file, text: 'title: second\n', bundled: false } });
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});
