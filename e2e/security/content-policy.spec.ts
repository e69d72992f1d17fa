import type { Page } from '@playwright/test';
import { expect, test } from '../support/lab';
import { REFUSALS_ARE_WANTED } from './support';

test.use(REFUSALS_ARE_WANTED);

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; " +
  "font-src 'self'; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; " +
  'trusted-types svelte-trusted-html faultline-worker';

/** Puts text into the page as its parser does, which trusted types do not look at. Window and policy stay. */
async function writeIntoPage(page: Page, html: string): Promise<void> {
  const client = await page.context().newCDPSession(page);
  const { frameTree } = await client.send('Page.getFrameTree');
  await client.send('Page.setDocumentContent', { frameId: frameTree.frame.id, html });
}

test('every answer carries the policy, errors too', async ({ page }) => {
  const addresses = ['/', '/index.html', '/no-such-file.js'];
  const headers = await page.evaluate(async (all) => {
    const responses = await Promise.all(all.map((address) => fetch(address)));
    return responses.map((response) => Object.fromEntries(response.headers));
  }, addresses);
  for (const one of headers) {
    expect(one).toMatchObject({
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
    });
  }
});

test('the page is isolated from all other origins, so memory can be shared with its worker', async ({ page }) => {
  expect(await page.evaluate(() => [crossOriginIsolated, isSecureContext, typeof SharedArrayBuffer])).toEqual([
    true,
    true,
    'function',
  ]);
});

test('a script in the text of a page does not run', async ({ page }) => {
  await writeIntoPage(
    page,
    '<p id="parsed">parsed</p><script>globalThis.ranInline = true</script><p onclick="globalThis.ranAttribute = true">',
  );
  await expect(page.locator('#parsed')).toBeVisible();
  await page.evaluate(() => document.querySelectorAll('p').forEach((paragraph) => paragraph.click()));
  expect(
    await page.evaluate(() => [Reflect.get(globalThis, 'ranInline'), Reflect.get(globalThis, 'ranAttribute')]),
  ).toEqual([undefined, undefined]);
});

test('text never becomes code', async ({ page }) => {
  // Inside setTimeout: what a test evaluates directly is exempt from the policy.
  const results = await page.evaluate(async () => {
    const later = (probe: () => unknown) =>
      new Promise<string>((resolve) => {
        const run = async () => {
          await probe();
          resolve('ran');
        };
        setTimeout(() => void run().catch((error: Error) => resolve(error.name)));
      });
    const emptyModule = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
    return {
      /* oxlint-disable no-eval, no-new-func */
      /* eslint-disable no-eval, no-new-func */
      eval: await later(() => (0, eval)('1')),
      function: await later(() => new Function('return 1')() as unknown),
      /* eslint-enable no-eval, no-new-func */
      /* oxlint-enable no-eval, no-new-func */
      timer: await later(async () => {
        setTimeout('globalThis.ranTimer = true' as unknown as () => void);
        await new Promise((resolve) => setTimeout(resolve, 50));
        if (!Reflect.get(globalThis, 'ranTimer')) throw new EvalError();
      }),
      // Trusted types do not cover it, so it tells that 'unsafe-eval' itself is missing.
      wasm: await later(() => WebAssembly.compile(emptyModule)),
      import: await later(() => import(/* @vite-ignore */ `data:text/javascript,${'export default 1'}`)),
    };
  });
  expect(results.eval).toMatch(/EvalError|TypeError/);
  expect(results.function).toMatch(/EvalError|TypeError/);
  expect(results.timer).toMatch(/EvalError|TypeError/);
  expect(results.wasm).toBe('CompileError');
  expect(results.import).toBe('TypeError');
});

test('text becomes neither markup nor the address of a script', async ({ page }) => {
  const results = await page.evaluate(() => {
    const outcome = (probe: () => unknown): string => {
      try {
        probe();
        return 'accepted';
      } catch (error) {
        return (error as Error).name;
      }
    };
    const script = document.createElement('script');
    const types = Reflect.get(globalThis, 'trustedTypes') as { createPolicy(name: string, rules: object): unknown };
    return [
      outcome(() => (document.createElement('div').innerHTML = '<b>x</b>')),
      outcome(() => document.body.insertAdjacentHTML('beforeend', '<b>x</b>')),
      outcome(() => document.write('x')),
      outcome(() => (script.src = '/x.js')),
      outcome(() => (script.text = '1')),
      outcome(() => new Worker('/x.js')),
      outcome(() => types.createPolicy('another', {})),
      outcome(() => types.createPolicy('default', {})),
    ];
  });
  expect(results).toEqual(results.map(() => 'TypeError'));
});

test('a page cannot be given a foreign base, frame, object or form', async ({ page }) => {
  // Listeners in the page do not outlive its rewriting, so Chromium's log tells which rule it was.
  const log: string[] = [];
  page.on('console', (message) => log.push(message.text()));
  await writeIntoPage(
    page,
    `<base href="https://example.org/"><iframe src="app://lab/no-frame"></iframe><object data="app://lab/no-object"></object>
     <form action="app://lab/no-form"><button>send</button></form>`,
  );
  // Not Playwright's own click, which would wait for the page that the form would lead to.
  await page.evaluate(() => document.querySelector('button')?.click());
  for (const rule of [/base-uri 'none'/, /'?frame-src'?/, /object-src 'none'/, /form-action 'none'/]) {
    await expect.poll(() => log.some((line) => rule.test(line)), String(rule)).toBe(true);
  }
  expect(await page.evaluate(() => document.baseURI)).toBe('app://lab/');
});

test('no service worker can be installed', async ({ page }) => {
  const outcome = await page.evaluate(async () => {
    try {
      // Reflect: the address is plain text, so trusted types refuse it as well.
      await (Reflect.get(navigator, 'serviceWorker') as ServiceWorkerContainer | undefined)?.register('/sw.js');
      return (await navigator.serviceWorker?.getRegistrations())?.length ?? 0;
    } catch (error) {
      return (error as Error).name;
    }
  });
  expect(outcome).toMatch(/TypeError|SecurityError|NotSupportedError/);
});
