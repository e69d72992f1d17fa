import type { ElectronApplication, Page } from '@playwright/test';
import { expect, test } from '../support/lab';
import { REFUSALS_ARE_WANTED, whatWouldHaveArrived } from './support';

test.use(REFUSALS_ARE_WANTED);

/** Whether the page is still the one it was: an address can be restored, a variable cannot. */
async function expectUnmoved(app: ElectronApplication, page: Page): Promise<void> {
  await whatWouldHaveArrived();
  expect(page.url()).toBe('app://lab/');
  expect(await page.evaluate(() => Reflect.get(globalThis, 'stillHere'))).toBe(true);
  expect(await app.evaluate(({ webContents }) => webContents.getAllWebContents().length)).toBe(1);
}

test.beforeEach(async ({ page }) => {
  await page.evaluate(() => Reflect.set(globalThis, 'stillHere', true));
});

const FOREIGN = [
  'https://example.org/',
  'http://127.0.0.1/',
  'file:///etc/passwd',
  'app://other/',
  'app://lab.example/',
  'data:text/html,x',
  'javascript:void(stillHere=0)',
  'chrome://gpu/',
];

for (const address of FOREIGN) {
  test(`the page does not go to ${address}`, async ({ app, page }) => {
    await page.evaluate((to) => {
      try {
        location.href = to;
      } catch {
        // Trusted types refuse some of them by an exception.
      }
    }, address);
    await expectUnmoved(app, page);
    await page.evaluate((to) => {
      const link = document.createElement('a');
      link.setAttribute('href', to);
      document.body.append(link);
      link.click();
    }, address);
    await expectUnmoved(app, page);
  });
}

test('no second window opens', async ({ app, page }) => {
  const opened = await page.evaluate(() => {
    const link = document.createElement('a');
    link.href = 'app://lab/';
    link.target = '_blank';
    document.body.append(link);
    link.click();
    return [window.open('https://example.org/'), window.open('app://lab/'), window.open('about:blank'), window.open()];
  });
  expect(opened).toEqual([null, null, null, null]);
  await expectUnmoved(app, page);
});

test('a frame inside the page gets neither an address nor the bridge', async ({ app, page }) => {
  const inside = await page.evaluate(async () => {
    const frames = ['about:blank', 'app://lab/', 'https://example.org/', 'data:text/html,x'].map((src) => {
      const frame = document.createElement('iframe');
      frame.src = src;
      return document.body.appendChild(frame);
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    return frames.map((frame) => {
      try {
        const { location: where, faultline } = frame.contentWindow as unknown as {
          location: Location;
          faultline: unknown;
        };
        return `${where.href} ${typeof faultline}`;
      } catch {
        return 'another origin'; // the error page of a frame that was refused
      }
    });
  });
  expect(inside[0]).toBe('about:blank undefined');
  for (const one of inside.slice(1)) expect(one).toMatch(/^(about:blank undefined|another origin)$/);
  await expectUnmoved(app, page);
});

test('a frame goes nowhere, whatever page it is in', async ({ app, page }) => {
  // Policy and network filter would stop it as well; here it is the rule in main that answers.
  const refused = await app.evaluate(async ({ BrowserWindow }) => {
    const window = new BrowserWindow({ show: false });
    await window.loadURL('about:blank');
    const answer = new Promise<string>((resolve) => {
      window.webContents.on('will-frame-navigate', (event) =>
        resolve(`${event.isMainFrame ? 'page' : 'frame'} ${event.url} ${event.defaultPrevented ? 'refused' : 'goes'}`),
      );
    });
    await window.webContents.executeJavaScript(`{
      const frame = document.createElement('iframe');
      frame.src = 'app://lab/';
      document.body.append(frame);
    }`);
    const answered = await answer;
    window.destroy();
    return answered;
  });
  expect(refused).toBe('frame app://lab/ refused');
  await expectUnmoved(app, page);
});

test('an empty page in place of the lab is answered nothing', async ({ page }) => {
  // Chromium asks nobody before it shows about:blank, which keeps the policy of the page that was there.
  await page.evaluate(() => location.assign('about:blank'));
  await page.waitForURL('about:blank');
  const reply = await page.evaluate(
    () =>
      (Reflect.get(globalThis, 'faultline') as { info(): Promise<unknown> } | undefined)?.info() ?? { code: 'refused' },
  );
  expect(reply).toMatchObject({ code: 'refused' });
});

test('a redirect leads nowhere else', async ({ app, page }) => {
  // The lab's own handler never redirects, so another in its place does.
  await app.evaluate(({ protocol }) => {
    protocol.unhandle('app');
    protocol.handle('app', ({ url }) =>
      url === 'app://lab/redirected'
        ? new Response(null, { status: 302, headers: { Location: 'app://other/' } })
        : new Response('moved', { headers: { 'Content-Type': 'text/html' } }),
    );
  });
  await page.evaluate(() => location.assign('app://lab/redirected'));
  await expectUnmoved(app, page);
});

test('a webview is an unknown element', async ({ app, page }) => {
  const methods = await page.evaluate(async () => {
    const view = document.createElement('webview');
    view.setAttribute('src', 'app://lab/');
    document.body.append(view);
    await new Promise((resolve) => setTimeout(resolve, 300));
    return [typeof Reflect.get(view, 'loadURL'), view.shadowRoot, view.childNodes.length];
  });
  expect(methods).toEqual(['undefined', null, 0]);
  await expectUnmoved(app, page);
});

test('a window that asks for webviews does not get one attached', async ({ app, page }) => {
  // The rule in main holds even where the tag is switched on.
  const attached = await app.evaluate(async ({ app: electron, BrowserWindow }) => {
    const seen: string[] = [];
    electron.on('web-contents-created', (_event, contents) =>
      contents.on('did-attach-webview', () => seen.push('attached')),
    );
    const window = new BrowserWindow({ show: false, webPreferences: { webviewTag: true } });
    await window.loadURL('about:blank');
    await window.webContents.executeJavaScript(`{
      const view = document.createElement('webview');
      view.setAttribute('src', 'about:blank');
      document.body.append(view);
      new Promise((resolve) => setTimeout(resolve, 400)).then(() => 1);
    }`);
    window.destroy();
    return seen;
  });
  expect(attached).toEqual([]);
  await expectUnmoved(app, page);
});
