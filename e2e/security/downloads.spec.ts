import { expect, test } from '../support/lab';
import { REFUSALS_ARE_WANTED } from './support';

test.use(REFUSALS_ARE_WANTED);

test('downloads are refused, whoever starts them', async ({ app, page }) => {
  await app.evaluate(({ session }) => {
    const seen: string[] = [];
    Reflect.set(globalThis, 'downloads', seen);
    session.defaultSession.on('will-download', (event, item) => {
      seen.push(`${item.getFilename()} ${event.defaultPrevented ? 'refused' : 'begins'}`);
      if (!event.defaultPrevented) item.cancel(); // or a dialog would stop the test
    });
  });
  await page.evaluate(() => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob(['x']));
    link.download = 'from-page.txt';
    document.body.append(link);
    link.click();
  });
  await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.downloadURL('app://lab/index.html'),
  );
  await expect
    .poll(() => app.evaluate(() => (Reflect.get(globalThis, 'downloads') as string[]).toSorted()))
    .toEqual(['from-page.txt refused', 'index.html refused']);
});
