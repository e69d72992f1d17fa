import { expect, test } from '../support/lab';
import { REFUSALS_ARE_WANTED } from './support';

test.use(REFUSALS_ARE_WANTED);

test('the page comes from the lab, not from a file', async ({ page }) => {
  expect(await page.evaluate(() => [location.href, location.origin])).toEqual(['app://lab/', 'app://lab']);
});

test('files of the system cannot be read', async ({ page }) => {
  const outcome = await page.evaluate(async () => {
    const image = new Promise<string>((resolve) => {
      const made = new Image();
      made.addEventListener('load', () => resolve('loaded'));
      made.addEventListener('error', () => resolve('refused'));
      made.src = 'file:///usr/share/pixmaps/debian-logo.png';
    });
    return [
      await fetch('file:///etc/passwd').then(
        () => 'loaded',
        (error: Error) => error.name,
      ),
      await image,
    ];
  });
  expect(outcome).toEqual(['TypeError', 'refused']);
});

test('a file of the build is served with its type', async ({ page }) => {
  const [status, type] = await page.evaluate(async () => {
    const response = await fetch('/index.html');
    return [response.status, response.headers.get('content-type')];
  });
  expect([status, type]).toEqual([200, 'text/html; charset=utf-8']);
});

/** package.json lies two folders above the one that is served, index.cjs beside it. */
const OUTSIDE = [
  'app://lab/../../package.json',
  'app://lab/%2e%2e/%2e%2e/package.json',
  'app://lab/..%2f..%2fpackage.json',
  'app://lab/%2e%2e%2f%2e%2e%2fpackage.json',
  'app://lab/%252e%252e%252f%252e%252e%252fpackage.json',
  'app://lab/..%5c..%5cpackage.json',
  'app://lab/..\\..\\package.json',
  'app://lab/....//....//package.json',
  'app://lab/assets/..%2f..%2f..%2fpackage.json',
  'app://lab/..%2fpreload/index.cjs',
  'app://lab//etc/passwd',
  'app://lab/%2fetc%2fpasswd',
  'app://lab/index.html%00.png',
  'app://lab/C:%5cWindows%5cwin.ini',
  'app://lab/%c0%ae%c0%ae/package.json',
  'app://lab/%',
  'app://lab/.stamps',
  'app://lab/package.json',
];

test('nothing outside of the build is served, however it is written', async ({ app, page }) => {
  const fromPage = await page.evaluate(
    (all) =>
      Promise.all(
        all.map((address) =>
          fetch(address).then(
            ({ status }) => status,
            () => 'refused',
          ),
        ),
      ),
    OUTSIDE,
  );
  expect(fromPage.filter((status) => status !== 404 && status !== 'refused')).toEqual([]);
  const fromMain = await app.evaluate(
    ({ session }, all) =>
      Promise.all(
        all.map(async (address) => {
          const response = await session.defaultSession.fetch(address).catch(() => null);
          return `${address} ${response?.status ?? 'refused'} ${(await response?.text())?.slice(0, 20) ?? ''}`;
        }),
      ),
    OUTSIDE,
  );
  expect(fromMain.filter((line) => !/ (404 not found|refused )$/.test(line))).toEqual([]);
});

test('another host and another method get nothing', async ({ app, page }) => {
  const results = await app.evaluate(({ session }) => {
    const ask = (address: string, init?: RequestInit) =>
      session.defaultSession.fetch(address, init).then(
        ({ status }) => status,
        (error: Error) => error.message,
      );
    return Promise.all([ask('app://lab/index.html'), ask('app://other/index.html'), ask('app://lab.other/index.html')]);
  });
  expect(results.slice(0, 3)).toEqual([200, 404, 404]);
  expect(
    await page.evaluate(() => fetch('/index.html', { method: 'POST', body: 'x' }).then(({ status }) => status)),
  ).toBe(404);
});
