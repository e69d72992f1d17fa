import { expect, test } from '../support/lab';
import { REFUSALS_ARE_WANTED } from './support';

test.use(REFUSALS_ARE_WANTED);

test('permissions count as denied before anybody asks', async ({ page }) => {
  const names = [
    'geolocation',
    'notifications',
    'camera',
    'microphone',
    'midi',
    'clipboard-read',
    'background-sync',
    'storage-access',
    'idle-detection',
  ];
  const states = await page.evaluate(
    (all) =>
      Promise.all(
        all.map((name) =>
          navigator.permissions.query({ name: name as PermissionName }).then(
            ({ state }) => state,
            () => 'denied',
          ),
        ),
      ),
    names,
  );
  expect(Object.fromEntries(names.map((name, i) => [name, states[i]]))).toEqual(
    Object.fromEntries(names.map((name) => [name, 'denied'])),
  );
});

test('asking is answered with no', async ({ page }) => {
  const answers = await page.evaluate(async () => {
    const name = (error: Error) => error.name;
    const refused = (asked: Promise<unknown> | undefined) => asked?.then(() => 'granted', name) ?? 'missing';
    return {
      geolocation: await new Promise((resolve) =>
        navigator.geolocation.getCurrentPosition(
          () => resolve('granted'),
          ({ code }) => resolve(code),
        ),
      ),
      notifications: await Notification.requestPermission(),
      clipboard: await refused(navigator.clipboard.readText()),
      camera: await refused(navigator.mediaDevices.getUserMedia({ video: true })),
      microphone: await refused(navigator.mediaDevices.getUserMedia({ audio: true })),
      screen: await refused(navigator.mediaDevices.getDisplayMedia()),
    };
  });
  expect(answers.geolocation).toBe(1); // PERMISSION_DENIED
  expect(answers.notifications).toBe('denied');
  expect(answers.clipboard).toBe('NotAllowedError');
  expect(answers.camera).toMatch(/NotAllowedError|NotFoundError/);
  expect(answers.microphone).toMatch(/NotAllowedError|NotFoundError/);
  expect(answers.screen).toMatch(/NotAllowedError|NotSupportedError|InvalidStateError/);
});

test('a copy button works', async ({ page }) => {
  expect(
    await page.evaluate(() =>
      navigator.permissions.query({ name: 'clipboard-write' as PermissionName }).then(({ state }) => state),
    ),
  ).toBe('granted');
});
