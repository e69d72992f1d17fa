import { expect, test } from '../support/lab';

/** The world in which Electron runs a preload script. */
const PRELOAD_WORLD = 999;

test('page and preload live in worlds apart', async ({ app, page }) => {
  await page.evaluate(() => Reflect.set(globalThis, 'ofThePage', 1));
  const seen = await app.evaluate(async ({ BrowserWindow }, world) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    return contents?.executeJavaScriptInIsolatedWorld(world, [
      { code: 'globalThis.ofThePreload = 1; typeof ofThePage' },
    ]) as unknown;
  }, PRELOAD_WORLD);
  expect(seen).toBe('undefined');
  expect(await page.evaluate(() => typeof Reflect.get(globalThis, 'ofThePreload'))).toBe('undefined');
});

test('the bridge has exactly the functions of the contract', async ({ page }) => {
  const shape = await page.evaluate(() => {
    const describe = (value: unknown): unknown =>
      value !== null && typeof value === 'object'
        ? Object.fromEntries(Reflect.ownKeys(value).map((key) => [String(key), describe(Reflect.get(value, key))]))
        : typeof value;
    return describe(Reflect.get(globalThis, 'faultline'));
  });
  expect(shape).toEqual({
    info: 'function',
    initial: 'function',
    scenarios: { list: 'function', read: 'function', openDialog: 'function' },
    settings: { get: 'function', set: 'function' },
    place: { keep: 'function' },
    onOpened: 'function',
    onMenu: 'function',
    onSettings: 'function',
  });
});

test('nothing else is put into the page', async ({ page }) => {
  // What contextBridge exposes can be neither replaced nor removed; a fresh window tells what Chromium itself has.
  const exposed = await page.evaluate(() => {
    const frame = document.body.appendChild(document.createElement('iframe'));
    const plain = new Set(Object.getOwnPropertyNames(frame.contentWindow));
    frame.remove();
    const fixed = (name: string) => Object.getOwnPropertyDescriptor(window, name)?.configurable === false;
    return Object.getOwnPropertyNames(window).filter((name) => !plain.has(name) && fixed(name));
  });
  expect(exposed).toEqual(['faultline']);
});

test('the page cannot put functions of its own into the bridge', async ({ page }) => {
  const changed = await page.evaluate(() => {
    const bridge = Reflect.get(globalThis, 'faultline') as { scenarios: object };
    const mine = () => 'mine';
    return [
      Reflect.set(globalThis, 'faultline', {}),
      Reflect.deleteProperty(globalThis, 'faultline'),
      Reflect.set(bridge, 'info', mine),
      Reflect.set(bridge.scenarios, 'read', mine),
      Reflect.set(bridge, 'more', mine),
    ];
  });
  expect(changed).toEqual([false, false, false, false, false]);
});
