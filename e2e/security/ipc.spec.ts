import type { Page } from '@playwright/test';
import { expect, test } from '../support/lab';
import { inForeignWindow, REFUSALS_ARE_WANTED } from './support';

/** Calls a function of the bridge with whatever arguments, as broken or hostile code in the page would. */
function call(page: Page, name: string, args: readonly unknown[]): Promise<{ ok: boolean; code?: string }> {
  return page.evaluate(
    async ([path, given]) => {
      const parts = path.split('.');
      const last = parts.pop() as string;
      const owner = parts.reduce<object>(
        (value, key) => Reflect.get(value, key) as object,
        Reflect.get(globalThis, 'faultline') as object,
      );
      const method = Reflect.get(owner, last) as (...all: unknown[]) => Promise<{ ok: boolean; code?: string }>;
      return method(...given);
    },
    [name, args] as const,
  );
}

const scenario = { name: 'x', text: 'title: x', bundled: false };
const place = { scenario, step: 0, typed: [] };

const WRONG: readonly (readonly [name: string, args: readonly unknown[]])[] = [
  ['info', [1]],
  ['initial', ['x']],
  ['scenarios.list', [{}]],
  ['scenarios.openDialog', ['/etc']],
  ['scenarios.read', []],
  ['scenarios.read', [1]],
  ['scenarios.read', [null]],
  ['scenarios.read', ['../../etc']],
  ['scenarios.read', ['/etc/passwd']],
  ['scenarios.read', ['who-copies/../..']],
  ['scenarios.read', ['Who-Copies']],
  ['scenarios.read', ['a'.repeat(65)]],
  ['scenarios.read', ['who-copies', 'more']],
  ['scenarios.read', [['who-copies']]],
  ['settings.get', [0]],
  ['settings.set', []],
  ['settings.set', [null]],
  ['settings.set', [{ theme: 'pink' }]],
  ['settings.set', [{ zoom: 99 }]],
  ['settings.set', [{ zoom: Number.NaN }]],
  ['settings.set', [{ zoom: '1' }]],
  ['settings.set', [{ unknown: 1 }]],
  ['settings.set', [{ theme: 'dark' }, 1]],
  ['place.keep', []],
  ['place.keep', [{ ...place, step: -1 }]],
  ['place.keep', [{ ...place, step: 1.5 }]],
  ['place.keep', [{ ...place, step: 1e9 }]],
  ['place.keep', [{ ...place, more: 1 }]],
  ['place.keep', [{ ...place, scenario: { ...scenario, path: '/etc/passwd' } }]],
  ['place.keep', [{ ...place, scenario: { ...scenario, text: 'x'.repeat(1_048_577) } }]],
  ['place.keep', [{ ...place, scenario: { ...scenario, name: 'x'.repeat(4_097) } }]],
  ['place.keep', [{ ...place, typed: [{ atStep: 0 }] }]],
  ['place.keep', [{ ...place, typed: [{ atStep: 0, text: 'x'.repeat(4_097) }] }]],
  ['place.keep', [{ ...place, typed: Array.from({ length: 10_001 }, () => ({ atStep: 0, text: '' })) }]],
];

test('wrong arguments are refused, not thrown', async ({ page }) => {
  const codes: string[] = [];
  for (const [name, args] of WRONG)
    codes.push(`${name} ${JSON.stringify(args).slice(0, 60)} ${(await call(page, name, args)).code}`);
  expect(codes.filter((line) => !line.endsWith(' refused'))).toEqual([]);
});

test('an argument that cannot be sent is refused, not thrown', async ({ page }) => {
  const reply = await page.evaluate(() => {
    const bridge = Reflect.get(globalThis, 'faultline') as {
      settings: { set(change: unknown): Promise<{ code?: string }> };
    };
    return bridge.settings.set({ theme: () => 'dark' });
  });
  expect(reply).toMatchObject({ ok: false, code: 'refused' });
});

test('right arguments are taken', async ({ page }) => {
  expect(await call(page, 'info', [])).toMatchObject({ ok: true });
  expect(await call(page, 'settings.set', [{ zoom: 1.1 }])).toMatchObject({ ok: true, value: { zoom: 1.1 } });
  expect(await call(page, 'place.keep', [{ ...place, typed: [{ atStep: 0, text: 'p0 mmap A 1 rw' }] }])).toMatchObject({
    ok: true,
  });
  expect(await call(page, 'scenarios.read', ['no-such-scenario'])).toMatchObject({ ok: false, code: 'not-found' });
});

const CALLS = [
  ['info'],
  ['initial'],
  ['scenarios.list'],
  ['scenarios.read', 'who-copies'],
  ['scenarios.openDialog'],
  ['settings.get'],
  ['settings.set', { theme: 'dark' }],
  ['place.keep', place],
];

/** Each question asked through Electron's own sender, past preload and bridge. */
const ASK_ALL = `{
  const { ipcRenderer } = require('electron');
  Promise.all(${JSON.stringify(CALLS)}.map((call) => ipcRenderer.invoke(...call).then((reply) => reply.code ?? 'answered')));
}`;

test.use(REFUSALS_ARE_WANTED);

// The second is an address of the lab, and still another window's.
for (const address of ['about:blank', 'app://lab/no-such-file']) {
  test(`another window showing ${address} is refused everything`, async ({ app, page }) => {
    await expect(page).toHaveURL('app://lab/');
    expect(await inForeignWindow(app, address, ASK_ALL)).toEqual(CALLS.map(() => 'refused'));
  });
}

test('our own window is refused everything while it shows another address', async ({ app, page }) => {
  await expect(page).toHaveURL('app://lab/');
  const codes = await app.evaluate(async ({ BrowserWindow }, keep) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    await contents?.loadURL('about:blank');
    // The preload script runs for every page of the window; what counts is that main does not answer.
    return contents?.executeJavaScript(`Promise.all([
      faultline.info(), faultline.initial(), faultline.scenarios.list(), faultline.scenarios.read('who-copies'),
      faultline.scenarios.openDialog(), faultline.settings.get(), faultline.settings.set({ theme: 'dark' }),
      faultline.place.keep(${JSON.stringify(keep)}),
    ].map((asked) => asked.then((reply) => reply.code ?? 'answered')))`) as unknown;
  }, place);
  expect(codes).toEqual(CALLS.map(() => 'refused'));
});

test('main answers these questions and no others', async ({ app, page }) => {
  await expect(page).toHaveURL('app://lab/');
  const code = `require('electron').ipcRenderer.invoke('files.read', '/etc/passwd').then(() => 'answered', (error) => error.message)`;
  expect(await inForeignWindow(app, 'about:blank', code)).toContain('No handler registered');
});
